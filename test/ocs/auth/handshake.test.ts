import { describe, expect, test } from 'vitest';
import { type Challenge, Handshake, type HandshakePolicy } from '../../../src/ocs/auth/handshake.js';
import { NtlmMechanism } from '../../../src/ocs/auth/ntlm/mechanism.js';
import { parseAuthHeader } from '../../../src/ocs/wire/headers/auth-params.js';
import { signable } from '../../support/signable.js';
import { seededRandom } from '../../support/simulated-clock.js';

const NAMES = 'realm="SIP Communications Service", targetname="ocs01.contoso.example"';
/** Challenge of a server `ocs01.contoso.example`, composed after one of OCS 2007 R2. */
const TYPE_2 =
  'TlRMTVNTUAACAAAAAAAAADgAAADzgpjiESIzRFVmd4gAAAAAAAAAAJYAlgA4AAAABQLODgAAAA8CAA4AQwBPAE4AVABPAFMATwABAAoATwBDAFMAMAAxAAQAHgBjAG8AbgB0AG8AcwBvAC4AZQB4AGEAbQBwAGwAZQADACoAbwBjAHMAMAAxAC4AYwBvAG4AdABvAHMAbwAuAGUAeABhAG0AcABsAGUABQAeAGMAbwBuAHQAbwBzAG8ALgBlAHgAYQBtAHAAbABlAAAAAAA=';
const REGISTER = signable(
  'REGISTER sip:contoso.example SIP/2.0\r\nFrom: <sip:bridge@contoso.example>;tag=7d1f0a2b3c;epid=5f0c9a1b2d\r\nTo: <sip:bridge@contoso.example>\r\nCall-ID: c4f1a0b2d3e44f5a9b6c7d8e9f001122\r\nCSeq: 3 REGISTER\r\n\r\n',
);

function challenge(line: string, answerHeader: Challenge['answerHeader'] = 'Authorization'): Challenge {
  const header = parseAuthHeader(line);
  if (header === undefined) throw new Error(line);
  return { ...header, answerHeader };
}

const OFFER = (version: string): Challenge => challenge(`NTLM ${NAMES}${version}`);
const TOKEN = (version: string): Challenge =>
  challenge(`NTLM opaque="4A1F0C22", gssapi-data="${TYPE_2}", ${NAMES}${version}`);

function newHandshake(policy: Partial<HandshakePolicy> = {}): Handshake {
  const ports = { random: seededRandom(), clock: { now: () => Date.UTC(2010, 0, 1) } };
  const identity = { user: 'bridge', domain: 'CONTOSO', password: 'Winter-2009!', workstation: 'BRIDGE01' };
  return new Handshake(
    {
      mechanisms: [
        { scheme: 'NTLM', create: () => new NtlmMechanism(identity, { extendedSecurity: 'required' }, ports) },
      ],
      objectionTo: () => undefined,
      ...policy,
    },
    ports.random,
  );
}

describe('handshake', () => {
  test('starts without credentials and answers the offer with an empty token', async () => {
    const handshake = newHandshake();
    expect(handshake.headerFor(REGISTER)).toBeUndefined();
    expect(await handshake.receive([challenge(`Kerberos ${NAMES}, version=4`), OFFER(', version=4')])).toEqual({
      kind: 'answer',
    });
    expect(handshake.headerFor(REGISTER)).toEqual({
      name: 'Authorization',
      value: `NTLM qop="auth", ${NAMES}, gssapi-data="", version=4`,
    });
    expect(handshake.association).toBeUndefined();
  });

  test('signs the message that carries the proof from version 4 on', async () => {
    const handshake = newHandshake();
    await handshake.receive([OFFER(', version=4')]);
    expect(await handshake.receive([TOKEN(', version=4')])).toEqual({ kind: 'answer' });
    const { params } = parseAuthHeader(handshake.headerFor(REGISTER)?.value ?? '') ?? {};
    expect(params?.get('opaque')).toBe('4A1F0C22');
    expect(params?.get('version')).toBe('4');
    expect(params?.get('cnum')).toBe('1');
    expect(params?.get('response')).toMatch(/^01000000[0-9a-f]{16}64000000$/);
    expect(params?.get('gssapi-data')).toMatch(/^TlRMTVNTUAAD/);
    expect(handshake.association?.terms.opaque).toBe('4A1F0C22');
  });

  for (const [version, expected] of [
    ['', { number: 2, sent: undefined }],
    [', version=3', { number: 3, sent: '3' }],
    [', version=9', { number: 4, sent: '4' }],
  ] as const) {
    test(`takes "${version}" as version ${expected.number}`, async () => {
      const handshake = newHandshake();
      await handshake.receive([OFFER(version)]);
      await handshake.receive([TOKEN(version)]);
      const { params } = parseAuthHeader(handshake.headerFor(REGISTER)?.value ?? '') ?? {};
      expect(params?.get('version')).toBe(expected.sent);
      expect(params?.has('response')).toBe(expected.number >= 4);
      expect(handshake.association?.terms.version).toBe(expected.number);
    });
  }

  test('answers a proxy in the header of proxies', async () => {
    const handshake = newHandshake();
    await handshake.receive([challenge(`NTLM ${NAMES}`, 'Proxy-Authorization')]);
    expect(handshake.headerFor(REGISTER)?.name).toBe('Proxy-Authorization');
  });

  test('takes a challenge after the proof as a refusal', async () => {
    const handshake = newHandshake();
    await handshake.receive([OFFER('')]);
    await handshake.receive([TOKEN('')]);
    expect(await handshake.receive([OFFER('')])).toEqual({ kind: 'refused' });
  });

  const unacceptable: readonly (readonly [string, readonly Challenge[], Partial<HandshakePolicy>])[] = [
    ['no challenge at all', [], {}],
    ['only unknown schemes', [challenge(`Kerberos ${NAMES}`), challenge('TLS-DSK realm="x", targetname="y"')], {}],
    ['a name that the policy objects to', [OFFER('')], { objectionTo: () => 'wrong name' }],
    ['a name that would break out of the header', [challenge('NTLM realm="a\\b", targetname="x"')], {}],
  ];
  for (const [what, challenges, policy] of unacceptable) {
    test(`gives up with a reason on ${what}`, async () => {
      expect(await newHandshake(policy).receive(challenges)).toMatchObject({
        kind: 'unacceptable',
        reason: expect.stringMatching(/./),
      });
    });
  }

  test('gives up when the server does not go on, or goes on with rubbish', async () => {
    for (const second of [OFFER(''), challenge(`NTLM opaque="1", gssapi-data="AAAA", ${NAMES}`)]) {
      const handshake = newHandshake();
      await handshake.receive([OFFER('')]);
      expect(await handshake.receive([second])).toMatchObject({ kind: 'unacceptable' });
    }
  });

  test('checks the name again in the second step', async () => {
    const handshake = newHandshake({ objectionTo: (name) => (name === 'evil.example' ? 'wrong name' : undefined) });
    await handshake.receive([OFFER('')]);
    const second = challenge(`NTLM opaque="1", gssapi-data="${TYPE_2}", realm="r", targetname="evil.example"`);
    expect(await handshake.receive([second])).toEqual({ kind: 'unacceptable', reason: 'wrong name' });
  });
});
