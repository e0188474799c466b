import { describe, expect, test } from 'vitest';
import { NtlmMechanism } from '../../../../src/ocs/auth/ntlm/mechanism.js';
import { readCredentials } from '../../../../src/ocs/simulator/codec/credentials.js';
import { headerOf, type SipRequest, type SipResponse } from '../../../../src/ocs/simulator/codec/message.js';
import { type AuthVersion, signatureBuffer } from '../../../../src/ocs/simulator/security/signature-buffer.js';
import { seededRandom } from '../../../support/simulated-clock.js';
import { ana, ben, TestClient, testServer } from '../../../support/simulator-client.js';

const REALM = 'SIP Communications Service';
const TARGET = 'ocs01.contoso.example';

interface Login {
  readonly user: string;
  readonly domain: string;
  readonly password: string;
}
const right: Login = { user: 'ana', domain: 'CONTOSO', password: 'secret' };

/** A client that signs: tokens and signatures from the bridge's own NTLM, the covered text from the simulator's reader. */
class SigningClient extends TestClient {
  readonly #version: AuthVersion;
  #mechanism: NtlmMechanism | undefined;
  #opaque = '';
  #cnum = 0;

  constructor(server: ReturnType<typeof testServer>['server'], version: AuthVersion = 4) {
    super(server, ana);
    this.#version = version;
  }

  signIn({ user, domain, password }: Login = right): SipResponse {
    const random = seededRandom(3);
    const identity = { user, domain, password, workstation: 'WS1' };
    const mechanism = new NtlmMechanism(
      identity,
      { extendedSecurity: 'required' },
      { random, clock: { now: () => 0 } },
    );
    const challenge = this.send401('gssapi-data=""');
    this.#opaque = challenge.get('opaque') ?? '';
    const token = mechanism.step(Buffer.from(challenge.get('gssapi-data') ?? '', 'base64'));
    if (!token.ok) throw new Error(token.reason);
    this.#mechanism = mechanism;
    this.#cnum = 0;
    const data = `opaque="${this.#opaque}", gssapi-data="${token.value.toString('base64')}"`;
    const request = this.build('REGISTER', { headers: [['Contact', '<sip:10.20.0.7:50412;transport=tls>']] });
    return this.exchange(this.#version === 4 ? this.signed(request, data) : withAuthorization(request, data));
  }

  /** The challenge that comes back to a REGISTER with these parameters. */
  send401(params: string): ReadonlyMap<string, string> {
    const response = this.exchange(withAuthorization(this.build('REGISTER'), params));
    return readCredentials(headerOf(response, 'www-authenticate') ?? '')?.params ?? new Map();
  }

  signed(request: SipRequest, extra = `opaque="${this.#opaque}"`): SipRequest {
    this.#cnum += 1;
    const context = { version: this.#version, scheme: 'NTLM', realm: REALM, targetName: TARGET };
    const text = signatureBuffer(context, request, '0a0b0c0d', String(this.#cnum));
    const response = this.#mechanism?.signer?.sign(Buffer.from(text, 'utf8')) ?? '';
    return withAuthorization(request, `${extra}, crand="0a0b0c0d", cnum="${this.#cnum}", response="${response}"`);
  }

  exchange(request: SipRequest): SipResponse {
    const before = this.received.length;
    this.deliver(request);
    const answer = this.received[before];
    if (answer?.kind !== 'response') throw new Error('no response');
    return answer;
  }

  /** True when the bridge's own NTLM accepts the server's signature. */
  accepts(response: SipResponse): boolean {
    const params = readCredentials(headerOf(response, 'authentication-info') ?? '')?.params;
    const context = { version: this.#version, scheme: 'NTLM', realm: REALM, targetName: TARGET };
    const text = signatureBuffer(context, response, params?.get('srand') ?? '', params?.get('snum') ?? '');
    return this.#mechanism?.signer?.verify(Buffer.from(text, 'utf8'), params?.get('rspauth') ?? '') ?? false;
  }
}

function withAuthorization(request: SipRequest, params: string): SipRequest {
  const value = `NTLM qop="auth", realm="${REALM}", targetname="${TARGET}", ${params}`;
  return { ...request, headers: [...request.headers, { name: 'Authorization', value }] };
}

describe('signing in', () => {
  test.each([4, 3, 2] as const)('works in version %i, and everything is signed from then on', (version) => {
    const { server } = testServer({ authVersion: version });
    const client = new SigningClient(server, version);
    const first = client.exchange(client.build('REGISTER'));
    expect(headerOf(first, 'www-authenticate')?.includes('version=')).toBe(version !== 2);
    expect(headerOf(first, 'date')).toMatch(/GMT$/);
    const registered = client.signIn();
    expect(registered.status).toBe(200);
    expect(client.accepts(registered)).toBe(true);
    const answer = client.exchange(client.signed(client.build('OPTIONS', { uri: 'sip:contoso.example' })));
    expect([answer.status, client.accepts(answer)]).toEqual([200, true]);
    expect(server.counters).toMatchObject({ logonsOk: 1, logonsFailed: 0, badSignatures: 0 });
  });

  test.each([
    ['a user principal name', { user: 'ana@contoso.example', domain: '' }],
    ['the DNS name of the domain', { user: 'ANA', domain: 'contoso.example' }],
  ])('works with %s', (_title, login) => {
    const { server } = testServer({ authVersion: 4 });
    expect(new SigningClient(server).signIn({ ...right, ...login }).status).toBe(200);
  });

  test.each([
    ['a wrong password', { password: 'Secret' }],
    ['an unknown user', { user: 'eve' }],
  ])('with %s is answered with a fresh challenge and diagnostics', (_title, login) => {
    const { server } = testServer({ authVersion: 4 });
    const response = new SigningClient(server).signIn({ ...right, ...login });
    expect(response.status).toBe(401);
    expect(headerOf(response, 'www-authenticate')).not.toContain('gssapi-data');
    expect(headerOf(response, 'ms-diagnostics')).toBe(
      '1000;source="ocs01.contoso.example";reason="Final handshake failed"',
    );
    expect(headerOf(response, 'authentication-info')).toBeUndefined();
    expect(server.counters).toMatchObject({ logonsOk: 0, logonsFailed: 1, registers: 0 });
  });

  test("with somebody else's credentials is forbidden", () => {
    const { server } = testServer({ authVersion: 4 });
    const response = new SigningClient(server).signIn({ ...right, user: 'ben' });
    expect([response.status, headerOf(response, 'ms-diagnostics')?.slice(0, 4)]).toEqual([403, '4004']);
  });

  test('anew replaces the association', () => {
    const { server } = testServer({ authVersion: 4 });
    const client = new SigningClient(server);
    client.signIn();
    const old = client.signed(client.build('OPTIONS', { uri: 'sip:contoso.example' }));
    expect(client.signIn().status).toBe(200);
    expect(client.exchange(old).status).toBe(401);
  });

  test('needs the challenge that was sent to this client', () => {
    const { server } = testServer({ authVersion: 4 });
    const client = new SigningClient(server);
    expect(client.send401('opaque="00000000", gssapi-data="TlRMTQ=="').get('gssapi-data')).toBeUndefined();
    expect(server.counters.logonsFailed).toBe(0);
  });
});

describe('a signed-in client', () => {
  function signedIn(): { client: SigningClient; server: ReturnType<typeof testServer>['server'] } {
    const { server } = testServer({ authVersion: 4 });
    const client = new SigningClient(server);
    client.signIn();
    return { client, server };
  }
  const options = { uri: 'sip:contoso.example' };

  test('is not answered when a message was changed on the way or repeated', () => {
    const { client, server } = signedIn();
    const changed = client.signed(client.build('OPTIONS', options));
    const before = client.received.length;
    client.deliver({
      ...changed,
      headers: changed.headers.map((h) => (h.name === 'Call-ID' ? { ...h, value: 'x' } : h)),
    });
    const good = client.signed(client.build('OPTIONS', options));
    client.deliver(good);
    client.deliver(good);
    expect(client.received.length - before).toBe(1);
    expect(server.counters.badSignatures).toBe(2);
  });

  test('is challenged when it does not sign', () => {
    const { client } = signedIn();
    expect(client.exchange(client.build('OPTIONS', options)).status).toBe(401);
  });

  test('may not carry two credentials', () => {
    const { client } = signedIn();
    const request = client.signed(client.build('OPTIONS', options));
    expect(client.exchange(withAuthorization(request, 'opaque="1"')).status).toBe(400);
  });

  test('may not speak for somebody else', () => {
    const { client } = signedIn();
    const request = client.build('OPTIONS', options);
    const headers = request.headers.map((h) => (h.name === 'From' ? { ...h, value: h.value.replace(ana, ben) } : h));
    expect(client.exchange(client.signed({ ...request, headers })).status).toBe(403);
  });

  test('is believed in its answers only when it signs them', () => {
    const { client, server } = signedIn();
    server.setPerson(ben, { availability: 3500, activity: '', note: '', outOfOffice: false, displayName: 'Ben' });
    const body = `<batchSub><action name="subscribe" id="1"><adhocList><resource uri="${ben}"/></adhocList></action></batchSub>`;
    const subscribe = client.build('SUBSCRIBE', {
      headers: [
        ['Event', 'presence'],
        ['Require', 'adhoclist'],
      ],
      body,
    });
    client.deliver(client.signed(subscribe));
    server.setPerson(ben, { availability: 6500, activity: '', note: '', outOfOffice: false, displayName: 'Ben' });
    const [notify] = client.requests('NOTIFY');
    if (!notify) throw new Error('no NOTIFY');
    client.answer(notify, 200);
    expect(client.requests('NOTIFY')).toHaveLength(1);
  });
});
