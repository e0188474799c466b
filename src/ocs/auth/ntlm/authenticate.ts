import { AV_ID, type AvPair, type NtlmChallenge, readAvPairs } from './challenge.js';
import { combineFlags, hasFlag } from './flags.js';
import { hmacMd5, ntowfV2 } from './keys.js';
import { rc4 } from './rc4.js';

export interface NtlmIdentity {
  /** Account name, or `user@domain` with an empty `domain`. */
  readonly user: string;
  readonly domain: string;
  readonly password: string;
  /** Name of this machine; informational. */
  readonly workstation: string;
}

/** What must be new for every answer. */
export interface NtlmFreshness {
  /** Eight random bytes. */
  readonly clientChallenge: Buffer;
  /** Sixteen random bytes: the session key that both sides will sign with. */
  readonly sessionKey: Buffer;
  /** Eight bytes: the time as FILETIME. */
  readonly time: Buffer;
}

export interface NtlmAnswer {
  /** AUTHENTICATE_MESSAGE (MS-NLMP 2.2.1.3). */
  readonly message: Buffer;
  readonly flags: number;
}

/** Windows 5.2, as Office Communicator 2007 R2 announces itself; NTLM revision 15. */
const VERSION = Buffer.from('0502ce0e0000000f', 'hex');
const AV_FLAG_MIC = 2;
const FIXED_PART = 72;
const MIC_LENGTH = 16;

/**
 * Answers a challenge with NTLMv2 and key exchange. When the server sent its time, the answer carries an integrity code
 * over both messages and no LMv2 response (MS-NLMP 3.1.5.1.2); otherwise it looks exactly like that of Office
 * Communicator.
 */
export function buildAuthenticate(challenge: NtlmChallenge, identity: NtlmIdentity, fresh: NtlmFreshness): NtlmAnswer {
  const withMic = challenge.timestamp !== undefined;
  const targetInfo = withMic ? announceMic(challenge.targetInfo) : challenge.targetInfo;
  const owf = ntowfV2(identity.user, identity.domain, identity.password);

  const temp = Buffer.concat([
    Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]),
    challenge.timestamp ?? fresh.time,
    fresh.clientChallenge,
    Buffer.alloc(4),
    targetInfo,
    Buffer.alloc(4),
  ]);
  const proof = hmacMd5(owf, challenge.serverChallenge, temp);
  const lm = withMic
    ? Buffer.alloc(24)
    : Buffer.concat([hmacMd5(owf, challenge.serverChallenge, fresh.clientChallenge), fresh.clientChallenge]);
  const flags = answerFlags(challenge.flags);
  const message = layOut(flags, withMic ? FIXED_PART + MIC_LENGTH : FIXED_PART, {
    domain: Buffer.from(identity.domain, 'utf16le'),
    user: Buffer.from(identity.user, 'utf16le'),
    workstation: Buffer.from(identity.workstation, 'utf16le'),
    lm,
    nt: Buffer.concat([proof, temp]),
    key: rc4(hmacMd5(owf, proof), fresh.sessionKey),
  });
  if (withMic) hmacMd5(fresh.sessionKey, challenge.bytes, message).copy(message, FIXED_PART);
  return { message, flags };
}

function answerFlags(offered: number): number {
  const strength = hasFlag(offered, 'key128')
    ? (['key128'] as const)
    : hasFlag(offered, 'key56')
      ? (['key56'] as const)
      : [];
  const extended = hasFlag(offered, 'extendedSessionSecurity') ? (['extendedSessionSecurity'] as const) : [];
  return combineFlags([
    'unicode',
    'requestTarget',
    'sign',
    'datagram',
    'ntlm',
    'alwaysSign',
    ...extended,
    'identify',
    'targetInfo',
    'version',
    ...strength,
    'keyExchange',
  ]);
}

/** The AV pairs with MsvAvFlags saying that an integrity code follows. */
function announceMic(targetInfo: Buffer): Buffer {
  const read = readAvPairs(targetInfo);
  const pairs = read.ok ? read.value : [];
  const before = pairs.find((pair) => pair.id === AV_ID.flags)?.value;
  const value = Buffer.alloc(4);
  value.writeUInt32LE(((before?.length === 4 ? before.readUInt32LE(0) : 0) | AV_FLAG_MIC) >>> 0);
  const kept = pairs.filter((pair) => pair.id !== AV_ID.flags);
  return Buffer.concat([...kept, { id: AV_ID.flags, value }, { id: AV_ID.end, value: Buffer.alloc(0) }].map(avPair));
}

function avPair({ id, value }: AvPair): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, value]);
}

interface Payload {
  readonly domain: Buffer;
  readonly user: Buffer;
  readonly workstation: Buffer;
  readonly lm: Buffer;
  readonly nt: Buffer;
  readonly key: Buffer;
}

/** Where each field's length and offset stand; in the order in which the fields themselves follow. */
const FIELDS: readonly (readonly [keyof Payload, number])[] = [
  ['domain', 28],
  ['user', 36],
  ['workstation', 44],
  ['lm', 12],
  ['nt', 20],
  ['key', 52],
];

function layOut(flags: number, fixedLength: number, payload: Payload): Buffer {
  const fixed = Buffer.alloc(fixedLength);
  fixed.write('NTLMSSP\0', 'latin1');
  fixed.writeUInt32LE(3, 8);
  fixed.writeUInt32LE(flags, 60);
  VERSION.copy(fixed, 64);
  let offset = fixedLength;
  for (const [name, at] of FIELDS) {
    const { length } = payload[name];
    fixed.writeUInt16LE(length, at);
    fixed.writeUInt16LE(length, at + 2);
    fixed.writeUInt32LE(offset, at + 4);
    offset += length;
  }
  return Buffer.concat([fixed, ...FIELDS.map(([name]) => payload[name])]);
}
