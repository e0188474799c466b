import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NTLM_FLAG, readAuthenticate } from '../../../../src/ocs/simulator/security/ntlm-authenticate.js';
import { buildChallenge } from '../../../../src/ocs/simulator/security/ntlm-challenge.js';
import { sessionKeys, signatureOf } from '../../../../src/ocs/simulator/security/ntlm-keys.js';
import { verifyAuthenticate } from '../../../../src/ocs/simulator/security/ntlm-verify.js';
import { sharedPath, skippedWithoutShared } from '../../../support/shared.js';
import { CAPTURED } from './captured-sign-in.js';

const authenticate = Buffer.from(CAPTURED.authenticate, 'base64');
const sent = { message: Buffer.from(CAPTURED.challenge, 'base64'), serverChallenge: CAPTURED.serverChallenge };

function exportedKey(message: Buffer, challenge: typeof sent, password: string): string | undefined {
  const read = readAuthenticate(message);
  return read.ok ? verifyAuthenticate(read.value, challenge, password)?.toString('hex') : undefined;
}

describe('the NTLM acceptor', () => {
  test('writes the challenge that a real OCS 2007 R2 wrote', () => {
    expect(buildChallenge(CAPTURED.serverChallenge, CAPTURED.names).toString('base64')).toBe(CAPTURED.challenge);
  });

  test('reads who signs in', () => {
    const read = readAuthenticate(authenticate);
    expect(read.ok && read.value).toMatchObject({ user: 'User', domain: 'COSMO', workstation: 'COSMO-OCS-R2' });
  });

  test('finds the session key of a right password, and none for a wrong one', () => {
    expect(exportedKey(authenticate, sent, CAPTURED.password)).toBe(CAPTURED.exported);
    expect(exportedKey(authenticate, sent, 'Pa$$word ')).toBeUndefined();
  });

  test('makes the signatures that client and server made', () => {
    const keys = sessionKeys(Buffer.from(CAPTURED.exported, 'hex'), 0x62988255);
    expect(signatureOf(keys.client, CAPTURED.clientText).toString('hex')).toBe(CAPTURED.clientSignature);
    expect(signatureOf(keys.server, CAPTURED.serverText).toString('hex')).toBe(CAPTURED.serverSignature);
  });

  test('refuses a message that lacks a required flag', () => {
    for (const flag of [NTLM_FLAG.keyExchange, NTLM_FLAG.extendedSessionSecurity, NTLM_FLAG.datagram]) {
      const weakened = Buffer.from(authenticate);
      weakened.writeUInt32LE((weakened.readUInt32LE(60) & ~flag) >>> 0, 60);
      expect(readAuthenticate(weakened).ok).toBe(false);
    }
  });

  test('survives any bytes', () => {
    fc.assert(
      fc.property(fc.nat(authenticate.length - 1), fc.uint8Array({ minLength: 1, maxLength: 8 }), (at, bytes) => {
        const broken = Buffer.from(authenticate);
        broken.set(bytes.subarray(0, broken.length - at), at);
        const cut = broken.subarray(0, broken.length - (bytes[0] ?? 0));
        for (const message of [broken, cut]) {
          const read = readAuthenticate(message);
          if (read.ok) verifyAuthenticate(read.value, sent, CAPTURED.password);
        }
      }),
      { numRuns: 300 },
    );
  });
});

interface Flow {
  readonly password: string;
  readonly type2_base64: string;
  readonly type3_base64: string;
  readonly exported_session_key: string;
}

interface Capture {
  readonly password: string;
  readonly challenge_message: string;
  readonly authenticate_message: string;
  readonly exported_session_key: string;
  readonly signatures: readonly {
    readonly direction: 'client' | 'server';
    readonly buffer: string;
    readonly signature: string;
  }[];
}

const skip = skippedWithoutShared('NTLM vectors of the simulator');
const readJson = (...path: readonly string[]): unknown => JSON.parse(readFileSync(sharedPath(...path), 'utf8'));

describe.skipIf(skip)('the NTLM acceptor on published and captured vectors', () => {
  test('accepts every composed sign-in: without and with MIC, by principal name, with letters beyond ASCII', () => {
    const { derived_flows } = readJson('vectors', 'ntlm.json') as { derived_flows: Record<string, Flow | string> };
    const flows = Object.values(derived_flows).filter((flow): flow is Flow => typeof flow === 'object');
    expect(flows.length).toBeGreaterThanOrEqual(4);
    for (const flow of flows) {
      const message = Buffer.from(flow.type2_base64, 'base64');
      const challenge = { message, serverChallenge: message.subarray(24, 32) };
      const type3 = Buffer.from(flow.type3_base64, 'base64');
      expect(exportedKey(type3, challenge, flow.password)).toBe(flow.exported_session_key);
      expect(exportedKey(type3, challenge, 'wrong')).toBeUndefined();
    }
  });

  test('refuses a sign-in whose MIC does not fit', () => {
    const { derived_flows } = readJson('vectors', 'ntlm.json') as { derived_flows: Record<string, Flow> };
    const flow = derived_flows['with_timestamp_and_mic'];
    if (!flow) throw new Error('the vector is missing');
    const message = Buffer.from(flow.type2_base64, 'base64');
    const type3 = Buffer.from(flow.type3_base64, 'base64');
    type3.writeUInt8(type3.readUInt8(72) ^ 1, 72);
    expect(exportedKey(type3, { message, serverChallenge: message.subarray(24, 32) }, flow.password)).toBeUndefined();
  });

  test.each(['v4', 'v3', 'noversion'])('agrees with every signature of the capture with %s', (version) => {
    const capture = readJson('peers', 'sipe-peer', 'captures', `ntlm-vectors-${version}.json`) as Capture;
    const message = Buffer.from(capture.challenge_message, 'hex');
    const read = readAuthenticate(Buffer.from(capture.authenticate_message, 'hex'));
    if (!read.ok) throw new Error(read.reason);
    const challenge = { message, serverChallenge: message.subarray(24, 32) };
    const exported = verifyAuthenticate(read.value, challenge, capture.password);
    expect(exported?.toString('hex')).toBe(capture.exported_session_key);
    const keys = sessionKeys(exported ?? Buffer.alloc(16), read.value.flags);
    for (const { direction, buffer, signature } of capture.signatures) {
      expect(signatureOf(keys[direction], buffer).toString('hex')).toBe(signature.toLowerCase());
    }
  });
});
