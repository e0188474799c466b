import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { resolveDirectory } from '../../../src/notes/directory/resolve.js';
import { personCondition } from '../../../src/notes/directory/sources/single-person.js';
import { DominoRestDriver } from '../../../src/notes/drivers/domino-rest/domino-rest.js';
import { parseQuery } from '../../../src/notes/drivers/embedded/dql/parse.js';
import { databaseFolder } from '../../../src/notes/drivers/embedded/file-names.js';
import { DIRECTORY_RULES } from '../../../src/presence/directory.js';
import { BEARER, type TestServer, TOKEN, testServer } from '../../support/http-server.js';
import { RestServer } from '../../support/rest-server.js';
import { PASSWORD_LOGIN } from '../../support/rest-server-site.js';
import { silentLog } from '../../support/silent-log.js';
import { SimulatedClock } from '../../support/simulated-clock.js';

describe('the API before strangers', () => {
  let server: TestServer;
  const calls: string[] = [];
  beforeEach(async () => {
    calls.length = 0;
    const called = (name: string) => async (): Promise<never> => {
      calls.push(name);
      throw new Error('nobody should come so far');
    };
    server = await testServer({
      reconcile: called('reconcile'),
      desk: { show: called('show'), erase: called('erase') },
    });
  });
  afterEach(() => server.close());

  const ROUTES = [
    ['GET', '/api/v1/status'],
    ['GET', '/api/v1/people'],
    ['GET', '/api/v1/person?who=ana'],
    ['DELETE', '/api/v1/person?who=ana&optOut=true'],
    ['POST', '/api/v1/reconcile'],
    ['POST', '/api/v1/stream-ticket'],
  ] as const;
  const CREDENTIALS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['nothing', {}],
    ['a wrong token', { authorization: 'Bearer x'.padEnd(50, 'x') }],
    ['the beginning of the token', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['the token as a cookie', { cookie: `token=${TOKEN}; access-token=${TOKEN}` }],
    ['the token as a password', { authorization: `Basic ${Buffer.from(`bridge:${TOKEN}`).toString('base64')}` }],
    ['the token in a header of another name', { 'x-access-token': TOKEN }],
  ];

  test.each(ROUTES)('%s %s answers 401 to everybody without the token, and does nothing', async (method, path) => {
    for (const [what, headers] of CREDENTIALS) {
      const { status } = await server.get(path, { method, headers });
      expect([what, status]).toEqual([what, 401]);
    }
    expect((await server.get(`${path}${path.includes('?') ? '&' : '?'}token=${TOKEN}`, { method })).status).toBe(401);
    expect(calls).toEqual([]);
  });

  test('a page of somebody else gets no leave to send the token, nor to read an answer', async () => {
    const origin = { origin: 'https://evil.example' };
    for (const [method, path] of ROUTES) {
      const asked = {
        ...origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization',
      };
      const preflight = await server.get(path, { method: 'OPTIONS', headers: asked });
      const answers = [preflight, await server.get(path, { method: 'GET', headers: { ...origin, ...BEARER } })];
      expect(preflight.ok).toBe(false);
      for (const { headers } of answers) {
        expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      }
    }
  });
});

describe('hostile names', () => {
  const MEGABYTE = 1024 * 1024;
  const REPEATED = ['*/', 'a/', 'CN=', '=', ' ', '@', 'a@', "'", '"', '<a ', 'sip:', '*', '\u0301', 'ß/'];

  test('of a megabyte each, as people, groups and opt-outs, hold nobody up', () => {
    const names = REPEATED.flatMap((text) => {
      const long = text.repeat(MEGABYTE / text.length);
      return [long, `${long}x`, `*/${long}`, `CN=${long}/O=Contoso`];
    });
    const people = names.map((name, index) => ({
      origin: `Person document ${index}`,
      names: [name],
      addresses: [{ rule: 'sip-item' as const, text: name }],
      displayName: name,
    }));
    const groups = [{ origin: 'Group document', names: [...names, 'Sales'], members: [...names, 'Sales'] }];
    const optOuts = [{ origin: 'opt-out', names, addresses: names }];
    const start = performance.now();
    const { rows, roster } = resolveDirectory(
      { people, groups, optOuts },
      {
        rules: DIRECTORY_RULES,
        domains: ['contoso.example'],
        groups: ['Sales'],
        optOut: { people: [], groups: ['Sales'] },
      },
    );
    expect(performance.now() - start).toBeLessThan(5_000);
    expect([rows.every(({ watched }) => !watched), roster.people]).toEqual([true, []]);
  });

  test.each([
    "Liam O'Connor/Contoso",
    "x') or Form = 'Person",
    "x\\' or @all or '",
    "' or '1' = '1",
    '*/Sales/Contoso',
    '?name',
    "a'@contoso.example",
  ])('%j asks for that name alone', (name) => {
    const condition = parseQuery(`Form = 'Person' and ${personCondition(name, ['SIPAddress'])}`);
    expect(condition).toMatchObject({ kind: 'and', left: { name: 'form' } });
    const kinds = JSON.stringify(condition).match(/"kind":"(?:and|all|not|compare)"/g);
    expect(kinds).toEqual(['"kind":"and"', '"kind":"compare"']);
  });

  test('that hold control characters, or are too long, are not asked for at all', () => {
    for (const name of ['a\u0000b', 'a\u009bb', 'x'.repeat(2_000)]) expect(personCondition(name, [])).toBeUndefined();
  });
});

describe('paths of databases', () => {
  test.each(['../x.nsf', '..\\x.nsf', 'a/../../x.nsf', '/etc/x.nsf', 'a//b.nsf', 'a/./b.nsf', '', '.', '..', 'a\0b'])(
    '%j does not lead out of the store',
    (path) => {
      expect(() => databaseFolder('/store', path)).toThrow(expect.objectContaining({ code: 'CFG_INVALID' }));
    },
  );

  test('stay below the store', () => {
    expect(databaseFolder('/store', 'mail\\presence.nsf')).toBe(join('/store', 'mail', 'presence.nsf'));
  });
});

describe('a server of the Domino REST API that means ill', () => {
  let server: RestServer;
  let driver: DominoRestDriver;
  beforeEach(async () => {
    server = new RestServer();
    const options = { url: await server.start(), scope: 'presence', login: PASSWORD_LOGIN, parallel: 2 };
    const limits = { maxAnswerBytes: 100_000 };
    driver = new DominoRestDriver({ ...options, limits }, { clock: new SimulatedClock(), log: silentLog });
    await driver.open();
  });
  afterEach(async () => {
    await driver.close();
    await server.stop();
  });
  const query = { query: "Form = 'Presence'", itemNames: ['SipKey', 'Note', '__proto__', 'constructor'] };

  test('changes nothing but the items that were asked for', async () => {
    const unid = 'A'.repeat(32);
    const body = `[{"@meta":{"unid":"${unid}"},"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"SipKey":"k"}]`;
    server.faults.instead = ({ path }) => (path === '/query' ? { status: 200, body } : undefined);
    const [document] = await driver.find(query);
    expect(document?.items['SipKey']).toBe('k');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.keys(document?.items ?? {})).not.toContain('polluted');
  });

  test('does not fill the memory, packed or not', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, 32)).toString('latin1');
    expect(bomb.length).toBeLessThan(100_000);
    for (const headers of [{}, { 'content-encoding': 'gzip' }]) {
      const text = 'content-encoding' in headers ? Buffer.from(bomb, 'latin1') : Buffer.alloc(200_000, 32);
      server.faults.instead = ({ path }) =>
        path === '/query' ? { status: 200, headers, body: text as unknown as string } : undefined;
      await expect(driver.find(query)).rejects.toMatchObject({ code: 'NOTES_INTERNAL' });
    }
  });
});
