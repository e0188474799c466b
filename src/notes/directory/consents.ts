import type { SipKey } from '../../presence/ids.js';
import { STRETCH, type Steps, sorted } from '../steps.js';
import type { ConsentEntry } from './entry.js';
import { byText, type NameKey, readName } from './names.js';

/** Applications that one person can allow. */
const MAX_APPLICATIONS = 100;

/** A person by all names that are nobody else's. */
export interface NamedPerson {
  readonly key: SipKey;
  readonly names: readonly string[];
}

/**
 * Which applications each of these people allowed to set their status. Only a whole Notes name gives consent: neither a
 * group, nor a pattern, nor a name that several people have.
 */
export function* consentsOf(
  entries: readonly ConsentEntry[],
  people: readonly NamedPerson[],
): Steps<ReadonlyMap<SipKey, ReadonlySet<string>>> {
  const consents = new Map<SipKey, Set<string>>();
  if (entries.length === 0) return consents;
  const owners = yield* ownersOfNames(people);
  let count = 0;
  // In a fixed order, so that the same ones count where there are too many.
  for (const { names, applications } of yield* sorted(entries, (a, b) => byText(a.origin, b.origin))) {
    for (const name of names) {
      if (++count % STRETCH === 0) yield;
      const read = readName(name);
      const owner = read && owners.get(read.key);
      if (owner === undefined) continue;
      const allowed = consents.get(owner) ?? new Set();
      consents.set(owner, allowed);
      for (const application of applications) if (allowed.size < MAX_APPLICATIONS) allowed.add(application);
    }
  }
  return consents;
}

function* ownersOfNames(people: readonly NamedPerson[]): Steps<ReadonlyMap<NameKey, SipKey | undefined>> {
  const owners = new Map<NameKey, SipKey | undefined>();
  let count = 0;
  for (const { key, names } of people) {
    if (++count % STRETCH === 0) yield;
    for (const name of names) {
      const read = readName(name);
      if (read !== undefined)
        owners.set(read.key, owners.has(read.key) && owners.get(read.key) !== key ? undefined : key);
    }
  }
  return owners;
}
