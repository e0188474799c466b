import { bad, ok, type Result } from '../../../presence/result.js';
import { hasFlag, type NtlmFlag } from './flags.js';

/** What the server's CHALLENGE_MESSAGE says (MS-NLMP 2.2.1.2). */
export interface NtlmChallenge {
  /** The whole message: the integrity code of the answer covers it. */
  readonly bytes: Buffer;
  readonly flags: number;
  /** Eight bytes. */
  readonly serverChallenge: Buffer;
  /** AV pairs as received, with their end mark; empty when the server sent none. */
  readonly targetInfo: Buffer;
  /** FILETIME of the server, eight bytes, when it sent MsvAvTimestamp. */
  readonly timestamp: Buffer | undefined;
}

/** AV pair identifiers (MS-NLMP 2.2.2.1). */
export const AV_ID = { end: 0, flags: 6, timestamp: 7 } as const;

const SIGNATURE = Buffer.from('NTLMSSP\0', 'latin1');
const FIXED_PART = 48;
const MAX_LENGTH = 16_384;

export function parseChallenge(bytes: Buffer): Result<NtlmChallenge> {
  if (bytes.length < FIXED_PART || bytes.length > MAX_LENGTH) return bad('the NTLM challenge has an impossible length');
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) return bad('the token is not an NTLM message');
  if (bytes.readUInt32LE(8) !== 2) return bad('the NTLM message is not a challenge');
  const flags = bytes.readUInt32LE(20);
  const length = bytes.readUInt16LE(40);
  const offset = bytes.readUInt32LE(44);
  if (length > 0 && (offset < FIXED_PART || offset + length > bytes.length)) {
    return bad('the target information lies outside the NTLM challenge');
  }
  const targetInfo = length > 0 ? bytes.subarray(offset, offset + length) : Buffer.alloc(0);
  const pairs = readAvPairs(targetInfo);
  if (!pairs.ok) return pairs;
  const timestamp = pairs.value.find((pair) => pair.id === AV_ID.timestamp)?.value;
  if (timestamp !== undefined && timestamp.length !== 8) return bad('the time stamp of the NTLM challenge is damaged');
  return ok({ bytes, flags, serverChallenge: bytes.subarray(24, 32), targetInfo, timestamp });
}

export interface AvPair {
  readonly id: number;
  readonly value: Buffer;
}

/** AV pairs without the end mark. */
export function readAvPairs(targetInfo: Buffer): Result<readonly AvPair[]> {
  const pairs: AvPair[] = [];
  let at = 0;
  while (at < targetInfo.length) {
    if (at + 4 > targetInfo.length) return bad('the target information of the NTLM challenge is cut off');
    const id = targetInfo.readUInt16LE(at);
    const length = targetInfo.readUInt16LE(at + 2);
    if (id === AV_ID.end) return ok(pairs);
    if (at + 4 + length > targetInfo.length) return bad('the target information of the NTLM challenge is cut off');
    pairs.push({ id, value: targetInfo.subarray(at + 4, at + 4 + length) });
    at += 4 + length;
  }
  return ok(pairs);
}

/** Without these a session cannot sign SIP messages the way MS-SIPAE wants it: connectionless, with a session key. */
const REQUIRED: readonly NtlmFlag[] = [
  'unicode',
  'ntlm',
  'alwaysSign',
  'targetInfo',
  'sign',
  'datagram',
  'identify',
  'keyExchange',
];

/** Names of the flags that the server ought to have offered. */
export function missingFlags(flags: number, extendedSecurity: 'required' | 'optional'): readonly NtlmFlag[] {
  const required: readonly NtlmFlag[] =
    extendedSecurity === 'required' ? [...REQUIRED, 'extendedSessionSecurity'] : REQUIRED;
  return required.filter((flag) => !hasFlag(flags, flag));
}
