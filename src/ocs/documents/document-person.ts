import { parseSipUri, type SipUri } from '../../presence/ids.js';
import { OTHER_PERSON, refusal } from './refusal.js';

/** Schemes that name a person like `sip:` does (RFC 3859, RFC 3860). */
const PERSON_SCHEME = /^(?:pres|im):/i;

/**
 * The person a document is about: the address it gives, in any spelling and also as `pres:`, or `expected` when it
 * gives none. Throws `OCS_DOCUMENT`: `address` when nobody is named, `other-person` when it is not the expected one.
 */
export function documentPerson(address: string | undefined, expected: SipUri | undefined): SipUri {
  if (expected !== undefined && !address?.trim()) return expected;
  // It is normalised already; this runs for each document.
  if (expected !== undefined && address === expected) return expected;
  const parsed = parseSipUri(withoutScheme(address ?? ''));
  if (!parsed.ok) throw refusal('address', `The document names no person: ${parsed.reason}.`);
  if (expected !== undefined && parsed.value !== expected) {
    throw refusal(OTHER_PERSON, 'The document is about another person than the one subscribed to.');
  }
  return parsed.value;
}

function withoutScheme(address: string): string {
  // Nearly all are written so, and this runs for each document.
  return address.startsWith('sip:') ? address : address.trim().replace(PERSON_SCHEME, '');
}
