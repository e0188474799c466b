import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EventReader } from '../../../support/event-reader.js';
import { BEARER, type TestServer, testServer } from '../../../support/http-server.js';
import { person } from '../../../support/people.js';
import { bearerOf, TestTokens } from '../../../support/token-book.js';
import { FakeWatchedPeople } from '../../../support/watched-people.js';

const FRIEND = 'https://intranet.contoso.example';
const ANA = { ...person('sip:ana@contoso.example', 'Ana Reyes/Sales/Contoso'), status: 'busy' as const, observedAt: 2 };
const BEN = { ...person('sip:ben@contoso.example', 'Ben Ode/Sales/Contoso'), status: 'away' as const, observedAt: 2 };
const BOTH = `person=${ANA.uri}&person=${BEN.uri}`;

let server: TestServer;
let watched: FakeWatchedPeople;
let tokens: TestTokens;
const open: EventReader[] = [];

async function stream(query: string, headers: Readonly<Record<string, string>> = BEARER): Promise<EventReader> {
  const reader = await EventReader.open(`${server.url}/api/v1/stream?${query}`, headers);
  open.push(reader);
  return reader;
}

async function streamOf(
  body: unknown,
  query = '',
  headers: Readonly<Record<string, string>> = BEARER,
): Promise<EventReader> {
  const reader = await EventReader.open(`${server.url}/api/v1/stream${query}`, headers, body);
  open.push(reader);
  return reader;
}

beforeEach(async () => {
  watched = new FakeWatchedPeople([ANA, BEN]);
  tokens = new TestTokens({ name: 'read', scopes: ['read'] }, { name: 'stream', scopes: ['stream'] });
  server = await testServer({ watched, tokens, allowedOrigins: [FRIEND] });
});
afterEach(async () => {
  for (const reader of open.splice(0)) reader.close();
  await server.close();
});

describe('following people by server-sent events', () => {
  test('is a stream that nobody stores and no proxy holds back', async () => {
    const { answer } = await stream(BOTH);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
  });

  test('tells the status of the bridge, everybody, and changes, with cursors as ids', async () => {
    const reader = await stream(BOTH);
    expect((await reader.next('status')).id).toBeUndefined();
    const { id, message } = await reader.next('snapshot');
    expect(message).toMatchObject({ cursor: id, people: [{ status: 'busy' }, { status: 'away' }] });
    watched.change({ ...BEN, status: 'available' });
    await server.clock.advance(100);
    const change = await reader.next('changes');
    expect(change.message).toMatchObject({ cursor: change.id, people: [{ address: BEN.uri, status: 'available' }] });
    expect(reader.text).toContain('retry: ');
  });

  test.each(['last-event-id', 'cursor'] as const)('goes on from its %s', async (how) => {
    const first = await stream(BOTH);
    const { id = '' } = await first.next('snapshot');
    first.close();
    watched.change({ ...ANA, status: 'available' });
    const again =
      how === 'cursor' ? await stream(`${BOTH}&cursor=${id}`) : await stream(BOTH, { ...BEARER, 'last-event-id': id });
    expect((await again.next('changes')).message).toMatchObject({ resumed: true, people: [{ address: ANA.uri }] });
  });

  test('the id of the last event goes before the cursor of the address', async () => {
    const first = await stream(BOTH);
    const { id: old = '' } = await first.next('snapshot');
    watched.change({ ...ANA, status: 'available' });
    await server.clock.advance(100);
    const { id: newest = '' } = await first.next('changes');
    const again = await stream(`${BOTH}&cursor=${old}`, { ...BEARER, 'last-event-id': newest });
    expect((await again.next('changes')).message).toMatchObject({ people: [] });
  });

  test('is heard of at least every 15 s', async () => {
    const reader = await stream(BOTH);
    await reader.next('status');
    for (let turn = 0; turn < 3; turn++) {
      await server.clock.advance(15_000);
      await reader.next('status');
    }
  });

  test('is for the scope "stream" only', async () => {
    await expect(stream(BOTH, {})).rejects.toThrow('401');
    await expect(stream(BOTH, bearerOf('read'))).rejects.toThrow('403');
    await stream(BOTH, bearerOf('stream'));
  });

  test('wants the scope "message" for instant messages', async () => {
    await expect(stream(`${BOTH}&messages=1`, bearerOf('stream'))).rejects.toThrow('403');
  });

  test('takes a ticket of a page, once', async () => {
    const query = `${BOTH}&ticket=${await server.ticket()}`;
    await stream(query, { origin: server.url });
    await expect(stream(query, { origin: server.url })).rejects.toThrow('401');
    await stream(`${BOTH}&ticket=${await server.ticket()}`, { 'sec-fetch-site': 'same-origin' });
  });

  test('lets pages of origins on the list read it, and others not', async () => {
    const { answer } = await stream(`${BOTH}&ticket=${await server.ticket()}`, { origin: FRIEND });
    expect(answer.headers['access-control-allow-origin']).toBe(FRIEND);
    const query = `${BOTH}&ticket=${await server.ticket()}`;
    await expect(stream(query, { origin: 'https://evil.example' })).rejects.toThrow('403');
    await expect(stream(query, { 'sec-fetch-site': 'cross-site' })).rejects.toThrow('403');
  });

  test.each(['person=x&messages=yes', 'peopel=x', 'words=klingon', `list=${'x'.repeat(1_025)}`])(
    'refuses %s',
    async (query) => {
      await expect(stream(query)).rejects.toThrow('400');
    },
  );

  test('ends with its token, and with the bridge', async () => {
    const [one, other] = [await stream(BOTH, bearerOf('stream')), await stream(BOTH)];
    tokens.set();
    await server.clock.advance(2_000);
    await one.end();
    expect(other.ended).toBe(false);
    await server.close();
    await other.end();
  });

  test('HEAD tells of the stream and does not open one', async () => {
    const answer = await server.get(`/api/v1/stream?${BOTH}`, { method: 'HEAD', headers: BEARER });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    expect(await (await server.get('/metrics')).text()).not.toMatch(/stream_clients [1-9]/);
  });
});

describe('following people who are named in the body', () => {
  test('is for a thousand names', async () => {
    const names = Array.from({ length: 998 }, (_, number) => `Person with the Number ${number}/Department/Contoso`);
    const reader = await streamOf({ people: [...names, ANA.uri, BEN.uri], words: ['graph'] });
    const { message } = await reader.next('snapshot');
    expect(message).toMatchObject({ people: [{ status: 'busy', words: { graph: {} } }, { status: 'away' }] });
    expect('asked' in message && message.asked?.length).toBe(1_000);
    watched.change({ ...BEN, status: 'available' });
    await server.clock.advance(100);
    expect((await reader.next('changes')).message).toMatchObject({ people: [{ address: BEN.uri }] });
  });

  test.each(['last-event-id', 'cursor'] as const)('goes on from its %s', async (how) => {
    const body = { people: [ANA.uri], lists: ['everybody'] };
    const first = await streamOf(body);
    const { id = '' } = await first.next('snapshot');
    first.close();
    watched.change({ ...ANA, status: 'available' });
    const again =
      how === 'cursor'
        ? await streamOf({ ...body, cursor: id })
        : await streamOf({ ...body, cursor: 'old' }, '', { ...BEARER, 'last-event-id': id });
    expect((await again.next('changes')).message).toMatchObject({ resumed: true, people: [{ address: ANA.uri }] });
  });

  test('means the same as in the address, so that a cursor of one counts for the other', async () => {
    const { id = '' } = await (await stream(BOTH)).next('snapshot');
    const again = await streamOf({ people: [ANA.uri, BEN.uri], cursor: id });
    expect((await again.next('changes')).message).toMatchObject({ resumed: true, people: [] });
  });

  test('is for the scope "stream" only, and for tickets of pages', async () => {
    const body = { people: [ANA.uri] };
    await expect(streamOf(body, '', {})).rejects.toThrow('401');
    await expect(streamOf(body, '', bearerOf('read'))).rejects.toThrow('403');
    await expect(streamOf({ ...body, messages: true }, '', bearerOf('stream'))).rejects.toThrow('403');
    await streamOf(body, '', bearerOf('stream'));
    const ticket = `?ticket=${await server.ticket()}`;
    await expect(streamOf(body, ticket, { origin: 'https://evil.example' })).rejects.toThrow('403');
    await streamOf(body, ticket, { origin: FRIEND });
    await expect(streamOf(body, ticket, { origin: FRIEND })).rejects.toThrow('401');
  });

  test.each([
    [[], ''],
    [null, ''],
    [{ type: 'subscribe', people: [] }, ''],
    [{ peopel: ['x'] }, ''],
    [{ people: 'x' }, ''],
    [{ people: Array.from({ length: 1_001 }, () => 'x') }, ''],
    [{ words: ['klingon'] }, ''],
    [{ people: ['x'] }, '?person=x'],
  ])('refuses %j%s', async (body, query) => {
    await expect(streamOf(body, query)).rejects.toThrow('400');
  });

  test('refuses a body that is larger than a thousand names are', async () => {
    const people = Array.from({ length: 400 }, () => 'x'.repeat(1_000));
    await expect(streamOf({ people })).rejects.toThrow('413');
  });
});
