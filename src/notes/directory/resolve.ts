import type { Person, Roster } from '../../bridge/ports.js';
import type { DirectoryRow, MappingOutcome } from '../../presence/directory.js';
import { type SipKey, sipKeyOf } from '../../presence/ids.js';
import { cleanText } from '../../presence/snapshot.js';
import { type Contest, contestants } from './claims.js';
import type { DirectoryEntries } from './entry.js';
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
  const limits = settings.groupLimits ?? DEFAULT_GROUP_LIMITS;
  const groups = new Groups(entries.groups);
  const optOut = new OptOut(entries.optOuts, settings.optOut, groups, limits);
  const watched = new Watched(settings.groups, groups, limits);
  const rules = { rules: settings.rules, domains: new Set(settings.domains.map((domain) => domain.toLowerCase())) };
  const people = peopleOf(identify(entries.people), rules);
  const losers = contestants(people, settings.rules);
  const known = people
    .map((person) => [rowOf(person, losers.get(person), optOut, watched), person] as const)
    .map((pair) => ({ pair, order: orderOf(...pair) }))
    .sort((a, b) => byText(a.order, b.order))
    .map(({ pair }) => pair);
  const rows = known.map(([row]) => row);
  const index = new RowIndex(known);
  return { rows, roster: rosterOf(rows, optOut), index, remarks: remarksOf(optOut, watched, index) };
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

function rosterOf(rows: readonly DirectoryRow[], optOut: OptOut): Roster {
  const people: Person[] = [];
  const optedOut = new Set<SipKey>();
  const mapped = new Set<string>();
  for (const { address, name, otherNames, displayName, watched } of rows) {
    if (address === undefined) continue;
    mapped.add(address);
    if (!watched) continue;
    const person = { uri: address, key: sipKeyOf(address), name, displayName };
    people.push(otherNames.length === 0 ? person : { ...person, otherNames });
  }
  for (const { outcome, candidates } of rows) {
    if (outcome !== 'opted-out') continue;
    // An address that an explicit rule gave to somebody else is that one's.
    for (const { address } of candidates) if (!mapped.has(address)) optedOut.add(sipKeyOf(address));
  }
  for (const address of optOut.addresses()) optedOut.add(sipKeyOf(address));
  return { people, optedOut };
}
