import { createHash, createHmac } from 'node:crypto';
import { hasFlag } from './flags.js';
import { md4 } from './md4.js';

/** Who a key or signature belongs to. */
export type Side = 'client' | 'server';

const DIRECTION: Readonly<Record<Side, string>> = { client: 'client-to-server', server: 'server-to-client' };

export function hmacMd5(key: Buffer, ...parts: readonly Buffer[]): Buffer {
  const mac = createHmac('md5', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

function md5(...parts: readonly (Buffer | string)[]): Buffer {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** NTOWFv2 (MS-NLMP 3.3.2). The user name is upper-cased, the domain is used as typed. */
export function ntowfV2(user: string, domain: string, password: string): Buffer {
  return hmacMd5(md4(Buffer.from(password, 'utf16le')), Buffer.from(upperCase(user) + domain, 'utf16le'));
}

/** One UTF-16 unit for one, as Windows does it: a German sharp s and letters beyond the first plane stay what they are. */
function upperCase(text: string): string {
  return Array.from(text, (char) => {
    const upper = char.toUpperCase();
    return upper.length === 1 && char.length === 1 ? upper : char;
  }).join('');
}

/** SIGNKEY (MS-NLMP 3.4.5.2). */
export function signKey(exportedSessionKey: Buffer, side: Side): Buffer {
  return md5(exportedSessionKey, `session key to ${DIRECTION[side]} signing key magic constant\0`);
}

/** SEALKEY with extended session security (MS-NLMP 3.4.5.3): its strength depends on what was negotiated. */
export function sealKey(exportedSessionKey: Buffer, flags: number, side: Side): Buffer {
  const bytes = hasFlag(flags, 'key128') ? 16 : hasFlag(flags, 'key56') ? 7 : 5;
  return md5(exportedSessionKey.subarray(0, bytes), `session key to ${DIRECTION[side]} sealing key magic constant\0`);
}

/** RC4 key of one datagram (MS-NLMP 3.4.3): with connectionless NTLM every sequence number has its own. */
export function datagramKey(seal: Buffer, sequence: Buffer): Buffer {
  return md5(seal, sequence);
}
