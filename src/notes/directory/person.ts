import type { SipUri } from '../../presence/ids.js';
import { STRETCH, type Steps } from '../steps.js';
import { type AddressRules, addressesOf, type FoundAddresses } from './candidates.js';
import { type Identity, isPersonDocument } from './identity.js';
import { type Decision, decide } from './rules.js';

/** One person and the addresses that the sources give, before others are looked at. */
export interface DirectoryPerson extends FoundAddresses {
  readonly identity: Identity;
  readonly decision: Decision;
}

/**
 * People with what the rules say of each. Entries that give nothing but an address (a line of a list without a name)
 * are about whoever has that address, if that is one person, and otherwise stand for themselves.
 */
export function* peopleOf(identities: readonly Identity[], rules: AddressRules): Steps<readonly DirectoryPerson[]> {
  const people: DirectoryPerson[] = [];
  const onlyAddress = new Map<SipUri, Identity[]>();
  let count = 0;
  for (const identity of identities) {
    if (++count % STRETCH === 0) yield;
    const person = weigh(identity, rules);
    const { addresses } = person.decision;
    const [address] = addresses;
    if (address === undefined || addresses.length > 1 || !isOnlyAddress(identity)) people.push(person);
    else {
      const others = onlyAddress.get(address);
      if (others === undefined) onlyAddress.set(address, [identity]);
      else others.push(identity);
    }
  }
  if (onlyAddress.size === 0) return people;
  const owners = yield* ownersOf(people);
  for (const [address, nameless] of onlyAddress) {
    if (++count % STRETCH === 0) yield;
    const index = owners.get(address) ?? 'several';
    const owner = index === 'several' ? undefined : people[index];
    if (index === 'several' || owner === undefined) people.push(weigh(joined(nameless), rules));
    else people[index] = weigh(joined([owner.identity, ...nameless]), rules);
  }
  return people;
}

function weigh(identity: Identity, rules: AddressRules): DirectoryPerson {
  const addresses = addressesOf(identity.entries, rules);
  return { identity, ...addresses, decision: decide(addresses.found) };
}

function isOnlyAddress({ name, entries }: Identity): boolean {
  return name === undefined && !entries.some(isPersonDocument);
}

/** Position of the one person who has an address. */
function* ownersOf(people: readonly DirectoryPerson[]): Steps<ReadonlyMap<SipUri, number | 'several'>> {
  const owners = new Map<SipUri, number | 'several'>();
  for (const [index, { decision }] of people.entries()) {
    if (index % STRETCH === 0) yield;
    for (const address of decision.addresses) {
      owners.set(address, owners.has(address) || decision.addresses.length > 1 ? 'several' : index);
    }
  }
  return owners;
}

function joined(identities: readonly Identity[]): Identity {
  const [first] = identities as [Identity, ...Identity[]];
  return {
    ...first,
    entries: identities.flatMap(({ entries }) => entries),
    plainNames: [...new Set(identities.flatMap(({ plainNames }) => plainNames))],
  };
}
