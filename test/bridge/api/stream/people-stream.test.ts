import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PersonList } from '../../../../src/bridge/list-ports.js';
import { BEARER, type TestServer, testServer } from '../../../support/http-server.js';
import { person, sip } from '../../../support/people.js';
import { StreamReader } from '../../../support/stream-reader.js';
import { bearerOf, TestTokens } from '../../../support/token-book.js';
import { FakeWatchedPeople } from '../../../support/watched-people.js';

const FRESH_MS = 95_000;
const shown = (address: string, name: string) => ({
  ...person(address, name),
  status: 'available' as const,
  since: 1,
  observedAt: 2,
});
const ANA = shown('sip:ana@contoso.example', 'Ana Reyes/Sales/Contoso');
const BEN = shown('sip:ben@contoso.example', 'Ben Ode/Sales/Contoso');
const EVE = shown('sip:eve@contoso.example', 'Eve Moss/Support/Contoso');
const DESK: PersonList = { id: 'help-desk', title: 'Help desk', kind: 'list', members: [EVE.uri, ANA.uri] };

let server: TestServer;
let watched: FakeWatchedPeople;
let tokens: TestTokens;
const open: StreamReader[] = [];

async function stream(holder?: string): Promise<StreamReader> {
  const headers = holder === undefined ? BEARER : bearerOf(holder);
  const reader = await StreamReader.open(`${server.url}/stream`, { headers });
  open.push(reader);
  return reader;
}

/** A reader that has the first state of these people. */
async function following(...people: readonly string[]): Promise<StreamReader> {
  const reader = await stream();
  reader.subscribe({ people });
  await reader.next('snapshot');
  return reader;
}

beforeEach(async () => {
  watched = new FakeWatchedPeople([ANA, BEN, EVE]);
  watched.setLists(DESK);
  tokens = new TestTokens(
    { name: 'sales', scopes: ['stream'], people: ['*/Sales/Contoso'] },
    { name: 'support', scopes: ['stream'], people: ['*/Support/Contoso'] },
  );
  const find = () => ({ outcome: 'not-found' }) as const;
  server = await testServer({ watched, tokens, query: { find, freshMs: FRESH_MS } });
});
afterEach(async () => {
  for (const reader of open.splice(0)) reader.socket.terminate();
  await server.close();
});

describe('following people over WebSocket', () => {
  test('tells who they are and how they are now', async () => {
    const reader = await stream();
    reader.subscribe({ people: ['Ben Ode/Sales/Contoso', 'ana@contoso.example', 'Nobody/Nowhere'] });
    const now = server.clock.now();
    expect(await reader.next('snapshot')).toEqual({
      type: 'snapshot',
      cursor: expect.any(String),
      at: now,
      freshUntil: now + FRESH_MS,
      asked: [
        { query: 'Ben Ode/Sales/Contoso', address: BEN.uri },
        { query: 'ana@contoso.example', address: ANA.uri },
        { query: 'Nobody/Nowhere', reason: 'not-found' },
      ],
      people: [BEN, ANA].map(({ uri, name }) => ({
        address: uri,
        name,
        status: 'available',
        outOfOffice: false,
        since: 1,
        observedAt: 2,
        source: 'ocs',
        confirmed: true,
      })),
    });
  });

  test('tells a change at once after a quiet time, and nothing of others', async () => {
    const reader = await following(ANA.uri);
    watched.change({ ...BEN, status: 'busy' });
    await server.clock.advance(500);
    watched.change({ ...ANA, status: 'away' });
    await server.clock.advance(0);
    const { people } = await reader.next('changes');
    expect(people.map(({ address, status }) => [address, status])).toEqual([[ANA.uri, 'away']]);
    expect(reader.messages.filter(({ type }) => type === 'changes')).toHaveLength(1);
  });

  test('makes one message of many changes within a tick, each person once and as at its end', async () => {
    const reader = await following(ANA.uri, BEN.uri);
    watched.change({ ...ANA, status: 'busy' });
    await server.clock.advance(0);
    await reader.next('changes');
    for (const status of ['away', 'offline', 'do-not-disturb'] as const) {
      watched.change({ ...ANA, status }, { ...BEN, status });
    }
    await server.clock.advance(99);
    expect(reader.messages.filter(({ type }) => type === 'changes')).toHaveLength(1);
    await server.clock.advance(1);
    const { people } = await reader.next('changes');
    expect(people.map(({ address, status }) => [address, status])).toEqual([
      [ANA.uri, 'do-not-disturb'],
      [BEN.uri, 'do-not-disturb'],
    ]);
  });

  test('goes on from a cursor with what changed since', async () => {
    const before = await following('Ana Reyes/Sales/Contoso', BEN.uri);
    const [snapshot] = before.messages.filter((message) => message.type === 'snapshot');
    before.socket.terminate();
    watched.change({ ...BEN, status: 'busy' });
    await server.clock.advance(60_000);
    const reader = await stream();
    reader.subscribe({ people: ['Ana Reyes/Sales/Contoso', BEN.uri], cursor: snapshot?.cursor ?? '' });
    const { people, resumed, cursor } = await reader.next('changes');
    expect([people.map(({ address, status }) => [address, status]), resumed]).toEqual([[[BEN.uri, 'busy']], true]);
    reader.subscribe({ people: ['Ana Reyes/Sales/Contoso', BEN.uri], cursor });
    expect((await reader.next('changes')).people).toEqual([]);
  });

  test.each([
    ['of other people', [ANA.uri]],
    ['that nobody gave', undefined],
  ])('tells everything anew for a cursor %s', async (_what, people) => {
    const other = await following(...(people ?? [ANA.uri]));
    const [snapshot] = other.messages.filter((message) => message.type === 'snapshot');
    const reader = await stream();
    reader.subscribe({ people: [BEN.uri], cursor: people === undefined ? 'x'.repeat(22) : (snapshot?.cursor ?? '') });
    expect((await reader.next('snapshot')).people).toHaveLength(1);
  });

  test('follows lists, in their order and each person once', async () => {
    const reader = await stream();
    reader.subscribe({ people: [ANA.uri], lists: ['help-desk', 'nothing'] });
    const { people, asked } = await reader.next('snapshot');
    expect(people.map(({ address }) => address)).toEqual([ANA.uri, EVE.uri]);
    expect(asked?.at(-1)).toEqual({ query: 'nothing', reason: 'not-found' });
  });

  test('tells everything anew when a list has other members, and nothing when it has not', async () => {
    const reader = await stream();
    reader.subscribe({ lists: ['help-desk'] });
    await reader.next('snapshot');
    watched.setLists({ ...DESK, title: 'Desk' });
    await server.clock.advance(1_000);
    watched.setLists({ ...DESK, members: [BEN.uri] });
    await server.clock.advance(1_000);
    expect((await reader.next('snapshot')).people.map(({ address }) => address)).toEqual([BEN.uri]);
    expect(reader.messages.filter(({ type }) => type === 'snapshot')).toHaveLength(2);
  });

  test('tells why nobody is confirmed, and when the reason becomes another', async () => {
    watched.change({ uri: ANA.uri, observedAt: undefined });
    const reader = await following(ANA.uri);
    server.status = { ...server.status, ocs: { state: 'transient-disconnect', since: 1 } };
    await server.clock.advance(1_000);
    expect((await reader.next('changes')).people).toEqual([
      expect.objectContaining({ status: 'unknown', confirmed: false, reason: 'bridge-disconnected' }),
    ]);
  });

  test('gives a token only the people it sees, in lists and by name', async () => {
    const reader = await stream('sales');
    reader.subscribe({ people: [EVE.uri, ANA.uri], lists: ['help-desk', 'everybody'] });
    const { people, asked } = await reader.next('snapshot');
    expect(people.map(({ address }) => address)).toEqual([ANA.uri, BEN.uri]);
    expect(asked?.[0]).toEqual({ query: EVE.uri, reason: 'not-found' });
    watched.change({ ...EVE, status: 'busy' });
    await server.clock.advance(1_000);
    expect(reader.messages.filter(({ type }) => type === 'changes')).toEqual([]);
  });

  test('says until when statuses count with each status of the bridge', async () => {
    const reader = await following(ANA.uri);
    await server.clock.advance(16_000);
    for (let count = 0; count < 2; count++) {
      const { now, freshUntil } = await reader.next('status');
      expect(freshUntil).toBe(now + FRESH_MS);
    }
  });

  test('a later subscription takes the place of an earlier one', async () => {
    const reader = await following(ANA.uri);
    reader.subscribe({ people: [BEN.uri] });
    await reader.next('snapshot');
    watched.change({ ...ANA, status: 'busy' }, { ...BEN, status: 'busy' });
    await server.clock.advance(100);
    expect((await reader.next('changes')).people.map(({ address }) => address)).toEqual([BEN.uri]);
  });

  test('a connection may watch a view too', async () => {
    server.feed.put({ id: 'a', name: 'Ana', status: 'x' });
    const reader = await following(ANA.uri);
    reader.watch('People');
    expect((await reader.next('view')).rows).toHaveLength(1);
    watched.change({ ...ANA, status: 'busy' });
    server.feed.put({ id: 'a', name: 'Ana', status: 'y' });
    await server.clock.advance(100);
    await reader.next('changes');
    expect(reader.messages.filter(({ type }) => type === 'rows')).toHaveLength(1);
  });

  test.each([
    [{ people: Array.from({ length: 1_001 }, () => 'x') }],
    [{ lists: Array.from({ length: 101 }, () => 'x') }],
    [{ people: ['x'.repeat(1_025)] }],
    [{ words: ['klingon'] }],
    [{ peopel: [] }],
  ])('refuses what is too much or unknown, and goes on with what it followed', async (what) => {
    const reader = await following(ANA.uri);
    reader.subscribe(what as never);
    expect(await reader.next('error')).toMatchObject({ code: 'API_BAD_REQUEST' });
    watched.change({ ...ANA, status: 'busy' });
    await server.clock.advance(100);
    await reader.next('changes');
  });

  test('carries the words of other programs that were asked for', async () => {
    const reader = await stream();
    reader.subscribe({ people: [ANA.uri], words: ['mistatus'] });
    expect((await reader.next('snapshot')).people[0]?.words).toEqual({
      mistatus: { value: 2, name: expect.any(String) },
    });
  });

  test('ends with its token, within two seconds', async () => {
    const reader = await stream('support');
    reader.subscribe({ lists: ['everybody'] });
    await reader.next('snapshot');
    tokens.set();
    await server.clock.advance(2_000);
    expect(await reader.closed()).toBe(1008);
  });

  test('nobody listens to the people of the bridge before somebody follows them', async () => {
    expect(watched.listeners).toBe(0);
    await following(sip('sip:ana@contoso.example'));
    expect(watched.listeners).toBe(1);
  });
});
