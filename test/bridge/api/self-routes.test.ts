import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Messenger, OwnPresence, OwnStatus } from '../../../src/bridge/ports.js';
import { BridgeError } from '../../../src/presence/errors.js';
import { BEARER, type TestServer, testServer } from '../../support/http-server.js';

/** An account that remembers what it was told. */
class ToldAccount {
  status: OwnStatus | undefined;
  readonly sent: [to: string, text: string][] = [];
  failure: BridgeError | undefined;

  readonly own: OwnPresence = {
    publish: async (status) => {
      if (this.failure) throw this.failure;
      this.status = status;
    },
    clear: async () => {
      if (this.failure) throw this.failure;
      this.status = undefined;
    },
    current: () => this.status,
  };

  readonly messages: Messenger = {
    send: async (to, text) => {
      if (this.failure) throw this.failure;
      this.sent.push([to, text]);
    },
    typing: () => {},
    onMessage: () => () => {},
    onTyping: () => () => {},
  };
}

describe('the routes of the own account', () => {
  let server: TestServer;
  let account: ToldAccount;
  beforeAll(async () => {
    server = await testServer({
      limits: { failures: 1_000 },
      self: {
        own: {
          publish: (status) => account.own.publish(status),
          clear: () => account.own.clear(),
          current: () => account.own.current(),
        },
        messages: {
          send: (to, text) => account.messages.send(to, text),
          typing: () => {},
          onMessage: () => () => {},
          onTyping: () => () => {},
        },
      },
    });
  });
  beforeEach(() => {
    account = new ToldAccount();
  });
  afterAll(() => server.close());

  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = BEARER) => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await server.get(path, {
      method,
      headers: { ...headers, ...json },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown>, headers: answer.headers };
  };

  test('set, tell and clear the own status', async () => {
    const wanted = { status: 'busy', activity: 'in-a-meeting', note: 'Room 4', until: 1_800_000_000_000 };
    expect(await call('GET', '/api/v1/self')).toMatchObject({ status: 200, body: { own: null } });
    expect(await call('PUT', '/api/v1/self', wanted)).toMatchObject({ status: 200, body: { own: wanted } });
    expect(account.status).toEqual(wanted);
    expect(await call('GET', '/api/v1/self')).toMatchObject({ body: { own: wanted } });
    expect(await call('DELETE', '/api/v1/self')).toMatchObject({ status: 200, body: { own: null } });
  });

  test('tell what counts now: without what is empty, and nothing once its end has come', async () => {
    const until = server.clock.now() + 60_000;
    await call('PUT', '/api/v1/self', { status: 'away', activity: 'out-to-lunch', activityText: '', note: '', until });
    account.status = { status: 'away', activity: 'out-to-lunch', activityText: '', note: '', until };
    const told = { status: 'away', activity: 'out-to-lunch', until };
    expect((await call('GET', '/api/v1/self')).body).toEqual({ at: server.clock.now(), own: told });
    await server.clock.advance(60_000);
    expect((await call('GET', '/api/v1/self')).body).toEqual({ at: server.clock.now(), own: null });
  });

  test('send a message', async () => {
    const message = { to: 'Ana@Contoso.example', text: 'grüße\n☺' };
    expect(await call('POST', '/api/v1/messages', message)).toMatchObject({ status: 200, body: { delivered: true } });
    expect(account.sent).toEqual([['sip:ana@contoso.example', 'grüße\n☺']]);
  });

  test.each([
    ['GET', '/api/v1/self'],
    ['PUT', '/api/v1/self'],
    ['DELETE', '/api/v1/self'],
    ['POST', '/api/v1/messages'],
  ])('%s %s wants the token before it reads anything', async (method, path) => {
    const body = method === 'GET' || method === 'DELETE' ? undefined : 'x'.repeat(10);
    expect(await call(method, path, body, {})).toMatchObject({ status: 401, body: { code: 'API_UNAUTHORIZED' } });
  });

  test.each([
    ['PUT', '/api/v1/self', { status: 'unknown' }, /^status: /],
    ['PUT', '/api/v1/self', { status: 'busy-idle' }, /^status: /],
    ['PUT', '/api/v1/self', { status: 'busy', activity: 'dancing' }, /^activity: /],
    ['PUT', '/api/v1/self', { status: 'busy', note: 'x'.repeat(501) }, /^note: /],
    ['PUT', '/api/v1/self', { status: 'busy', until: 'soon' }, /^until: /],
    ['PUT', '/api/v1/self', { status: 'busy', until: 1_000 }, /^until: this is over already/],
    [
      'PUT',
      '/api/v1/self',
      { status: 'available', activity: 'on-the-phone' },
      /^activity: .* goes with the status "busy"/,
    ],
    ['PUT', '/api/v1/self', { status: 'offline', activity: 'presenting' }, /^activity: /],
    ['PUT', '/api/v1/self', { activity: 'presenting' }, /^status: /],
    ['PUT', '/api/v1/self', { status: 'busy', account: 'sip:other@contoso.example' }, /account/],
    ['PUT', '/api/v1/self', undefined, /^body: /],
    ['POST', '/api/v1/messages', { to: 'nobody', text: 'x' }, /^to: "user@host"/],
    ['POST', '/api/v1/messages', { to: 'ana@contoso.example', text: ' \n' }, /^text: a text/],
    ['POST', '/api/v1/messages', { to: 'ana@contoso.example', text: 'x'.repeat(8_193) }, /^text: /],
    ['POST', '/api/v1/messages', [], /^body: /],
  ])('%s %s refuses %j', async (method, path, body, message) => {
    const answer = await call(method, path, body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'API_BAD_REQUEST' } });
    expect(answer.body['message']).toMatch(message);
    expect([account.status, account.sent]).toEqual([undefined, []]);
  });

  test('tell why a message was not delivered, or a status not taken', async () => {
    account.failure = new BridgeError('OCS_MESSAGE', 'The message was not delivered: nobody is signed in there (480).');
    expect(await call('POST', '/api/v1/messages', { to: 'ana@contoso.example', text: 'x' })).toMatchObject({
      status: 424,
      body: { code: 'OCS_MESSAGE', message: expect.stringContaining('nobody is signed in there') },
    });
    account.failure = new BridgeError('OCS_PUBLISH', 'no', { details: { retryAfterSeconds: 7 } });
    const refused = await call('PUT', '/api/v1/self', { status: 'busy' });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([424, '7']);
  });

  test('are not there without an account', async () => {
    const mute = await testServer();
    expect((await mute.get('/api/v1/self')).status).toBe(404);
    await mute.close();
  });
});
