import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { rc4 } from '../../auth/ntlm/rc4.js';
import { NTLM_FLAG } from './ntlm-authenticate.js';
import type { Sealer } from './sealer.js';

/** Keys of one direction. */
export interface DirectionKeys {
  readonly sign: Buffer;
  readonly seal: Buffer;
}

export interface SessionKeys {
  readonly client: DirectionKeys;
  readonly server: DirectionKeys;
}

/** MS-SIPAE 3.2.5.2: SIP signs in datagram mode with this one sequence number for every message. */
const SEQUENCE = 100;

/** Signing and sealing keys of both directions (MS-NLMP 3.4.5.2 and 3.4.5.3). */
export function sessionKeys(exported: Buffer, flags: number): SessionKeys {
  return {
    client: directionKeys(exported, flags, 'client-to-server'),
    server: directionKeys(exported, flags, 'server-to-client'),
  };
}

function directionKeys(exported: Buffer, flags: number, direction: string): DirectionKeys {
  const magic = (purpose: string): Buffer =>
    Buffer.from(`session key to ${direction} ${purpose} key magic constant\0`, 'latin1');
  return { sign: md5(exported, magic('signing')), seal: md5(sealingKeyBase(exported, flags), magic('sealing')) };
}

function sealingKeyBase(exported: Buffer, flags: number): Buffer {
  if ((flags & NTLM_FLAG.key128) !== 0) return exported;
  return exported.subarray(0, (flags & NTLM_FLAG.key56) !== 0 ? 7 : 5);
}

/** NTLMSSP_MESSAGE_SIGNATURE with extended security in datagram mode (MS-NLMP 3.4.4.2), 16 bytes. */
export function signatureOf(keys: DirectionKeys, text: string): Buffer {
  const sequence = Buffer.alloc(4);
  sequence.writeUInt32LE(SEQUENCE);
  const checksum = createHmac('md5', keys.sign).update(sequence).update(text, 'utf8').digest().subarray(0, 8);
  const version = Buffer.from([1, 0, 0, 0]);
  return Buffer.concat([version, rc4(md5(keys.seal, sequence), checksum), sequence]);
}

/** The sealer of a session with these keys. */
export function ntlmSealer(keys: SessionKeys): Sealer {
  return {
    sign: (text) => signatureOf(keys.server, text),
    verify(text, signature) {
      const expected = signatureOf(keys.client, text);
      return signature.length === expected.length && timingSafeEqual(expected, signature);
    },
  };
}

function md5(...data: readonly Buffer[]): Buffer {
  const hash = createHash('md5');
  for (const part of data) hash.update(part);
  return hash.digest();
}
