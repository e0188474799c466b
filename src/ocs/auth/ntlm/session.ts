import { timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { MessageSigner } from '../mechanism.js';
import { hasFlag } from './flags.js';
import { datagramKey, hmacMd5, type Side, sealKey, signKey } from './keys.js';
import { rc4 } from './rc4.js';

/**
 * Every SIP message is signed with this sequence number (MS-SIPAE 3.2.5.2); replay is the business of cnum and snum.
 */
const SEQUENCE = Buffer.from([100, 0, 0, 0]);
const SIGNATURE_VERSION = Buffer.from([1, 0, 0, 0]);
const SIGNATURE = /^[0-9a-f]{32}$/i;

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
    sign: (buffer) => own(buffer).toString('hex'),
    verify: (buffer, signature) => sameSignature(theirs(buffer), signature),
  };
}

/**
 * Signature with extended session security. The sequence number never changes, so neither does the RC4 key derived
 * from it, and its first eight bytes of key stream are made only once.
 */
function macOf(exportedSessionKey: Buffer, flags: number, side: Side): (buffer: Buffer) => Buffer {
  const signing = signKey(exportedSessionKey, side);
  const stream = rc4(datagramKey(sealKey(exportedSessionKey, flags, side), SEQUENCE), Buffer.alloc(8));
  return (buffer) => {
    const checksum = hmacMd5(signing, SEQUENCE, buffer).subarray(0, 8);
    return Buffer.concat([SIGNATURE_VERSION, xor(checksum, stream), SEQUENCE]);
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
    verify: (buffer, signature) =>
      SIGNATURE.test(signature) && sameSignature(make(buffer, Buffer.from(signature.slice(8, 16), 'hex')), signature),
  };
}

function xor(data: Buffer, stream: Buffer): Buffer {
  const out = Buffer.allocUnsafe(data.length);
  for (let at = 0; at < data.length; at++) out[at] = (data[at] as number) ^ (stream[at] as number);
  return out;
}

/** Hexadecimal digits of either case: clients write small ones, servers capitals. */
function sameSignature(expected: Buffer, signature: string): boolean {
  return SIGNATURE.test(signature) && timingSafeEqual(expected, Buffer.from(signature, 'hex'));
}
