import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { BEARER, type TestServer, testServer } from '../../support/http-server.js';
import { StreamReader } from '../../support/stream-reader.js';
import { bearerOf, TestTokens } from '../../support/token-book.js';

let server: TestServer;
const FRIEND = 'https://intranet.contoso.example';

/** `open`, or the error with which the upgrade was refused. */
async function attempt(path: string, headers: Record<string, string>): Promise<string> {
  try {
    const reader = await StreamReader.open(server.url + path, { headers });
    await reader.next('status');
    reader.socket.close();
    await reader.closed();
    return 'open';
  } catch (thrown) {
    return (thrown as Error).message;
  }
}

describe('upgrade to a stream', () => {
  beforeAll(async () => {
    server = await testServer({ allowedOrigins: [FRIEND], limits: { failures: 1_000 } });
  });
  afterAll(() => server.close());
  const own = () => ({ origin: server.url });

  test('takes the token in a header', async () => {
    expect(await attempt('/stream', BEARER)).toBe('open');
  });

  test('refuses no token, a wrong one, and the token in the address', async () => {
    expect(await attempt('/stream', {})).toBe('refused with 401');
    expect(await attempt('/stream', { authorization: 'Bearer wrong' })).toBe('refused with 401');
    expect(await attempt(`/stream?token=${BEARER.authorization.slice(7)}`, own())).toBe('refused with 401');
  });

  test('takes a ticket from a page of its own origin, once', async () => {
    const path = `/stream?ticket=${await server.ticket()}`;
    expect(await attempt(path, own())).toBe('open');
    expect(await attempt(path, own())).toBe('refused with 401');
  });

  test('takes a ticket from a page of an origin on the list', async () => {
    expect(await attempt(`/stream?ticket=${await server.ticket()}`, { origin: FRIEND })).toBe('open');
  });

  test('refuses a name that is not ours, although the page is of the same origin with it', async () => {
    const { port } = server;
    const rebound = { host: `evil.example:${port}`, origin: `http://evil.example:${port}` };
    expect(await attempt(`/stream?ticket=${await server.ticket()}`, rebound)).toBe('refused with 403');
  });

  test('refuses a ticket older than 30 s', async () => {
    const path = `/stream?ticket=${await server.ticket()}`;
    const other = `/stream?ticket=${await server.ticket()}`;
    await server.clock.advance(29_999);
    expect(await attempt(path, own())).toBe('open');
    await server.clock.advance(1);
    expect(await attempt(other, own())).toBe('refused with 401');
  });

  test('refuses foreign origins whatever they show, without using up the ticket', async () => {
    const path = `/stream?ticket=${await server.ticket()}`;
    for (const origin of ['https://evil.example', 'null', `${server.url}.evil.example`, `${FRIEND}:8443`, 'file://']) {
      expect([origin, await attempt(path, { origin })]).toEqual([origin, 'refused with 403']);
      expect(await attempt('/stream', { ...BEARER, origin })).toBe('refused with 403');
    }
    expect(await attempt(path, own())).toBe('open');
  });

  test('refuses a ticket without an origin: only pages need tickets', async () => {
    expect(await attempt(`/stream?ticket=${await server.ticket()}`, {})).toBe('refused with 403');
  });

  test('refuses other paths and broken handshakes', async () => {
    expect(await attempt('/', BEARER)).toBe('refused with 404');
    expect(await attempt('/stream/x', BEARER)).toBe('refused with 404');
    expect(await attempt('//', BEARER)).toBe('refused with 404');
    const answer = await fetch(`${server.url}/stream`, { headers: BEARER });
    expect(answer.status).toBe(404);
  });

  test('counts guessed tickets as wrong tokens', async () => {
    const guarded = await testServer({ limits: { failures: 1 } });
    const guess = () =>
      StreamReader.open(`${guarded.url}/stream?ticket=guess`, { headers: { origin: guarded.url } }).catch(String);
    expect(await guess()).toContain('refused with 401');
    expect(await guess()).toContain('refused with 429');
    await guarded.close();
  });
});

describe('limits of streams', () => {
  let small: TestServer;
  afterEach(() => small.close());

  test('a stream beyond the limit is told to come back later', async () => {
    small = await testServer({ limits: { stream: { clients: 2, reserved: 0 } } });
    const first = await small.stream();
    await small.stream();
    await expect(small.stream()).rejects.toThrow('refused with 429');
    first.socket.close();
    await first.closed();
    await expect(small.stream()).resolves.toBeDefined();
  });

  test('the administrator still gets in when applications have taken all places', async () => {
    const tokens = new TestTokens({ name: 'crm', scopes: ['stream'] });
    small = await testServer({ tokens, limits: { stream: { clients: 2, reserved: 1 } } });
    const crm = () => StreamReader.open(`${small.url}/stream`, { headers: bearerOf('crm') });
    await crm();
    await crm();
    await expect(crm()).rejects.toThrow('refused with 429');
    await expect(small.stream()).resolves.toBeDefined();
    await expect(small.stream()).rejects.toThrow('refused with 429');
  });

  test('tickets beyond the limit are refused until old ones expire', async () => {
    small = await testServer({ limits: { tickets: 2 } });
    const ask = () => small.get('/api/v1/stream-ticket', { method: 'POST', headers: BEARER });
    expect([(await ask()).status, (await ask()).status, (await ask()).status]).toEqual([200, 200, 429]);
    await small.clock.advance(30_000);
    expect((await ask()).status).toBe(200);
  });

  test('a token that hoards tickets takes none from others', async () => {
    const tokens = new TestTokens({ name: 'hoarder', scopes: ['stream'] }, { name: 'page', scopes: ['stream'] });
    small = await testServer({ tokens, limits: { tickets: 3 } });
    const origin = small.url;
    const ask = async (holder: string): Promise<string | number> => {
      const answer = await small.get('/api/v1/stream-ticket', { method: 'POST', headers: bearerOf(holder) });
      return answer.status === 200 ? ((await answer.json()) as { ticket: string }).ticket : answer.status;
    };
    const opens = (ticket: string | number) =>
      StreamReader.open(`${small.url}/stream?ticket=${ticket}`, { headers: { origin } }).then(() => 'open', String);
    const [first, second] = [await ask('hoarder'), await ask('hoarder'), await ask('hoarder')];
    const ticket = await ask('page');
    expect([await ask('hoarder'), await ask('page')]).toEqual([429, 429]);
    expect([await opens(ticket), await opens(first as string)]).toEqual(['open', expect.stringContaining('401')]);
    expect(await opens(second as string)).toBe('open');
  });
});
