import { describe, expect, test } from 'vitest';
import type { Gssapi } from '../../../src/ocs/auth/gssapi/binding.js';
import type { Challenge, HandshakeTurn } from '../../../src/ocs/auth/handshake.js';
import type { SignInIdentity } from '../../../src/ocs/auth/identity.js';
import { newHandshake, type SignInPolicy } from '../../../src/ocs/auth/new-handshake.js';
import { buildChallenge } from '../../../src/ocs/simulator/security/ntlm-challenge.js';
import { parseAuthHeader } from '../../../src/ocs/wire/headers/auth-params.js';
import { BridgeError } from '../../../src/presence/errors.js';
import { FakeGssapi } from '../../support/fake-gssapi.js';
import { signable } from '../../support/signable.js';
import { SimulatedClock, seededRandom } from '../../support/simulated-clock.js';

const HOST = 'ocs01.contoso.example';
const REGISTER = signable(
  'REGISTER sip:contoso.example SIP/2.0\r\nFrom: <sip:bridge@contoso.example>;tag=7d1f;epid=5f0c\r\nTo: <sip:bridge@contoso.example>\r\nCall-ID: c4f1\r\nCSeq: 2 REGISTER\r\n\r\n',
);
const IDENTITY: SignInIdentity = {
  user: 'bridge',
  domain: 'CONTOSO',
  password: 'Winter-2009!',
  workstation: 'BRIDGE01',
  kerberos: { principal: 'bridge@CONTOSO.EXAMPLE' },
};

function challenge(scheme: string, targetName: string, more = ''): Challenge {
  const header = parseAuthHeader(
    `${scheme} realm="SIP Communications Service", targetname="${targetName}", version=4${more}`,
  );
  if (header === undefined) throw new Error('no challenge');
  return { ...header, answerHeader: 'Authorization' };
}
const NTLM = challenge('NTLM', HOST);
const KERBEROS = challenge('Kerberos', `sip/${HOST}`);

function stage(policy: Partial<SignInPolicy> & { readonly gss?: FakeGssapi | BridgeError } = {}) {
  const { gss = new FakeGssapi(), ...more } = policy;
  const gssapi = (): Promise<Gssapi> => (gss instanceof BridgeError ? Promise.reject(gss) : Promise.resolve(gss));
  const handshake = newHandshake(
    { identity: IDENTITY, serverName: HOST, certificateNames: [HOST], allowNtlmWithoutTls: false, ...more },
    { random: seededRandom(), clock: new SimulatedClock(), gssapi },
  );
  return { handshake, gss };
}

const schemeOf = (handshake: ReturnType<typeof newHandshake>) => handshake.headerFor(REGISTER)?.value.split(' ')[0];
const unreachable = { major: 0xd0000, minor: -1_765_328_228, text: 'Cannot contact any KDC' };

describe('choice of the scheme', () => {
  test('is the strongest that is allowed and offered, in whatever order', async () => {
    for (const offer of [
      [NTLM, KERBEROS],
      [KERBEROS, NTLM],
    ]) {
      const { handshake } = stage();
      expect(await handshake.receive(offer)).toEqual({ kind: 'answer' });
      expect(schemeOf(handshake)).toBe('Kerberos');
    }
  });

  for (const [what, change, offer, scheme] of [
    ['NTLM when only that is allowed', { schemes: ['ntlm'] }, [KERBEROS, NTLM], 'NTLM'],
    ['NTLM when Kerberos is not set up', { kerberos: undefined }, [KERBEROS, NTLM], 'NTLM'],
    ['NTLM when the server offers nothing else', {}, [NTLM], 'NTLM'],
    ['Kerberos in the list of the weaker first', { schemes: ['ntlm', 'kerberos'] }, [NTLM, KERBEROS], 'Kerberos'],
    ['none when NTLM is not allowed', { schemes: ['kerberos'] }, [NTLM], undefined],
    ['none when there is no password for NTLM', { password: '' }, [NTLM], undefined],
    ['none when there is no password for Kerberos', { password: '' }, [KERBEROS], undefined],
  ] as const) {
    test(`is ${what}`, async () => {
      const { kerberos, ...rest } = { ...IDENTITY, ...change };
      const { handshake } = stage({ identity: kerberos === undefined ? rest : { ...rest, kerberos } });
      await handshake.receive(offer);
      expect(schemeOf(handshake)).toBe(scheme);
    });
  }

  test('is never NTLM outside of verified TLS, and Kerberos also there', async () => {
    const plain = { certificateNames: undefined };
    expect(await stage(plain).handshake.receive([NTLM])).toMatchObject({ kind: 'unacceptable' });
    expect(await stage({ ...plain, allowNtlmWithoutTls: true }).handshake.receive([NTLM])).toEqual({ kind: 'answer' });
    const { handshake } = stage(plain);
    await handshake.receive([NTLM, KERBEROS]);
    expect(schemeOf(handshake)).toBe('Kerberos');
  });

  test('never falls back to NTLM outside of verified TLS', async () => {
    const gss = new FakeGssapi({ acquire: async () => unreachable });
    const turn = await stage({ certificateNames: undefined, gss }).handshake.receive([KERBEROS, NTLM]);
    expect(turn).toMatchObject({ kind: 'failed', error: { code: 'OCS_KERBEROS' } });
  });
});

describe('Kerberos that does not work', () => {
  for (const [what, gss] of [
    ['for want of a KDC', new FakeGssapi({ acquire: async () => unreachable })],
    ['for want of the library', new BridgeError('OCS_KERBEROS_UNAVAILABLE', 'no koffi')],
  ] as const) {
    test(`${what} leads to NTLM where that is allowed, and says why`, async () => {
      const { handshake } = stage({ gss });
      const turn = await handshake.receive([KERBEROS, NTLM]);
      expect(turn).toMatchObject({ kind: 'answer', instead: { code: expect.stringMatching(/^OCS_KERBEROS/) } });
      expect(schemeOf(handshake)).toBe('NTLM');
    });

    test(`${what} ends the sign-in where NTLM is not allowed`, async () => {
      const identity: SignInIdentity = { ...IDENTITY, schemes: ['kerberos'] };
      expect(await stage({ identity, gss }).handshake.receive([KERBEROS, NTLM])).toMatchObject({ kind: 'failed' });
    });
  }

  test('because of a wrong password leads to no second proof with the same password', async () => {
    const gss = new FakeGssapi({ acquire: async () => ({ ...unreachable, minor: -1_765_328_360 }) });
    const { handshake } = stage({ gss });
    expect(await handshake.receive([KERBEROS, NTLM])).toMatchObject({ kind: 'refused' });
    expect(schemeOf(handshake)).toBeUndefined();
  });

  test('because the server refuses the ticket leads to NTLM, and the context is given back', async () => {
    const gss = new FakeGssapi();
    const { handshake } = stage({ gss });
    await handshake.receive([KERBEROS, NTLM]);
    expect(gss.owned.size).toBe(1);
    const turn: HandshakeTurn = await handshake.receive([KERBEROS, NTLM]);
    expect(turn).toMatchObject({ kind: 'answer', instead: { code: 'OCS_KERBEROS' } });
    expect([gss.owned.size, schemeOf(handshake)]).toEqual([0, 'NTLM']);
    expect(handshake.association).toBeUndefined();
  });
});

describe('NTLM without extended session security', () => {
  /** A CHALLENGE_MESSAGE as LCS 2005 sends it: signatures will be checksums. */
  const checksumOnly = (): string => {
    const message = buildChallenge(Buffer.from('1122334455667788', 'hex'), {
      netbiosDomain: 'CONTOSO',
      netbiosComputer: 'OCS01',
      dnsDomain: 'contoso.example',
      dnsComputer: HOST,
    });
    message.writeUInt32LE((message.readUInt32LE(20) & ~0x80000) >>> 0, 20);
    return message.toString('base64');
  };

  for (const [version, accepted] of [
    ['', true],
    [', version=3', false],
    [', version=4', false],
  ] as const) {
    test(`is ${accepted ? 'taken' : 'refused'} from a server that says "${version}"`, async () => {
      const { handshake } = stage({ identity: { ...IDENTITY, schemes: ['ntlm'] } });
      const offer = (more: string): Challenge => {
        const header = parseAuthHeader(`NTLM realm="r", targetname="${HOST}"${version}${more}`);
        if (header === undefined) throw new Error('no challenge');
        return { ...header, answerHeader: 'Authorization' };
      };
      await handshake.receive([offer('')]);
      const turn = await handshake.receive([offer(`, opaque="1", gssapi-data="${checksumOnly()}"`)]);
      expect(turn.kind).toBe(accepted ? 'answer' : 'unacceptable');
    });
  }
});

describe('name of the Kerberos service', () => {
  for (const [targetName, right] of [
    [`sip/${HOST}`, true],
    ['SIP/OCS01.CONTOSO.EXAMPLE', true],
    ['sip/fe02.contoso.example', true],
    ['sip/ocs01.fabrikam.example', false],
    [HOST, false],
    [`cifs/${HOST}`, false],
    [`sip/${HOST}@OTHER.EXAMPLE`, false],
    [`sip/${HOST}/admin`, false],
    ['sip/', false],
  ] as const) {
    test(`"${targetName}" is ${right ? 'answered' : 'refused'}`, async () => {
      const gss = new FakeGssapi();
      const { handshake } = stage({ gss, identity: { ...IDENTITY, schemes: ['kerberos'] } });
      const turn = await handshake.receive([challenge('Kerberos', targetName)]);
      expect(turn.kind).toBe(right ? 'answer' : 'unacceptable');
      expect(gss.calls.length > 0).toBe(right);
    });
  }
});

describe('Kerberos association', () => {
  const info = (opaque: string, rspauth: string) =>
    new Map([
      ['rspauth', rspauth],
      ['srand', '9616454F'],
      ['snum', '1'],
      ['opaque', opaque],
      ['realm', 'SIP Communications Service'],
      ['targetname', `sip/${HOST}`],
    ]);

  async function established() {
    const gss = new FakeGssapi();
    const { handshake } = stage({ gss });
    await handshake.receive([KERBEROS]);
    const header = parseAuthHeader(handshake.headerFor(REGISTER)?.value ?? '');
    return { gss, handshake, association: handshake.association, params: header?.params };
  }

  /** What a server would sign, made by the same stand-in. */
  function signatureOf(gss: FakeGssapi): string {
    const text = `<Kerberos><9616454F><1><SIP Communications Service><sip/${HOST}><c4f1><2><REGISTER><sip:bridge@contoso.example><7d1f><sip:bridge@contoso.example><><><><>`;
    const mic = gss.getMic([...gss.owned.keys()][0] ?? 0n, Buffer.from(text));
    return mic.ok ? mic.value.toString('hex').toUpperCase() : '';
  }

  test('begins with one message that carries the ticket and, from version 4 on, a signature', async () => {
    const { params } = await established();
    expect(params?.get('gssapi-data')).toBe(Buffer.from('ticket').toString('base64'));
    expect(params?.get('response')).toMatch(/^[0-9a-f]{40}$/);
    expect(params?.get('targetname')).toBe(`sip/${HOST}`);
    expect(params?.has('opaque')).toBe(false);
  });

  test('takes its name from the first signature of the server that is right', async () => {
    const { gss, association } = await established();
    expect(association?.verify(REGISTER, info('wrong', '00'.repeat(20)))).toBe('wrong');
    expect(association?.authorize(REGISTER)).not.toContain('opaque');
    expect(association?.verify(REGISTER, info('72CBA4A7', signatureOf(gss)))).toBe('valid');
    expect(association?.authorize(REGISTER)).toContain('opaque="72CBA4A7"');
    expect(association?.matches('Kerberos', info('72CBA4A7', ''))).toBe(true);
    expect(association?.matches('Kerberos', info('other', ''))).toBe(false);
  });

  test('takes no name that would break out of the header', async () => {
    const { gss, association } = await established();
    expect(association?.verify(REGISTER, info('a\\b', signatureOf(gss)))).toBe('valid');
    expect(association?.authorize(REGISTER)).not.toContain('opaque');
  });

  test('has the lifetime of its ticket, and is given back with the sign-in', async () => {
    const { gss, handshake, association } = await established();
    expect(association?.lifetimeMs).toBe(36_000_000);
    handshake.close();
    expect(gss.owned.size).toBe(0);
  });
});
