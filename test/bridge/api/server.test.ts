import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startHttpServer } from '../../../src/bridge/api/server.js';
import { createMetrics } from '../../../src/bridge/observe/metrics.js';
import { BridgeError } from '../../../src/presence/errors.js';
import { FakeViewFeed } from '../../support/fake-view-feed.js';
import { ANA, BEARER, type TestServer, TOKEN, testServer } from '../../support/http-server.js';

let server: TestServer;

describe('startHttpServer', () => {
  beforeAll(async () => {
    server = await testServer({ limits: { failures: 1_000 } });
  });
  afterAll(() => server.close());

  const OPEN = ['/', '/board/board.js', '/icons/available.gif', '/healthz', '/metrics'];
  const CLOSED = [
    ['GET', '/api/v1/status'],
    ['GET', '/api/v1/people'],
    ['POST', '/api/v1/stream-ticket'],
  ] as const;
  const WRONG_TOKENS: Readonly<Record<string, string>> = {
    'a wrong token': `Bearer ${TOKEN}x`,
    'a part of the token': `Bearer ${TOKEN.slice(0, -1)}`,
    'the token in another scheme': `Basic ${TOKEN}`,
    'an empty token': 'Bearer ',
    'the token in another case': `Bearer ${TOKEN.toLowerCase()}`,
  };

  for (const path of OPEN) {
    test(`gives ${path} to everybody`, async () => {
      expect((await server.get(path, {})).status).toBe(200);
      expect((await server.get(path, { headers: { authorization: 'Bearer wrong' } })).status).toBe(200);
    });
  }

  test.each([...OPEN, '/api/v1/people', '/nowhere'])('refuses %s under a name that is not ours', async (path) => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`GET ${path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 403 [\s\S]*"API_FORBIDDEN"/);
  });

  for (const [method, path] of CLOSED) {
    test(`gives ${path} for the right token`, async () => {
      expect((await server.get(path, { method, headers: BEARER })).status).toBe(200);
    });

    test(`refuses ${path} without a token`, async () => {
      const answer = await server.get(path, { method });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect(await answer.json()).toEqual({
        code: 'API_UNAUTHORIZED',
        message: 'no access token was sent',
        next: expect.stringContaining('access-token'),
      });
    });

    for (const [what, authorization] of Object.entries(WRONG_TOKENS)) {
      test(`refuses ${path} for ${what}`, async () => {
        const answer = await server.get(path, { method, headers: { authorization } });
        expect(answer.status).toBe(401);
        expect(await answer.text()).not.toContain('contoso');
      });
    }
  }

  test('answers people with exactly the fields of the schema', async () => {
    const answer = await server.get('/api/v1/people');
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    // Nobody confirms her: what stood there before is not told.
    const { name, observedAt, since, ...present } = ANA;
    expect([name, observedAt, since]).toEqual([undefined, undefined, expect.any(Number)]);
    const told = { address: ANA.uri, status: 'unknown', source: 'none', confirmed: false, reason: 'not-confirmed' };
    expect(await answer.json()).toEqual([{ ...present, ...told, freshUntil: server.clock.now() }]);
  });

  test('keeps fields nobody declared inside', async () => {
    const careless = await testServer({ people: () => [{ ...ANA, phone: '+49 30 1234' } as typeof ANA] });
    expect(await (await careless.get('/api/v1/people')).text()).not.toContain('1234');
    await careless.close();
  });

  test('answers the status with what the watching costs the server, or without when nobody knows', async () => {
    const answer = async (): Promise<unknown> => await (await server.get('/api/v1/status')).json();
    const watching = { dialogs: 2, subscribed: 97, categorySubscriptions: 194, polled: 3 };
    server.status = { ...server.status, watching };
    expect(await answer()).toMatchObject({ watching });
    server.status = { ...server.status, watching: undefined };
    expect(await answer()).not.toHaveProperty('watching');
  });

  test('answers the status with the error of a link in words', async () => {
    server.status = {
      ...server.status,
      ocs: { state: 'refused', since: 1, error: new BridgeError('OCS_FORBIDDEN', 'not enabled') },
    };
    const status = (await (await server.get('/api/v1/status')).json()) as Record<string, unknown>;
    expect(status['ocs']).toEqual({
      state: 'refused',
      since: 1,
      error: { code: 'OCS_FORBIDDEN', message: 'not enabled', retry: 'after-config', next: expect.any(String) },
    });
  });

  test('reports health to supervisors without naming anybody', async () => {
    server.status = { ...server.status, ocs: { state: 'connected', since: 1 } };
    expect((await server.get('/healthz', {})).status).toBe(200);
    server.status = { ...server.status, ocs: { state: 'connecting', since: 1 } };
    const answer = await server.get('/healthz', {});
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ healthy: false, reasons: ['OCS is connecting.'] });
  });

  test('exposes metrics with counts and no person', async () => {
    const answer = await server.get('/metrics', {});
    expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    const metrics = await answer.text();
    expect(metrics).toContain('presence_bridge_people{status="available"} 1');
    expect(metrics).toMatch(/presence_bridge_http_refused_total\{code="API_UNAUTHORIZED"\} \d/);
    expect(metrics).not.toContain('ana');
  });

  test('sends the security headers with pages, answers and errors alike', async () => {
    for (const path of ['/', '/api/v1/people', '/nothing', '/api/v1/status?x=1']) {
      const { headers } = await server.get(path, {});
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
          "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  test('answers unknown paths, methods and files as JSON', async () => {
    const requests: [string, RequestInit?][] = [
      ['/nothing'],
      ['/api/v1/people', { method: 'DELETE' }],
      ['/board/..%2f..%2fserver.ts'],
      ['/board/index.html'],
      ['/board/__proto__'],
      ['/icons/..%2f..%2fpackage.json'],
      ['/icons/picture.svg'],
    ];
    for (const [path, init] of requests) {
      const answer = await server.get(path, init);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(await answer.json()).toMatchObject({ code: 'API_NOT_FOUND', next: expect.any(String) });
    }
  });

  test('refuses a body beyond 64 kB and one that is not JSON, with words', async () => {
    const post = (body: string) =>
      server.get('/api/v1/stream-ticket', {
        method: 'POST',
        headers: { ...BEARER, 'content-type': 'application/json' },
        body,
      });
    const large = await post(JSON.stringify('x'.repeat(64 * 1024)));
    expect([large.status, await large.json()]).toEqual([413, expect.objectContaining({ code: 'API_BAD_REQUEST' })]);
    const broken = await post('{"__proto__": {"x": 1}}');
    expect([broken.status, await broken.json()]).toEqual([400, expect.objectContaining({ code: 'API_BAD_REQUEST' })]);
  });

  test('answers octets that are no HTTP with an error and closes', async () => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write('REGISTER sip:x SIP/2.0\r\n\r\n'));
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toContain('"code":"API_BAD_REQUEST"');
  });

  test('closes a connection that sends its request too slowly', async () => {
    const hasty = await testServer({ limits: { connectionTimeout: 30 } });
    const socket = connect(hasty.port, '127.0.0.1', () => socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\nX-'));
    expect(await text(socket)).not.toContain('200 OK');
    await hasty.close();
  });

  test('keeps what went wrong inside to itself and the log', async () => {
    const broken = await testServer({
      people: () => {
        throw new Error('secret detail');
      },
    });
    const answer = await broken.get('/api/v1/people');
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ code: 'INTERNAL', message: 'The bridge could not answer.' });
    expect(broken.log.entries.map(({ event }) => event)).toContain('http.failed');
    await broken.close();
  });

  test('says that the port is taken, and by whom it was asked for', async () => {
    const second = testServer({ port: server.port });
    await expect(second).rejects.toMatchObject({
      code: 'API_PORT',
      message: `cannot listen on 127.0.0.1 port ${server.port}: another program uses it`,
    });
  });

  test('leaves nothing listening to the views when the port cannot be opened', async () => {
    const feed = new FakeViewFeed();
    await expect(testServer({ port: server.port, views: feed })).rejects.toThrow(BridgeError);
    expect(feed.listeners).toBe(0);
  });

  test('gives a usable address for an IPv6 host', async () => {
    const six = await testServer({ host: '::1' }).catch(() => undefined);
    if (six === undefined) return;
    expect(six.url).toBe(`http://[::1]:${six.port}`);
    expect((await six.get('/healthz', {})).status).toBe(200);
    await six.close();
  });
});

describe('guessing a token', () => {
  let guarded: TestServer;
  afterEach(() => guarded.close());
  const wrong = { headers: { authorization: 'Bearer wrong' } };

  test('is slowed down after ten tries a minute, and told for how long', async () => {
    guarded = await testServer();
    for (let tries = 0; tries < 10; tries++) expect((await guarded.get('/api/v1/people', wrong)).status).toBe(401);
    await guarded.clock.advance(15_000);
    const answer = await guarded.get('/api/v1/people', wrong);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '45']);
    expect(await answer.json()).toMatchObject({ code: 'API_BUSY' });
    await guarded.clock.advance(45_000);
    expect((await guarded.get('/api/v1/people', wrong)).status).toBe(401);
  });

  test('never locks out the right token', async () => {
    guarded = await testServer({ limits: { failures: 1 } });
    for (let tries = 0; tries < 5; tries++) await guarded.get('/api/v1/people', wrong);
    expect((await guarded.get('/api/v1/people')).status).toBe(200);
  });
});

test('close frees the port and ends connections that are kept alive', async () => {
  const first = await testServer();
  await first.get('/healthz', {});
  await first.close();
  await first.close();
  const again = await startHttpServer({
    host: '127.0.0.1',
    port: first.port,
    accessToken: TOKEN,
    status: () => first.status,
    people: () => [],
    views: first.feed,
    metrics: createMetrics({ include: 'bridge' }),
    clock: first.clock,
    log: first.log,
  });
  expect(again.port).toBe(first.port);
  await again.close();
  expect(first.feed.listeners).toBe(0);
});
