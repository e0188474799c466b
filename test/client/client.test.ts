import { fetch as undiciFetch } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createPresenceClient, type Follow, type PresenceClient, PresenceError } from '../../src/client/client.js';
import { TOKEN } from '../support/http-server.js';
import { tokenOf } from '../support/token-book.js';
import { ANA, BEN, type PresenceSite, presenceSite } from './presence-site.js';

let site: PresenceSite;
let client: PresenceClient;
let follow: Follow | undefined;
beforeEach(async () => {
  site = await presenceSite();
  client = createPresenceClient({ url: site.server.url, token: TOKEN });
});
afterEach(async () => {
  follow?.stop();
  follow = undefined;
  await site.server.close();
});

/** The error that a promise rejects with. */
async function errorOf(work: Promise<unknown>): Promise<PresenceError> {
  try {
    await work;
  } catch (thrown) {
    return thrown as PresenceError;
  }
  throw new Error('it was not refused');
}

describe('asking', () => {
  test('for many people at once, in the words of other programs too', async () => {
    const { people } = await client.query(['Ana Reyes', 'nobody@contoso.example'], { words: ['mistatus'] });
    expect(people).toEqual([
      expect.objectContaining({
        address: ANA.uri,
        status: 'busy',
        words: { mistatus: { value: 0x52, name: 'MISTATUS_IN_A_MEETING' } },
      }),
      expect.objectContaining({
        query: 'nobody@contoso.example',
        found: false,
        status: 'unknown',
        reason: 'not-found',
      }),
    ]);
  });

  test('for one person, by a name with slashes', async () => {
    const answer = await client.person('Ana Reyes/Sales/Contoso', { words: ['graph', 'lync'] });
    expect([answer.address, answer.words?.['graph']]).toEqual([
      ANA.uri,
      { availability: 'Busy', activity: 'InAMeeting' },
    ]);
  });

  test('for nobody is an error with a code', async () => {
    const error = await errorOf(client.person('nobody@contoso.example'));
    expect(error).toBeInstanceOf(PresenceError);
    expect(error).toMatchObject({ code: 'DIRECTORY_NOBODY', status: 404, next: expect.stringContaining('report') });
  });

  test('whom a name means, why somebody is shown so, who I am, and how the bridge is', async () => {
    expect(await client.resolve('Ana Reyes')).toMatchObject({ outcome: 'found', by: 'common-name', address: ANA.uri });
    expect(await client.why('ana@contoso.example')).toMatchObject({ rule: 'ocs-says-so', ocs: { status: 'busy' } });
    expect((await client.me()).scopes).toContain('read');
    expect((await client.bridge()).ocs.state).toBe('connected');
  });

  test('for lists', async () => {
    site.watched.setLists({ id: 'group:Sales/North', title: 'Sales', kind: 'group', members: [BEN.uri] });
    expect((await client.lists()).lists.map(({ id, people }) => [id, people])).toEqual([
      ['everybody', 2],
      ['group:Sales/North', 1],
    ]);
    expect((await client.list('group:Sales/North')).members.map(({ address }) => address)).toEqual([BEN.uri]);
  });
});

describe('acting', () => {
  test('sets, reads and clears the own status', async () => {
    expect(await client.own()).toBeNull();
    expect(await client.setOwn({ status: 'busy', note: 'Back at noon' })).toEqual({
      status: 'busy',
      note: 'Back at noon',
    });
    expect(await client.own()).toEqual({ status: 'busy', note: 'Back at noon' });
    expect(await client.clearOwn()).toBeNull();
  });

  test('says something of others and takes it back', async () => {
    const until = site.server.clock.now() + 60_000;
    expect((await client.setStatusOf('Ana Reyes', { status: 'busy', until })).said).toEqual({ status: 'busy', until });
    expect((await client.clearStatusOf('Ana Reyes')).said).toBeNull();
    expect(site.said).toEqual(['access-token busy', 'access-token nothing']);
  });

  test('sends a message', async () => {
    await client.sendMessage(BEN.uri, 'The order is ready.');
    expect(site.sent).toEqual([[BEN.uri, 'The order is ready.']]);
  });
});

describe('what goes wrong', () => {
  test('a wrong token is refused, with the bridge’s words', async () => {
    const other = createPresenceClient({ url: site.server.url, token: 'wrong' });
    expect(await errorOf(other.me())).toMatchObject({ code: 'API_UNAUTHORIZED', status: 401 });
  });

  test('a bridge that is not there cannot be reached', async () => {
    const other = createPresenceClient({ url: 'http://127.0.0.1:9', token: TOKEN });
    expect(await errorOf(other.me())).toMatchObject({ code: 'API_UNREACHABLE', status: 0 });
  });

  test('something else than a bridge is told apart', async () => {
    const other = createPresenceClient({ url: `${site.server.url}/board`, token: TOKEN });
    expect(await errorOf(other.me())).toMatchObject({ code: 'API_NOT_FOUND', status: 404 });
  });

  test.each([
    ['url', { url: 'presence.contoso.example' }],
    ['url', { url: 'ftp://presence.contoso.example' }],
    ['url', { url: 'https://user:secret@presence.contoso.example' }],
    ['token', { url: 'https://presence.contoso.example', token: 'two words' }],
    ['WebSocket', { url: 'https://presence.contoso.example', transport: 'websocket' as const }],
  ])('a wrong %s is said at once', (part, options) => {
    const make = () => createPresenceClient(options);
    if (part === 'WebSocket' && 'WebSocket' in globalThis) return;
    expect(make).toThrow(
      expect.objectContaining({ code: 'CLIENT_USAGE', message: expect.stringMatching(`^${part}:`) }),
    );
  });

  test('too many people are refused before they are asked for', () => {
    const people = Array.from({ length: 1_001 }, (_, n) => `p${n}@contoso.example`);
    expect(() => client.follow({ people })).toThrow('people: at most 1000');
  });

  test('as many people as may be are followed, more than an address holds', async () => {
    const names = Array.from({ length: 999 }, (_, n) => `Somebody with the Number ${n}/Department/Contoso`);
    const following = client.follow({ people: [...names, 'Ana Reyes'] });
    follow = following;
    await expect.poll(() => following.state).toBe('live');
    expect([following.asked().size, [...following.people().keys()]]).toEqual([1_000, [ANA.uri]]);
  });
});

/** Node without headers in `init` would refuse them; both of these take them. */
const WAYS: readonly [string, (url: string, token?: string) => PresenceClient][] = [
  ['server-sent events', (url, token = TOKEN) => createPresenceClient({ url, token })],
  [
    'server-sent events with the fetch of undici',
    (url, token = TOKEN) => createPresenceClient({ url, token, fetch: undiciFetch }),
  ],
  ['a WebSocket', (url, token = TOKEN) => createPresenceClient({ url, token, WebSocket })],
];

describe.each(WAYS)('following people by %s', (_way, make) => {
  const statuses = (): unknown =>
    Object.fromEntries([...(follow?.people() ?? [])].map(([uri, { status }]) => [uri, status]));

  test('tells who they are and who changes', async () => {
    const changed: string[] = [];
    follow = make(site.server.url).follow(
      { people: ['Ana Reyes', 'nobody@contoso.example'], lists: ['everybody'], words: ['graph'] },
      { onPeople: (change) => changed.push(...change.changed.map(({ address, status }) => `${address} ${status}`)) },
    );
    await expect.poll(() => follow?.state).toBe('live');
    expect(statuses()).toEqual({ [ANA.uri]: 'busy', [BEN.uri]: 'available' });
    expect([follow.person('Ana Reyes')?.words, follow.asked().get('nobody@contoso.example')]).toEqual([
      { graph: { availability: 'Busy', activity: 'InAMeeting' } },
      { query: 'nobody@contoso.example', reason: 'not-found' },
    ]);
    await advance(() => site.watched.change({ uri: BEN.uri, status: 'away', observedAt: 2 }));
    await expect.poll(statuses).toEqual({ [ANA.uri]: 'busy', [BEN.uri]: 'away' });
    expect(changed.at(-1)).toBe(`${BEN.uri} away`);
    expect(follow.bridge?.ocs.state).toBe('connected');
  });

  test('follows others when asked to', async () => {
    follow = make(site.server.url).follow({ people: ['Ana Reyes'] });
    await expect.poll(() => follow?.state).toBe('live');
    follow.update({ people: ['Ben Ito'] });
    await expect.poll(statuses).toEqual({ [BEN.uri]: 'available' });
  });

  test('misses nothing that changes while the bridge is away', async () => {
    follow = make(site.server.url).follow({ lists: ['everybody'] });
    await expect.poll(() => follow?.state).toBe('live');
    const { port } = site.server;
    await site.server.close();
    await expect.poll(() => follow?.state).toBe('lost');
    expect(statuses()).toEqual({ [ANA.uri]: 'busy', [BEN.uri]: 'available' });
    site = await presenceSite({ port });
    site.watched.change({ uri: ANA.uri, status: 'offline', activity: '' });
    await expect.poll(statuses, { timeout: 5_000 }).toEqual({ [ANA.uri]: 'offline', [BEN.uri]: 'available' });
  });

  test.each([
    ['that is wrong', 'wrong', 'API_UNAUTHORIZED'],
    ['without the scope', tokenOf('reader'), 'API_FORBIDDEN'],
  ])('stops with a token %s', async (_what, token, code) => {
    follow = make(site.server.url, token).follow({ people: ['Ana Reyes'] });
    await expect.poll(() => follow?.state).toBe('refused');
    expect(follow.error).toMatchObject({ code });
  });

  test('stops when the token is taken back, and forgets everybody', async () => {
    follow = make(site.server.url, tokenOf('follower')).follow({ lists: ['everybody'] });
    await expect.poll(() => follow?.state).toBe('live');
    site.tokens.set();
    await site.server.clock.advance(2_000);
    await expect.poll(() => follow?.state, { timeout: 5_000 }).toBe('refused');
    expect(follow.people().size).toBe(0);
  });
});

/** The server collects changes for a tick of its own clock. */
async function advance(change: () => void): Promise<void> {
  change();
  await site.server.clock.advance(200);
}
