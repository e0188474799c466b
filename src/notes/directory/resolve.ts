import type { Person, Roster } from '../../bridge/ports.js';
import type { Candidate, DirectoryRow, MappingOutcome } from '../../presence/directory.js';
import { type SipKey, type SipUri, sipKeyOf } from '../../presence/ids.js';
import { cleanText } from '../../presence/snapshot.js';
import { atOnce, STRETCH, type Steps, sorted } from '../steps.js';
import { type Contest, contestants } from './claims.js';
import { consentsOf } from './consents.js';
import type { DirectoryEntries } from './entry.js';
import { GroupLists } from './group-lists.js';
import { DEFAULT_GROUP_LIMITS, Groups } from './groups.js';
import { type Identity, identify } from './identity.js';
import { RowIndex } from './look-up-index.js';
import { byText } from './names.js';
import { OptOut } from './opt-out.js';
import { type DirectoryPerson, peopleOf } from './person.js';
import { ambiguousReason, doubleReason, mappedReason, unmappedReason } from './reasons.js';
import { remarksOf } from './remarks.js';
import type { DirectorySettings, ResolvedDirectory } from './resolved.js';
import { Watched } from './watched.js';

/**
 * Takes together what the sources say: who is who, which address each person has and by which rule, who is watched.
 * Pure; the result does not depend on the order of the entries. Never throws, whatever the entries hold.
 */
export function resolveDirectory(entries: DirectoryEntries, settings: DirectorySettings): ResolvedDirectory {
  return atOnce(resolving(entries, settings));
}

/** The same in steps: with tens of thousands of people it takes seconds. The entries must not change meanwhile. */
export function* resolving(entries: DirectoryEntries, settings: DirectorySettings): Steps<ResolvedDirectory> {
  const limits = settings.groupLimits ?? DEFAULT_GROUP_LIMITS;
  const groups = yield* Groups.of(entries.groups);
  const optOut = yield* OptOut.of(entries.optOuts, settings.optOut, groups, limits);
  const watched = yield* Watched.of(settings.groups, groups, limits);
  const rules = { rules: settings.rules, domains: new Set(settings.domains.map((domain) => domain.toLowerCase())) };
  const people = yield* peopleOf(yield* identify(entries.people), rules);
  const losers = yield* contestants(people, settings.rules);
  const decided: { readonly pair: readonly [DirectoryRow, DirectoryPerson]; readonly order: string }[] = [];
  for (const [index, person] of people.entries()) {
    if (index % STRETCH === 0) yield;
    const pair = [rowOf(person, losers.get(person), optOut, watched), person] as const;
    decided.push({ pair, order: orderOf(...pair) });
  }
  const known = (yield* sorted(decided, (a, b) => byText(a.order, b.order))).map(({ pair }) => pair);
  const rows = known.map(([row]) => row);
  const index = yield* RowIndex.of(known);
  const inGroups = yield* GroupLists.of(settings.groups, groups, limits);
  const roster = yield* withConsents(yield* rosterOf(known, optOut, inGroups), entries.consents);
  return { rows, roster, index, remarks: yield* remarksOf(optOut, watched, index) };
}

function rowOf(
  person: DirectoryPerson,
  contest: Contest<DirectoryPerson> | undefined,
  optOut: OptOut,
  watched: Watched,
): DirectoryRow {
  const { identity, found, decision } = person;
  const [address, ...others] = decision.addresses;
  const row = (outcome: MappingOutcome, reason: string): DirectoryRow => ({
    name: identity.name?.name,
    otherNames: identity.otherNames.map(({ name }) => name),
    displayName: displayNameOf(identity),
    outcome,
    address: undefined,
    rule: decision.rule,
    candidates: found.map(({ address, rule, origin }) => ({ address, rule, origin })),
    reason,
    watched: false,
  });
  const hidden = optOut.reasonFor({
    names: [...namesOf(identity), ...identity.contested],
    plainNames: identity.plainNames,
    addresses: found.map((one) => one.address),
  });
  if (hidden !== undefined) return row('opted-out', hidden);
  if (address === undefined || decision.rule === undefined) return row('unmapped', unmappedReason(person));
  if (others.length > 0) return row('ambiguous', ambiguousReason(person));
  if (contest !== undefined) return row('double', doubleReason(person, contest));
  const wanted = watched.has(identity.entries, { names: namesOf(identity), addresses: [address] });
  return { ...row('mapped', mappedReason(decision.rule, wanted)), address, watched: wanted };
}

function namesOf({ name, otherNames }: Identity) {
  return name === undefined ? [] : [name.key, ...otherNames.map(({ key }) => key)];
}

function displayNameOf({ name, entries }: Identity): string {
  for (const entry of entries) {
    const text = cleanText(entry.displayName);
    if (text !== '') return text;
  }
  const plain =
    name === undefined ? entries.flatMap(({ names }) => names).find((text) => text.trim() !== '') : undefined;
  return plain === undefined ? '' : cleanText(plain);
}

/** By name; people without one come after, by what else there is. */
function orderOf({ displayName, candidates }: DirectoryRow, { identity }: DirectoryPerson): string {
  if (identity.name !== undefined) return `0${identity.name.key}`;
  const [entry] = identity.entries;
  return `1${displayName.toLowerCase()}\n${candidates[0]?.address ?? ''}\n${entry?.origin ?? ''}`;
}

function* rosterOf(
  known: readonly (readonly [DirectoryRow, DirectoryPerson])[],
  optOut: OptOut,
  inGroups: GroupLists,
): Steps<Roster> {
  const rows = known.map(([row]) => row);
  const people: Person[] = [];
  const optedOut = new Set<SipKey>();
  const mapped = new Set<string>();
  let count = 0;
  // By any rule, and of those who opted out too: an address that is also somebody else's would find the wrong person.
  const claims = new Map<SipUri, number>();
  for (const { candidates } of rows) {
    if (++count % STRETCH === 0) yield;
    for (const address of new Set(candidates.map((candidate) => candidate.address)))
      claims.set(address, (claims.get(address) ?? 0) + 1);
  }
  for (const [row, { identity }] of known) {
    const { address, name, otherNames, displayName, watched } = row;
    if (++count % STRETCH === 0) yield;
    if (address === undefined) continue;
    mapped.add(address);
    if (!watched) continue;
    inGroups.add(address, { names: namesOf(identity), addresses: [address] });
    const mailAddresses = mailAddressesOf(row, claims);
    people.push({
      uri: address,
      key: sipKeyOf(address),
      name,
      displayName,
      ...(otherNames.length === 0 ? {} : { otherNames }),
      ...(mailAddresses.length === 0 ? {} : { mailAddresses }),
    });
  }
  for (const { outcome, candidates } of rows) {
    if (++count % STRETCH === 0) yield;
    if (outcome !== 'opted-out') continue;
    // An address that an explicit rule gave to somebody else is that one's.
    for (const { address } of candidates) if (!mapped.has(address)) optedOut.add(sipKeyOf(address));
  }
  for (const address of optOut.addresses()) {
    if (++count % STRETCH === 0) yield;
    optedOut.add(sipKeyOf(address));
  }
  const groups = inGroups.all();
  return groups.length === 0 ? { people, optedOut } : { people, optedOut, groups };
}

function* withConsents(roster: Roster, entries: DirectoryEntries['consents'] = []): Steps<Roster> {
  const people = roster.people.map(({ key, name, otherNames = [] }) => ({
    key,
    names: name === undefined ? [] : [name, ...otherNames],
  }));
  const consents = yield* consentsOf(entries, people);
  return consents.size === 0 ? roster : { ...roster, consents };
}

function mailsOf(candidates: readonly Candidate[]): ReadonlySet<SipUri> {
  return new Set(candidates.filter(({ rule }) => rule === 'internet-address').map(({ address }) => address));
}

/** Mail addresses by which documents may know this person and nobody else. */
function mailAddressesOf(
  { address, candidates }: DirectoryRow,
  claims: ReadonlyMap<SipUri, number>,
): readonly string[] {
  return [...mailsOf(candidates)]
    .filter((mail) => mail !== address && claims.get(mail) === 1)
    .map((mail) => mail.slice('sip:'.length))
    .sort(byText);
}
