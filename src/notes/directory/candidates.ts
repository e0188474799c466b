import { type Candidate, DIRECTORY_RULES, type DirectoryRule } from '../../presence/directory.js';
import { parseSipUri } from '../../presence/ids.js';
import type { DirectoryEntry } from './entry.js';
import { byText } from './names.js';

export interface FoundAddress extends Candidate {
  readonly entry: DirectoryEntry;
  /** False for one that can never decide: its rule is not in use, or its domain does not count. */
  readonly counts: boolean;
}

export interface FoundAddresses {
  /** By rule in the order of the configuration, then by text. */
  readonly found: readonly FoundAddress[];
  /** Texts that are no addresses. */
  readonly unreadable: readonly string[];
}

export interface AddressRules {
  readonly rules: readonly DirectoryRule[];
  /** Lower case. */
  readonly domains: ReadonlySet<string>;
}

/** Addresses of one entry that are looked at. */
const MAX_ADDRESSES = 100;

/** Reads the addresses that the sources give for one person. */
export function addressesOf(entries: readonly DirectoryEntry[], { rules, domains }: AddressRules): FoundAddresses {
  const found: FoundAddress[] = [];
  const unreadable: string[] = [];
  const seen = new Set<string>();
  for (const entry of entries) {
    for (const { rule, text } of entry.addresses.slice(0, MAX_ADDRESSES)) {
      const read = parseSipUri(text);
      if (!read.ok) {
        if (text.trim() !== '') unreadable.push(text);
        continue;
      }
      const address = read.value;
      const same = `${rule} ${address} ${entry.origin}`;
      if (seen.has(same)) continue;
      seen.add(same);
      const foreign = rule === 'internet-address' && !domains.has(address.slice(address.lastIndexOf('@') + 1));
      found.push({ address, rule, origin: entry.origin, entry, counts: rules.includes(rule) && !foreign });
    }
  }
  if (found.length > 1) {
    found.sort(
      (a, b) =>
        rankOf(a.rule, rules) - rankOf(b.rule, rules) || byText(a.address, b.address) || byText(a.origin, b.origin),
    );
  }
  return { found, unreadable: unreadable.sort(byText) };
}

/** Position of a rule; those that are not in use come last. */
function rankOf(rule: DirectoryRule, rules: readonly DirectoryRule[]): number {
  const rank = rules.indexOf(rule);
  return rank < 0 ? rules.length + DIRECTORY_RULES.indexOf(rule) : rank;
}
