import { describe, expect, test } from 'vitest';
import type { Gssapi } from '../../../../src/ocs/auth/gssapi/binding.js';
import { headerOf, headersOf } from '../../../../src/ocs/simulator/codec/message.js';
import { KerberosAcceptor } from '../../../../src/ocs/simulator/security/kerberos-acceptor.js';
import { FakeGssapi } from '../../../support/fake-gssapi.js';
import { ana, TestClient, testServer } from '../../../support/simulator-client.js';

const NAMES = 'realm="SIP Communications Service", targetname="sip/ocs01.contoso.example"';

/** Accepts each ticket as one of the principal that it names. */
class AcceptingGssapi extends FakeGssapi {
  complete = true;
  #next = 1000n;

  override acceptContext: Gssapi['acceptContext'] = (_, token) => {
    const peer = token.toString('utf8');
    if (!peer.includes('@')) return { ok: false, failure: { major: 0x90000, minor: 0, text: 'Invalid token' } };
    const context = this.initiated();
    return { ok: true, value: { context, token: Buffer.alloc(0), complete: this.complete, lifetime: 60, peer } };
  };

  initiated(): bigint {
    const handle = this.#next++;
    this.owned.set(handle, 'context');
    return handle;
  }

  get contexts(): number {
    return [...this.owned.values()].filter((kind) => kind === 'context').length;
  }
}

async function stage(schemes: readonly ('Kerberos' | 'NTLM')[] = ['Kerberos', 'NTLM'], authVersion: 3 | 4 = 3) {
  const gss = new AcceptingGssapi();
  const kerberos = new KerberosAcceptor('/nowhere', () => Promise.resolve(gss));
  await kerberos.open();
  const { server } = testServer({ authVersion, schemes, kerberos });
  const client = new TestClient(server, ana);
  const signIn = (token: string, scheme = 'Kerberos') => {
    const data = Buffer.from(token).toString('base64');
    const value = `${scheme} qop="auth", ${NAMES}, gssapi-data="${data}"`;
    const contact = '<sip:10.20.0.7:50412;transport=tls>';
    return client.request('REGISTER', {
      headers: [
        ['Contact', contact],
        ['Authorization', value],
      ],
    });
  };
  return { gss, server, client, kerberos, signIn };
}

describe('Kerberos in the simulator', () => {
  test('is offered beside NTLM, each with the name it goes by', async () => {
    const { client } = await stage();
    expect(headersOf(client.request('REGISTER'), 'www-authenticate')).toEqual([
      `Kerberos ${NAMES}, version=3`,
      'NTLM realm="SIP Communications Service", targetname="ocs01.contoso.example", version=3',
    ]);
  });

  test('signs its answer with the context of the ticket, and names the association', async () => {
    const { server, signIn, gss } = await stage();
    const response = signIn('ana@CONTOSO.EXAMPLE', 'kerberos');
    expect(response.status).toBe(200);
    expect(headerOf(response, 'authentication-info')).toMatch(
      /^Kerberos rspauth="[0-9A-F]{40}", srand="[0-9A-F]{8}", snum="1", opaque="[0-9A-F]{8}"/,
    );
    expect([gss.contexts, server.counters.logonsOk]).toEqual([1, 1]);
  });

  test('keeps one context for each endpoint, and none when the connection is gone', async () => {
    const { client, signIn, gss, kerberos } = await stage();
    for (let turn = 0; turn < 3; turn++) signIn('ana@CONTOSO.EXAMPLE');
    expect(gss.contexts).toBe(1);
    client.close();
    expect(gss.contexts).toBe(0);
    kerberos.close();
    expect(gss.owned.size).toBe(0);
  });

  for (const [what, token, status] of [
    ['a ticket that is none', 'rubbish', 401],
    ['a ticket of somebody unknown', 'eve@CONTOSO.EXAMPLE', 401],
    ['a ticket of another realm', 'ana@FABRIKAM.EXAMPLE', 401],
    ['an endless ticket', `@${'x'.repeat(7000)}`, 401],
    ["somebody else's ticket", 'ben@CONTOSO.EXAMPLE', 403],
  ] as const) {
    test(`answers ${what} with ${status}, and keeps nothing`, async () => {
      const { signIn, gss, server } = await stage();
      expect(signIn(token).status).toBe(status);
      expect([gss.contexts, server.counters.logonsOk]).toEqual([0, 0]);
    });
  }

  test('demands the first signature in version 4', async () => {
    const { signIn, gss, server } = await stage(['Kerberos'], 4);
    expect(signIn('ana@CONTOSO.EXAMPLE').status).toBe(401);
    expect([gss.contexts, server.counters.logonsFailed]).toEqual([0, 1]);
  });

  test('takes neither a second round nor a scheme that it does not offer', async () => {
    const second = await stage();
    second.gss.complete = false;
    expect(second.signIn('ana@CONTOSO.EXAMPLE').status).toBe(401);
    expect(second.gss.contexts).toBe(0);
    const other = await stage(['NTLM']);
    expect(other.signIn('ana@CONTOSO.EXAMPLE').status).toBe(401);
  });

  test('says what is wrong with its keytab', async () => {
    const gss = new FakeGssapi();
    gss.acquireAcceptor = () => ({ ok: false, failure: { major: 1, minor: 0, text: 'No key table entry found' } });
    const kerberos = new KerberosAcceptor('/etc/none.keytab', () => Promise.resolve(gss));
    await expect(kerberos.open()).rejects.toThrow('the keytab /etc/none.keytab cannot be used: No key table entry');
    expect(kerberos.accept(Buffer.from('x')).ok).toBe(false);
  });
});
