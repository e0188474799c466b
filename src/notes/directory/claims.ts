import type { DirectoryRule } from '../../presence/directory.js';
import type { SipUri } from '../../presence/ids.js';
import { STRETCH, type Steps } from '../steps.js';
import { type Decision, isExplicit } from './rules.js';

/** Why somebody does not get an address. */
export interface Contest<Person> {
  /** Everybody who has a claim to it, the loser too. */
  readonly claimants: readonly Person[];
  /** Who keeps it; absent when nobody does. */
  readonly owner: Person | undefined;
}

/**
 * Who must not have an address because others have it too: for each such person the contest that is lost. Of several people with
 * one address the one keeps it for whom an explicit entry says so, under the earliest rule; otherwise nobody does.
 * Somebody for whom a rule found several addresses has a claim to each.
 */
export function* contestants<Person extends { readonly decision: Decision }>(
  people: readonly Person[],
  rules: readonly DirectoryRule[],
): Steps<ReadonlyMap<Person, Contest<Person>>> {
  const claims = new Map<SipUri, Person[]>();
  let count = 0;
  for (const person of people) {
    if (++count % STRETCH === 0) yield;
    for (const address of person.decision.addresses) {
      const claimants = claims.get(address);
      if (claimants === undefined) claims.set(address, [person]);
      else claimants.push(person);
    }
  }
  const losers = new Map<Person, Contest<Person>>();
  for (const claimants of claims.values()) {
    if (++count % STRETCH === 0) yield;
    if (claimants.length < 2) continue;
    const owner = explicitOwner(claimants, rules);
    for (const person of claimants) if (person !== owner) losers.set(person, { claimants, owner });
  }
  return losers;
}

function explicitOwner<Person extends { readonly decision: Decision }>(
  claimants: readonly Person[],
  rules: readonly DirectoryRule[],
): Person | undefined {
  const rankOf = ({ decision: { rule } }: Person): number => (rule === undefined ? rules.length : rules.indexOf(rule));
  const best = claimants.reduce((rank, person) => Math.min(rank, rankOf(person)), rules.length);
  const first = claimants.filter((person) => rankOf(person) === best);
  const rule = rules[best];
  return first.length === 1 && rule !== undefined && isExplicit(rule) ? first[0] : undefined;
}
