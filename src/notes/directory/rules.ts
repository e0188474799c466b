import type { DirectoryRule } from '../../presence/directory.js';
import type { SipUri } from '../../presence/ids.js';
import type { FoundAddress } from './candidates.js';
import type { DirectoryEntry } from './entry.js';

/** What the rules say of one person before others are looked at. */
export interface Decision {
  /** The first rule that found something; absent when none did. */
  readonly rule: DirectoryRule | undefined;
  /** One when it is clear, several when the rule or the Person documents contradict each other. */
  readonly addresses: readonly SipUri[];
  /** True when several Person documents of one name have different addresses. */
  readonly documentsDiffer: boolean;
}

/** Rules about Person documents: not written by somebody who decided, only found there. */
const BY_DOCUMENT: ReadonlySet<DirectoryRule> = new Set(['sip-item', 'internet-address']);

/** True for rules by which somebody says outright whose address it is. */
export function isExplicit(rule: DirectoryRule): boolean {
  return !BY_DOCUMENT.has(rule);
}

/** `found` in the order of the rules (see `addressesOf`). */
export function decide(found: readonly FoundAddress[]): Decision {
  const usable = found.filter(({ counts }) => counts);
  const first = usable[0];
  if (first === undefined) return { rule: undefined, addresses: [], documentsDiffer: false };
  const { rule } = first;
  const addresses = distinct(usable.filter((one) => one.rule === rule));
  if (isExplicit(rule)) return { rule, addresses, documentsDiffer: false };
  const byDocument = perDocument(usable);
  if (byDocument.length < 2) return { rule, addresses, documentsDiffer: false };
  // Two documents of one name: neither has a better right, also where one of them has only a mail address.
  const all = new Set(byDocument.flatMap((one) => decide(one).addresses));
  return { rule, addresses: [...all].sort(), documentsDiffer: all.size > 1 };
}

function perDocument(usable: readonly FoundAddress[]): readonly (readonly FoundAddress[])[] {
  const documents = new Map<DirectoryEntry, FoundAddress[]>();
  for (const one of usable) {
    if (isExplicit(one.rule)) continue;
    const own = documents.get(one.entry);
    if (own === undefined) documents.set(one.entry, [one]);
    else own.push(one);
  }
  return [...documents.values()];
}

function distinct(found: readonly FoundAddress[]): readonly SipUri[] {
  return [...new Set(found.map(({ address }) => address))].sort();
}
