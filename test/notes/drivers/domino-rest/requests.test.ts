import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PERSON_ITEMS as ITEM } from '../../../../src/notes/fields.js';
import { createAuthority } from '../../../../src/ocs/simulator/certificates.js';
import { BridgeError } from '../../../../src/presence/errors.js';
import type { StandInAnswer } from '../../../support/rest-server-faults.js';
import { NO_UNID, person, RestSite, unidsOf } from '../../../support/rest-server-site.js';

let site: RestSite;

beforeEach(async () => {
  site = await RestSite.start();
});

afterEach(() => site.stop());

const query = { query: "Form = 'Presence'", itemNames: [ITEM.key] };
const failure = async (call: Promise<unknown>): Promise<BridgeError> => {
  const error = await call.then(() => undefined).catch((thrown: unknown) => thrown);
  if (error instanceof BridgeError) return error;
  throw new Error(`no BridgeError: ${String(error)}`);
};
/** The error of a query that is answered so. */
const errorOf = async (answer: StandInAnswer): Promise<BridgeError> => {
  site.server.faults.instead = () => undefined;
  const driver = await site.opened();
  site.server.faults.instead = ({ path }) => (path === '/query' ? answer : undefined);
  return failure(driver.find(query));
};
const HTML = { 'content-type': 'text/html; charset=utf-8' };

describe('what is sent', () => {
  test('no Origin, no cookies; JSON with the token', async () => {
    await site.opened();
    for (const { headers } of site.server.seen) {
      expect(headers).not.toHaveProperty('origin');
      expect(headers).not.toHaveProperty('cookie');
      expect(headers['content-type']).toBe('application/json');
    }
    expect(site.server.seen[1]?.headers.authorization).toMatch(/^Bearer \S+$/);
  });

  test('queries name the mode in the body, and always count and start', async () => {
    const driver = await site.opened();
    await driver.find(query);
    const { query: asked, body } = site.server.seen.at(-1) ?? { query: new URLSearchParams(), body: {} };
    expect(Object.fromEntries(asked)).toEqual({ dataSource: 'presence', action: 'execute', count: '1000', start: '0' });
    expect(body).toEqual({ query: query.query, mode: 'dql', timeoutSecs: 60 });
  });

  test('a path prefix of a reverse proxy stays in front', async () => {
    const paths: (string | undefined)[] = [];
    const proxy = createServer((request, response) => {
      paths.push(request.url);
      response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    await failure(site.driver({ url: `http://127.0.0.1:${port}/domino/rest` }).open());
    expect(paths).toEqual(['/domino/rest/api/v1/auth']);
    await new Promise((resolve) => proxy.close(resolve));
  });
});

describe('refusals', () => {
  const said = (status: number, message: string, headers?: StandInAnswer['headers']): StandInAnswer => ({
    status,
    body: JSON.stringify({ status, message }),
    ...(headers === undefined ? {} : { headers }),
  });

  test.each([
    ['a bad request', said(400, 'syntax error'), 'NOTES_BAD_REQUEST'],
    ['a missing right', said(403, 'Nice try chap'), 'NOTES_FORBIDDEN'],
    ['an unknown scope', said(404, 'This is not the data you seek!'), 'NOTES_SCOPE'],
    ['a scope that the token is not for', said(403, 'Scope presence is not part of the token'), 'NOTES_SCOPE'],
    ['a missing mode', said(400, 'Form Presence has no mode dql'), 'NOTES_SCOPE'],
    ['an unknown method', said(405, ''), 'NOTES_SCOPE'],
    ['what is too large', said(413, 'too large'), 'NOTES_BAD_REQUEST'],
    ['an overloaded server', said(429, 'slow down', { 'retry-after': '7' }), 'NOTES_BUSY'],
    ['an internal error', said(500, 'Dreaded pirate NullPointer'), 'NOTES_INTERNAL'],
    ['no space', said(500, 'Insufficient disk space'), 'NOTES_FULL'],
    ['a proxy without its server', { status: 502, headers: HTML, body: '<h1>Bad gateway</h1>' }, 'NOTES_UNREACHABLE'],
    ['a proxy that lost patience', { status: 504, headers: HTML, body: '' }, 'NOTES_TIMEOUT'],
    ['a server that starts', said(503, 'starting'), 'NOTES_BUSY'],
    ['a redirect', { status: 302, headers: { location: 'https://sso.example/login?token=x' } }, 'NOTES_UNREACHABLE'],
    ['a page of something else', { status: 200, headers: HTML, body: '<title>Welcome</title>' }, 'NOTES_UNREACHABLE'],
    ['JSON that is cut off', { status: 200, body: '[{"@meta":' }, 'NOTES_UNREACHABLE'],
    ['JSON that is no list', { status: 200, body: '{"rows":[]}' }, 'NOTES_INTERNAL'],
    ['a list of something else', { status: 200, body: '[1,null]' }, 'NOTES_INTERNAL'],
  ] as const)('%s', async (_, answer, code) => {
    const error = await errorOf(answer);
    expect(error.code).toBe(code);
    expect(error.message).not.toContain('<');
    expect(error.message).not.toContain('token=');
  });

  test('how long to wait is passed on, within reason', async () => {
    expect((await errorOf(said(429, '', { 'retry-after': '7' }))).details).toMatchObject({ retryAfterSeconds: 7 });
    expect((await errorOf(said(503, '', { 'retry-after': '999999' }))).details).toMatchObject({
      retryAfterSeconds: 3600,
    });
  });

  test('says what to do about a body that is too large', async () => {
    expect((await errorOf(said(413, ''))).message).toContain('bodyLimit');
  });

  test('texts of the server are cut, in one line, without tokens and without what was asked', async () => {
    const driver = await site.opened();
    const answer = said(
      400,
      `${"Form = 'Presence'"} Bearer abc.def eyJhbGciOiJI.eyJzdWIi.x\u0007 ${'y'.repeat(5_000)}`,
    );
    site.server.faults.instead = ({ path }) => (path === '/query' ? answer : undefined);
    const { message } = await failure(driver.find(query));
    expect(message.length).toBeLessThan(400);
    for (const secret of ['abc.def', 'eyJ', 'Presence', '\u0007']) expect(message).not.toContain(secret);
  });

  test('values of a document that the server repeats are in no error', async () => {
    const driver = await site.opened();
    const note = 'private note of Ana';
    site.server.faults.begin({ kind: 'refused-document', isRefused: () => true });
    site.server.faults.bend = (_, json) =>
      JSON.parse(JSON.stringify(json).replaceAll('Field validation failed', `Field Note is wrong: ${note}`)) as unknown;
    const [outcome] = await driver.create([person('ana', { [ITEM.note]: note })]);
    expect(outcome).toMatchObject({ ok: false, error: { code: 'NOTES_BAD_REQUEST' } });
    expect(JSON.stringify(outcome)).toContain('Field Note is wrong');
    expect(JSON.stringify(outcome)).not.toContain(note);
  });

  test('no redirect is followed', async () => {
    const driver = await site.opened();
    const location = `${site.url}/api/v1/info`;
    site.server.faults.instead = ({ path }) => (path === '/query' ? { status: 307, headers: { location } } : undefined);
    await failure(driver.find(query));
    expect(site.server.count('/info')).toBe(0);
  });
});

describe('size and time', () => {
  test('an answer that is too large is cut off', async () => {
    const driver = await site.opened({ limits: { maxAnswerBytes: 10_000 } });
    site.server.faults.instead = () => ({ status: 200, body: JSON.stringify('x'.repeat(20_000)) });
    expect(await failure(driver.find(query))).toMatchObject({ code: 'NOTES_INTERNAL' });
  });

  test('what counts is the size after unpacking', async () => {
    const bomb = gzipSync(Buffer.alloc(5_000_000));
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const driver = site.driver({ url: `http://127.0.0.1:${port}`, limits: { maxAnswerBytes: 100_000 } });
    expect(await failure(driver.open())).toMatchObject({ code: 'NOTES_INTERNAL' });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test('a write that hangs ends after 10 s, and what follows waits for it', async () => {
    const driver = await site.opened();
    const [unid = NO_UNID] = await unidsOf(driver, [person('ana')]);
    site.server.faults.begin({ kind: 'hang' });
    const late = failure(driver.replaceItems([{ unid, items: { [ITEM.rank]: 1 } }]));
    await site.arrive(() => site.server.faults.isWaiting);
    await site.clock.advance(10_000);
    expect(await late).toMatchObject({ code: 'NOTES_TIMEOUT', details: { sent: true } });
    const next = driver.replaceItems([{ unid, items: { [ITEM.rank]: 2 } }]);
    await site.clock.advance(5_000);
    expect(site.server.seen.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
    site.server.faults.heal();
    expect(await next).toEqual([{ ok: true, unid }]);
    expect((await driver.find({ ...query, itemNames: [ITEM.rank] }))[0]?.items).toEqual({ [ITEM.rank]: 2 });
  });

  test('a call that waits too long for its turn gives up without sending anything', async () => {
    const driver = await site.opened();
    site.server.faults.begin({ kind: 'hang' });
    const late = failure(driver.create([person('ana')]));
    await site.arrive(() => site.server.faults.isWaiting);
    const next = failure(driver.create([person('ben')]));
    await site.clock.advance(30_000);
    expect(await next).toMatchObject({ code: 'NOTES_TIMEOUT', details: { sent: false } });
    expect(site.server.count('/bulk/create')).toBe(1);
    await late;
  });

  test('a query that hangs ends after 60 s and keeps nobody waiting', async () => {
    const driver = await site.opened();
    site.server.faults.begin({ kind: 'hang' });
    const late = failure(driver.find(query));
    await site.arrive(() => site.server.faults.isWaiting);
    await site.clock.advance(60_000);
    expect(await late).toMatchObject({ code: 'NOTES_TIMEOUT' });
    site.server.faults.heal();
    expect(await driver.find(query)).toEqual([]);
  });

  test('closing ends what is under way', async () => {
    const driver = await site.opened();
    site.server.faults.begin({ kind: 'hang' });
    const late = failure(driver.create([person('ana')]));
    await site.arrive(() => site.server.faults.isWaiting);
    const closing = driver.close();
    await site.arrive(() => site.server.count('/auth/logout') === 1);
    await site.clock.advance(2_000);
    await closing;
    expect(await late).toMatchObject({ code: 'NOTES_UNREACHABLE' });
  });
});

describe('TLS', () => {
  let secure: RestSite;
  afterEach(() => secure.stop());

  const start = async (hostNames: readonly string[]): Promise<string> => {
    const { caCertificate, certificate, privateKey } = await (await createAuthority()).issue(hostNames);
    secure = await RestSite.start({ tls: { cert: certificate, key: privateKey } });
    return caCertificate;
  };

  test('a certificate of an authority that is named is trusted', async () => {
    const ca = await start(['localhost']);
    await secure.opened({ ca });
  });

  test('one of an unknown authority is NOTES_UNTRUSTED', async () => {
    await start(['localhost']);
    expect(await failure(secure.driver().open())).toMatchObject({ code: 'NOTES_UNTRUSTED', exitCode: 77 });
    expect(secure.server.seen).toEqual([]);
  });

  test('one for another name is NOTES_UNTRUSTED', async () => {
    const ca = await start(['domino.contoso.example']);
    expect(await failure(secure.driver({ ca }).open())).toMatchObject({ code: 'NOTES_UNTRUSTED' });
  });

  test('a port without TLS is told as such', async () => {
    const ca = await start(['localhost']);
    const url = site.url.replace('http:', 'https:');
    const error = await failure(secure.driver({ ca, url }).open());
    expect(error).toMatchObject({ code: 'NOTES_UNREACHABLE', message: expect.stringContaining('without TLS') });
  });
});
