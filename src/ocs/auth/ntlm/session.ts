import { crc32 } from 'node:zlib';
import type { MessageSigner } from '../mechanism.js';
import { hasFlag } from './flags.js';
import { HmacMd5 } from './hmac-md5.js';
import { datagramKey, type Side, sealKey, signKey } from './keys.js';
import { rc4 } from './rc4.js';

/**
 * Every SIP message is signed with this sequence number (MS-SIPAE 3.2.5.2); replay is the business of cnum and snum.
 */
const SEQUENCE = Buffer.from([100, 0, 0, 0]);
const SIGNATURE_VERSION = Buffer.from([1, 0, 0, 0]);
/** Octets of a signature, and of the checksum in it. */
const SIGNATURE = 16;
const CHECKSUM = 8;

/**
 * Signs with the keys of `side` and verifies with those of the other (MS-NLMP 3.4.4). A session takes the form that the
 * flags ask for: HMAC-MD5 with extended session security, CRC32 without.
 */
export function ntlmSession(exportedSessionKey: Buffer, flags: number, side: Side): MessageSigner {
  const other: Side = side === 'client' ? 'server' : 'client';
  if (!hasFlag(flags, 'extendedSessionSecurity')) return checksumSigner(exportedSessionKey);
  const own = macOf(exportedSessionKey, flags, side);
  const theirs = macOf(exportedSessionKey, flags, other);
  return {
    sign: (buffer) => Buffer.from(own(buffer)).toString('hex'),
    verify: (buffer, signature) => sameSignature(theirs(buffer), signature),
  };
}

/**
 * Signature with extended session security, valid until the next one is made. The sequence number never changes, so
 * neither does the RC4 key derived from it, and its first eight bytes of key stream are made only once.
 */
function macOf(exportedSessionKey: Buffer, flags: number, side: Side): (buffer: Buffer) => Uint8Array {
  const code = new HmacMd5(signKey(exportedSessionKey, side), SEQUENCE);
  const stream = rc4(datagramKey(sealKey(exportedSessionKey, flags, side), SEQUENCE), Buffer.alloc(CHECKSUM));
  const digest = new Uint8Array(SIGNATURE);
  const signature = new Uint8Array(SIGNATURE);
  signature.set(SIGNATURE_VERSION);
  signature.set(SEQUENCE, SIGNATURE_VERSION.length + CHECKSUM);
  return (buffer) => {
    code.digestInto(buffer, digest);
    for (let at = 0; at < CHECKSUM; at++) {
      signature[SIGNATURE_VERSION.length + at] = (digest[at] as number) ^ (stream[at] as number);
    }
    return signature;
  };
}

/**
 * COMPAT(lcs2005): without extended session security a signature is `version | pad | RC4(CRC32 | sequence)`, the same
 * for both sides. The pad may hold anything; a received one is taken as it is.
 */
function checksumSigner(exportedSessionKey: Buffer): MessageSigner {
  const stream = rc4(exportedSessionKey, Buffer.alloc(12)).subarray(4);
  const make = (buffer: Buffer, pad: Buffer): Buffer => {
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32LE(crc32(buffer));
    return Buffer.concat([SIGNATURE_VERSION, pad, xor(Buffer.concat([checksum, SEQUENCE]), stream)]);
  };
  return {
    sign: (buffer) => make(buffer, Buffer.alloc(4)).toString('hex'),
    verify: (buffer, signature) => {
      const pad = Buffer.from(signature.slice(8, 16), 'hex');
      return pad.length === 4 && sameSignature(make(buffer, pad), signature);
    },
  };
}

function xor(data: Buffer, stream: Buffer): Buffer {
  const out = Buffer.allocUnsafe(data.length);
  for (let at = 0; at < data.length; at++) out[at] = (data[at] as number) ^ (stream[at] as number);
  return out;
}

/** Value of each hexadecimal digit of either case: clients write small ones, servers capitals. */
const HEX_VALUE = new Uint8Array(128).fill(0x10);
for (let value = 0; value < 16; value++) {
  HEX_VALUE[value.toString(16).charCodeAt(0)] = value;
  HEX_VALUE[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}

/** Looks at all digits, also behind the first wrong one: how long it takes must not tell how much of a guess is right. */
function sameSignature(expected: Uint8Array, signature: string): boolean {
  if (signature.length !== 2 * SIGNATURE) return false;
  let different = 0;
  for (let at = 0; at < SIGNATURE; at++) {
    const high = HEX_VALUE[signature.charCodeAt(2 * at)] ?? 0x10;
    const low = HEX_VALUE[signature.charCodeAt(2 * at + 1)] ?? 0x10;
    // What is no digit sets a bit above the octet, or one that the other digit cannot clear.
    different |= (((high << 4) | low) ^ (expected[at] as number)) | ((high | low) & 0x10);
  }
  return different === 0;
}
