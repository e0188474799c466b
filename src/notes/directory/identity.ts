import { DIRECTORY_RULES, type DirectoryRule } from '../../presence/directory.js';
import { STRETCH, type Steps, sorted } from '../steps.js';
import type { DirectoryEntry } from './entry.js';
import { byText, commonNameKeyOf, type NameKey, type PlainKey, plainKeyOf, type ReadName, readName } from './names.js';

/** One person, with all that the sources say about it. */
export interface Identity {
  readonly entries: readonly DirectoryEntry[];
  /** Present name; absent when no source gives a hierarchical one. */
  readonly name: ReadName | undefined;
  /** Alternate and previous names that are nobody else's. */
  readonly otherNames: readonly ReadName[];
  /** Names that others have, or had as well. They find nobody for sure, but an opt-out under them hides all of these. */
  readonly contested: readonly NameKey[];
  /** Common and short names. They tell nobody apart. */
  readonly plainNames: readonly PlainKey[];
}

/** Entries that refer to somebody; the others are Person documents. */
const REFERRING: ReadonlySet<DirectoryRule> = new Set(['mapping', 'people', 'csv']);

/** Names of one entry that are looked at. Somebody who married every year has fewer. */
const MAX_NAMES = 100;
/** Common and short names of one person that are kept. */
const MAX_PLAIN = 1_000;

interface ReadEntry {
  readonly entry: DirectoryEntry;
  readonly names: readonly ReadName[];
}

/** All entries with one present name. */
interface Group {
  readonly key: NameKey;
  readonly members: ReadEntry[];
  /** True when a Person document is among them. */
  anchored: boolean;
  /** Whom these entries are about, when that one has another present name. */
  into: Group | undefined;
}

export function isPersonDocument(entry: DirectoryEntry): boolean {
  return !entry.addresses.some(({ rule }) => REFERRING.has(rule));
}

/**
 * Puts entries about one hierarchical name together. A name that is somebody's present name belongs to that one, though
 * others may have had it before. A common name or a short name never brings entries together.
 */
export function* identify(entries: readonly DirectoryEntry[]): Steps<readonly Identity[]> {
  const groups = new Map<NameKey, Group>();
  const nameless: ReadEntry[] = [];
  let count = 0;
  for (const entry of yield* inFixedOrder(entries)) {
    if (++count % STRETCH === 0) yield;
    const read: ReadEntry = { entry, names: readNames(entry) };
    const present = read.names[0];
    if (present === undefined) nameless.push(read);
    else addTo(groups, present.key, read);
  }
  yield* redirect(groups);
  const people = new Map<Group, ReadEntry[]>();
  for (const group of groups.values()) {
    if (++count % STRETCH === 0) yield;
    const root = rootOf(group);
    const members = people.get(root);
    if (members === undefined) people.set(root, [...group.members]);
    else for (const member of group.members) members.push(member);
  }
  const claims = yield* countClaims(people.values());
  const identities: Identity[] = [];
  for (const [root, members] of people) {
    if (++count % STRETCH === 0) yield;
    identities.push(identityOf(root.key, members, people, groups, claims));
  }
  for (const { entry } of nameless) {
    if (++count % STRETCH === 0) yield;
    const plainNames = plainNamesOf([entry], []);
    identities.push({ entries: [entry], name: undefined, otherNames: [], contested: [], plainNames });
  }
  return identities;
}

/** Sources give their entries in any order; what comes out shall not depend on it. */
function inFixedOrder(entries: readonly DirectoryEntry[]): Steps<readonly DirectoryEntry[]> {
  // Nearly all have an origin of their own, and writing out every entry would cost a tenth of all work.
  const text = ({ names, addresses, displayName }: DirectoryEntry): string =>
    JSON.stringify([names, addresses.map(({ rule, text }) => [rule, text]), displayName]);
  return sorted(entries, (a, b) => byText(a.origin, b.origin) || byText(text(a), text(b)));
}

function readNames({ names }: DirectoryEntry): readonly ReadName[] {
  return names
    .slice(0, MAX_NAMES)
    .map(readName)
    .filter((name) => name !== undefined);
}

function addTo(groups: Map<NameKey, Group>, key: NameKey, read: ReadEntry): void {
  const anchored = isPersonDocument(read.entry);
  const group = groups.get(key);
  if (group === undefined) groups.set(key, { key, members: [read], anchored, into: undefined });
  else {
    group.members.push(read);
    group.anchored ||= anchored;
  }
}

/** Finds out whom entries are about that are under a name nobody in the Domino Directory has at present. */
function* redirect(groups: ReadonlyMap<NameKey, Group>): Steps<void> {
  const formerly = new Map<NameKey, Set<Group>>();
  let count = 0;
  for (const group of groups.values()) {
    if (++count % STRETCH === 0) yield;
    for (const key of otherKeysOf(group)) formerly.set(key, (formerly.get(key) ?? new Set()).add(group));
  }
  const referring = [...groups.values()].filter(({ anchored }) => !anchored);
  for (const group of yield* sorted(referring, (a, b) => byText(a.key, b.key))) {
    if (++count % STRETCH === 0) yield;
    const target = targetOf(group, [...(formerly.get(group.key) ?? [])], groups);
    // Two lists may each have the other's name as the former one; then the first keeps its own.
    if (target !== undefined && rootOf(target) !== group) group.into = target;
  }
}

function targetOf(group: Group, had: readonly Group[], groups: ReadonlyMap<NameKey, Group>): Group | undefined {
  const renamed = had.filter(({ anchored }) => anchored);
  if (renamed.length > 0) return renamed.length === 1 ? renamed[0] : undefined;
  const present = otherKeysOf(group)
    .map((key) => groups.get(key))
    .filter((other) => other?.anchored);
  if (present.length > 0) return present.length === 1 ? present[0] : undefined;
  // Within one list a former name that has a line of its own is somebody else's by now.
  const elsewhere = had.filter((other) => !shareRule(other, group));
  return elsewhere.length === 1 ? elsewhere[0] : undefined;
}

function otherKeysOf(group: Group): readonly NameKey[] {
  const keys = new Set(group.members.flatMap(({ names }) => names.map(({ key }) => key)));
  keys.delete(group.key);
  return [...keys];
}

function shareRule(a: Group, b: Group): boolean {
  const rules = (group: Group): readonly DirectoryRule[] =>
    group.members.flatMap(({ entry }) => entry.addresses.map(({ rule }) => rule));
  const known = new Set(rules(a));
  return rules(b).some((rule) => known.has(rule));
}

function rootOf(group: Group): Group {
  let root = group;
  while (root.into !== undefined) root = root.into;
  return root;
}

/** How many people claim each name. */
function* countClaims(people: Iterable<readonly ReadEntry[]>): Steps<ReadonlyMap<NameKey, number>> {
  const claims = new Map<NameKey, number>();
  let count = 0;
  for (const members of people) {
    if (++count % STRETCH === 0) yield;
    const keys = new Set(members.flatMap(({ names }) => names.map(({ key }) => key)));
    for (const key of keys) claims.set(key, (claims.get(key) ?? 0) + 1);
  }
  return claims;
}

function identityOf(
  present: NameKey,
  members: readonly ReadEntry[],
  people: ReadonlyMap<Group, unknown>,
  groups: ReadonlyMap<NameKey, Group>,
  claims: ReadonlyMap<NameKey, number>,
): Identity {
  const names = new Map<NameKey, ReadName[]>();
  for (const name of ranked(members).flatMap((member) => member.names)) {
    const spellings = names.get(name.key);
    if (spellings === undefined) names.set(name.key, [name]);
    else spellings.push(name);
  }
  const otherNames: ReadName[] = [];
  const contested: NameKey[] = [];
  for (const [key, spellings] of names) {
    if (key === present) continue;
    const owner = groups.get(key);
    const taken = owner !== undefined && people.has(owner);
    if (taken || (claims.get(key) ?? 0) > 1) contested.push(key);
    else otherNames.push(bestOf(spellings));
  }
  const entries = ranked(members).map(({ entry }) => entry);
  return {
    entries,
    name: bestOf(names.get(present) ?? []),
    otherNames: otherNames.sort((a, b) => byText(a.key, b.key)),
    contested: contested.sort(byText),
    plainNames: plainNamesOf(entries, names.keys()),
  };
}

/** Person documents first: they spell names as the rest of Domino does. */
function ranked(members: readonly ReadEntry[]): readonly ReadEntry[] {
  const rank = ({ entry }: ReadEntry): number =>
    isPersonDocument(entry) ? -1 : Math.min(...entry.addresses.map(({ rule }) => DIRECTORY_RULES.indexOf(rule)));
  return members.length < 2 ? members : [...members].sort((a, b) => rank(a) - rank(b));
}

function bestOf(spellings: readonly ReadName[]): ReadName {
  return (spellings.find(({ labelled }) => labelled) ?? spellings[0]) as ReadName;
}

function plainNamesOf(entries: readonly DirectoryEntry[], keys: Iterable<NameKey>): readonly PlainKey[] {
  const plain: PlainKey[] = [];
  const add = (key: PlainKey | undefined): void => {
    if (key !== undefined && plain.length < MAX_PLAIN && !plain.includes(key)) plain.push(key);
  };
  for (const key of keys) add(commonNameKeyOf(key));
  for (const { names } of entries) {
    for (const name of names.slice(0, MAX_NAMES)) if (!name.includes('/')) add(plainKeyOf(name));
  }
  return plain;
}
