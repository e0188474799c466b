import type { DirectoryRule } from '../../presence/directory.js';
import type { SipUri } from '../../presence/ids.js';
import { abbreviated } from '../../presence/name-keys.js';
import { cleanText } from '../../presence/snapshot.js';
import type { Contest } from './claims.js';
import { byText } from './names.js';
import type { DirectoryPerson } from './person.js';

const FOUND_BY: Readonly<Record<DirectoryRule, string>> = {
  mapping: 'A mapping document gives the address',
  people: 'The list in the configuration gives the address',
  csv: 'The CSV file gives the address',
  'sip-item': 'The Person document holds the SIP address',
  'internet-address': 'The internet address of the Person document counts as the SIP address',
};

const SEVERAL_BY: Readonly<Record<DirectoryRule, string>> = {
  mapping: 'Mapping documents give',
  people: 'The list in the configuration gives',
  csv: 'The CSV file gives',
  'sip-item': 'The SIP items hold',
  'internet-address': 'The Person document has',
};

const SHOWN = 3;
const MAX_QUOTED = 60;

export function mappedReason(rule: DirectoryRule, watched: boolean): string {
  return `${FOUND_BY[rule]}${watched ? '' : '; no watched group has this person'}.`;
}

export function ambiguousReason({ decision }: DirectoryPerson): string {
  const { rule, addresses, documentsDiffer } = decision;
  const several = documentsDiffer || rule === undefined ? 'Person documents of this name have' : SEVERAL_BY[rule];
  return `${several} ${addresses.length} addresses (${listed(addresses.map(shown))}); a mapping document can decide.`;
}

export function doubleReason(person: DirectoryPerson, { claimants, owner }: Contest<DirectoryPerson>): string {
  const address = person.decision.addresses.map(shown).join(', ');
  if (owner !== undefined) return `${address} belongs to ${nameOf(owner)} by the rule "${owner.decision.rule ?? ''}".`;
  // An address may be thousands of people's, and each of them gets a reason.
  const others = claimants.slice(0, SHOWN + 1).filter((one) => one !== person);
  const names = others.slice(0, SHOWN).map(nameOf).sort(byText);
  return `${address} is also the address of ${listed(names, claimants.length - 1)}; a mapping document can decide.`;
}

export function unmappedReason({ found, unreadable }: DirectoryPerson): string {
  const refused = found[0];
  if (refused?.rule === 'internet-address') {
    return `The domain of ${shown(refused.address)} is not one whose internet addresses count.`;
  }
  if (refused !== undefined) return `The rule "${refused.rule}" that finds ${shown(refused.address)} is not in use.`;
  const [text] = unreadable;
  return text === undefined ? 'No source gives an address.' : `${quoted(text)} is not a SIP address.`;
}

/** For people: in quotes, on one line, not too long. */
export function quoted(text: string): string {
  const clean = cleanText(text);
  return `"${clean.length > MAX_QUOTED ? `${clean.slice(0, MAX_QUOTED)}…` : clean}"`;
}

function nameOf({ identity, decision }: DirectoryPerson): string {
  if (identity.name !== undefined) return abbreviated(identity.name.name);
  const displayName = identity.entries.find((entry) => entry.displayName !== '')?.displayName;
  return displayName === undefined
    ? `somebody without a Notes name (${decision.rule ?? 'no rule'})`
    : quoted(displayName);
}

function listed(texts: readonly string[], total = texts.length): string {
  const more = total - SHOWN;
  return `${texts.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function shown(address: SipUri): string {
  return address.slice('sip:'.length);
}
