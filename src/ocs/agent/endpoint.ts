import { createHash } from 'node:crypto';
import type { SipUri } from '../../presence/ids.js';

/**
 * Identifies one program on one machine to the server (MS-SIPRE 2.2.1): 10 hexadecimal digits here, at most 16
 * characters.
 */
export type Epid = string;

const EPID_LENGTH = 10;
/** Namespace for `+sip.instance` (MS-SIPRE 3.1.4.1), in the byte order of a GUID in memory. */
const NAMESPACE = Buffer.from('03fbacfc738aef4691b1e5ebeeaba4fe', 'hex');

/**
 * An epid that stays the same over restarts, so that a restarted bridge replaces its old registration instead of taking
 * another of the few places that a user has.
 */
export function epidFor(account: SipUri, machine: string): Epid {
  return createHash('sha256').update(`${account} ${machine}`, 'utf8').digest('hex').slice(0, EPID_LENGTH);
}

/** UUID for `+sip.instance`, derived from the epid (MS-SIPRE 3.1.4.1). */
export function instanceOf(epid: Epid): string {
  const bytes = createHash('sha1').update(NAMESPACE).update(epid, 'ascii').digest().subarray(0, 16);
  // Little-endian fields of a GUID; the version stands in the high byte of the third.
  bytes[7] = ((bytes[7] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const field = (from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).reverse().toString('hex');
  return `${field(0, 4)}-${field(4, 6)}-${field(6, 8)}-${bytes.toString('hex', 8, 10)}-${bytes.toString('hex', 10)}`;
}
