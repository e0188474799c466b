import { afterEach, describe, expect, test } from 'vitest';
import { ALL_SCOPES } from '../../../../src/bridge/api/access/grant.js';
import type { HttpServerOptions } from '../../../../src/bridge/api/server.js';
import { AccessSite, type SitePerson } from '../../../support/access-site.js';
import { BEARER } from '../../../support/http-server.js';
import { person } from '../../../support/people.js';
import { StreamReader } from '../../../support/stream-reader.js';
import { bearerOf, type TestToken, tokenOf } from '../../../support/token-book.js';

const ANA: SitePerson = { ...person('sip:ana@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso'), status: 'busy' };
const BEN: SitePerson = { ...person('sip:ben@contoso.example', 'CN=Ben Okoro/OU=Support/O=Contoso'), status: 'away' };
const CRM: TestToken = { name: 'crm', scopes: ['read', 'stream', 'message'], people: ['*/Sales/Contoso'] };
const ALL: TestToken = { name: 'all', scopes: ALL_SCOPES };

let site: AccessSite;
afterEach(() => site.server.close());

async function start(tokens: readonly TestToken[] = [CRM, ALL], options: Partial<HttpServerOptions> = {}) {
  site = await AccessSite.start([ANA, BEN], tokens, options);
}

async function stream(name: string, view = 'People'): Promise<StreamReader> {
  const reader = await StreamReader.open(`${site.server.url}/stream`, { headers: bearerOf(name) });
  reader.watch(view);
  await reader.next('view');
  return reader;
}

const refusals = () => site.server.log.entries.filter(({ event }) => event.startsWith('audit.'));

describe('a stream with a person filter', () => {
  test('shows its people alone, with their places among themselves', async () => {
    await start();
    const [crm, all] = [await stream('crm', 'ByStatus'), await stream('all', 'ByStatus')];
    site.change({ ...BEN, status: 'available' });
    site.change({ ...ANA, status: 'offline' });
    await site.server.clock.advance(100);
    const { changed, removed } = await crm.next('rows');
    expect([changed.map(({ id, index }) => [id, index]), removed]).toEqual([[[ANA.key, 0]], []]);
    expect((await all.next('rows')).changed).toHaveLength(2);
    expect([crm.shown(), all.shown()]).toEqual([
      [' offline CN=Ana Reyes/OU=Sales/O=Contoso'],
      [' available CN=Ben Okoro/OU=Support/O=Contoso', ' offline CN=Ana Reyes/OU=Sales/O=Contoso'],
    ]);
    expect(JSON.stringify(crm.messages)).not.toMatch(/ben/i);
  });

  test('counts its people alone', async () => {
    await start();
    const reader = await StreamReader.open(`${site.server.url}/stream`, { headers: bearerOf('crm') });
    expect(await reader.next('status')).toMatchObject({
      people: 1,
      counts: { busy: 1, away: 0 },
      refused: [{ key: ANA.key }],
    });
  });

  test('follows people into the filter and out of it, though no row changes', async () => {
    await start();
    const crm = await stream('crm');
    const moved = { ...BEN, name: ANA.name };
    site.move(moved, { ...ANA, name: BEN.name });
    await site.server.clock.advance(1_000);
    expect((await crm.next('view')).rows.map(({ id }) => id)).toEqual([BEN.key]);
  });

  test('is told that somebody has left the filter', async () => {
    await start();
    const crm = await stream('crm');
    site.set([{ ...ANA, name: BEN.name }, BEN]);
    await site.server.clock.advance(0);
    expect(await crm.next('rows')).toMatchObject({ changed: [], removed: [ANA.key] });
  });
});

describe('a token that ends', () => {
  test('ends its streams within a second when it is revoked, and no others', async () => {
    await start();
    const [crm, all] = [await stream('crm'), await stream('all')];
    site.tokens.set(ALL);
    await site.server.clock.advance(2_000);
    expect(await crm.closed()).toBe(1008);
    expect(all.closeCode).toBeUndefined();
    all.socket.terminate();
  });

  test('ends its streams when its time is over', async () => {
    await start([{ ...ALL, expires: Date.UTC(2026, 0, 5, 8, 0, 10) }]);
    const all = await stream('all');
    await site.server.clock.advance(11_000);
    expect(await all.closed()).toBe(1008);
  });

  test('takes its tickets with it', async () => {
    await start();
    const { ticket } = (await (await site.ask('POST', '/api/v1/stream-ticket', bearerOf('crm'))).json()) as {
      ticket: string;
    };
    site.tokens.set(ALL);
    await site.server.clock.advance(1_000);
    const { url } = site.server;
    const late = StreamReader.open(`${url}/stream?ticket=${ticket}`, { headers: { origin: url } });
    await expect(late).rejects.toThrow('refused with 401');
  });

  test('says so to its holder, and counts as a wrong one', async () => {
    await start([{ ...ALL, expires: 1 }], { limits: { failures: 1 } });
    const answer = await site.ask('GET', '/api/v1/people', bearerOf('all'));
    expect(await answer.json()).toMatchObject({ code: 'API_UNAUTHORIZED', message: 'the access token has expired' });
    expect((await site.ask('GET', '/api/v1/people', bearerOf('all'))).status).toBe(429);
  });
});

describe('a ticket', () => {
  test('opens a stream with the filter of its token', async () => {
    await start();
    const { ticket } = (await (await site.ask('POST', '/api/v1/stream-ticket', bearerOf('crm'))).json()) as {
      ticket: string;
    };
    const { url } = site.server;
    const reader = await StreamReader.open(`${url}/stream?ticket=${ticket}`, { headers: { origin: url } });
    reader.watch('People');
    expect((await reader.next('view')).rows.map(({ id }) => id)).toEqual([ANA.key]);
  });
});

describe('requests beyond the limits', () => {
  const limits = { failures: 1_000, requestsPerToken: { perSecond: 1, burst: 2 } };
  const status = async (name: string): Promise<number> =>
    (await site.ask('GET', '/api/v1/people', bearerOf(name))).status;

  test('of one token are refused until its time comes, those of others are not', async () => {
    await start([CRM, ALL], { limits });
    expect([await status('crm'), await status('crm'), await status('all')]).toEqual([200, 200, 200]);
    const answer = await site.ask('GET', '/api/v1/people', bearerOf('crm'));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await answer.json()).toMatchObject({ code: 'API_BUSY', message: 'too many requests with this token' });
    await site.server.clock.advance(1_000);
    expect([await status('crm'), await status('crm')]).toEqual([200, 429]);
  });

  test('of one address are refused whatever they are for, streams too', async () => {
    await start([ALL], { limits: { requestsPerAddress: { perSecond: 1, burst: 2 } } });
    expect((await site.server.get('/healthz')).status).toBe(200);
    expect(await status('all')).toBe(200);
    expect((await site.server.get('/nothing')).status).toBe(429);
    await expect(stream('all')).rejects.toThrow('refused with 429');
  });
});

describe('presence without a token', () => {
  test('is none unless the configuration says so', async () => {
    await start();
    expect((await site.ask('GET', '/api/v1/people', {})).status).toBe(401);
  });

  test('allows what the configuration names and nothing else; a wrong token stays wrong', async () => {
    await start([], { withoutToken: ['read'] });
    const status = async (method: string, path: string, headers = {}) => (await site.ask(method, path, headers)).status;
    expect([await status('GET', '/api/v1/people'), await status('POST', '/api/v1/reconcile')]).toEqual([200, 401]);
    expect(await status('POST', '/api/v1/stream-ticket')).toBe(401);
    expect(await status('GET', '/api/v1/people', { authorization: 'Bearer wrong' })).toBe(401);
  });
});

describe('the audit log', () => {
  test('names who did what, people by key, and holds neither token nor text nor status', async () => {
    await start();
    await site.ask('PUT', '/api/v1/self', bearerOf('all'), { status: 'busy', note: 'Canary' });
    await site.ask('DELETE', '/api/v1/self', BEARER);
    await site.ask('POST', '/api/v1/messages', bearerOf('crm'), { to: ANA.uri, text: 'Canary' });
    await site.ask('POST', '/api/v1/messages', bearerOf('all'), { to: 'sip:x@y.example', text: 'Canary' });
    await site.ask('DELETE', `/api/v1/person?who=${ANA.uri}`, BEARER);
    await site.ask('POST', '/api/v1/reconcile', bearerOf('all'));
    await site.ask('POST', '/api/v1/reconcile', bearerOf('crm'));
    const lines = refusals().map(({ event, fields }) => ({ event, ...fields }));
    expect(lines).toMatchObject([
      { event: 'audit.status-set', holder: 'all', action: 'set', outcome: 'done' },
      { event: 'audit.status-set', holder: 'access-token', action: 'clear', outcome: 'done' },
      { event: 'audit.message-sent', holder: 'crm', to: ANA.key, outcome: 'done' },
      { event: 'audit.message-sent', holder: 'all', outcome: 'OCS_MESSAGE' },
      { event: 'audit.operated', holder: 'access-token', action: 'DELETE /api/v1/person', people: [ANA.key] },
      { event: 'audit.operated', holder: 'all', action: 'POST /api/v1/reconcile', outcome: 'done' },
      { event: 'audit.refused', holder: 'crm', action: 'POST /api/v1/reconcile' },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(new RegExp(`Canary|busy|ana@|${tokenOf('all')}|${tokenOf('crm')}`));
  });

  test('is not filled by whoever is refused again and again', async () => {
    await start();
    for (let tries = 0; tries < 30; tries++) await site.ask('POST', '/api/v1/reconcile', bearerOf('crm'));
    expect(refusals()).toHaveLength(20);
  });
});
