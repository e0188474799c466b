import { afterEach, describe, expect, test } from 'vitest';
import { PersonIndex } from '../../../src/bridge/runtime/person-index.js';
import type { PersonFinding, PersonStatus } from '../../../src/bridge/status.js';
import { ANA as STATUS, type TestServer, TOKEN, testServer } from '../../support/http-server.js';
import { MemoryDatabase } from '../../support/lotusscript/notes/memory-database.js';
import {
  type HttpQuestion,
  type HttpReply,
  NotesWorld,
  type WorldOptions,
} from '../../support/lotusscript/notes/world.js';
import { loadLibrary, type Plain, type PlainObject } from '../../support/lotusscript/run.js';
import { notesName, person, rosterOf } from '../../support/people.js';
import { builtDxl } from '../../support/template.js';

const DXL = builtDxl('en');
const people = [
  {
    ...person('sip:ana@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso'),
    mailAddresses: ['ana.reyes@mail.example'],
  },
  person('sip:mueller@contoso.example', 'CN=Jörg Müller/O=Contoso'),
  person('sip:lee1@contoso.example', 'CN=Kim Lee/OU=Sales/O=Contoso'),
  person('sip:lee2@contoso.example', 'CN=Kim Lee/OU=IT/O=Contoso'),
];
const index = new PersonIndex();
index.take(rosterOf(people));

function find(text: string): PersonFinding {
  const found = index.resolve(text);
  if (found.outcome !== 'found') return found;
  const known = people.find(({ uri }) => uri === found.uri);
  const status: PersonStatus = {
    ...STATUS,
    uri: found.uri,
    name: known?.name ?? notesName('CN=X/O=Y'),
    status: 'busy',
    activity: 'in-a-meeting',
    outOfOffice: true,
    since: server.clock.now() - 3_600_000,
    observedAt: found.uri.includes('mueller') ? undefined : server.clock.now(),
  };
  return { outcome: 'found', person: status };
}

let server: TestServer;
afterEach(() => server.close());

async function relay({ method, url, headers, body }: HttpQuestion): Promise<HttpReply> {
  const answer = await fetch(url, { method, headers, body });
  return { status: answer.status, statusText: answer.statusText, body: await answer.text() };
}

interface Client {
  readonly api: PlainObject;
  readonly world: NotesWorld;
  readonly ask: (names: Plain) => Promise<readonly PlainObject[]>;
}

async function client(options: Partial<WorldOptions> = {}, profile = ''): Promise<Client> {
  server = await testServer({ query: { find, freshMs: 90_000 } });
  const application = new MemoryDatabase({ file: 'contacts.nsf' });
  application.writeProfile('PresenceProfile', { BridgeUrl: profile === 'ours' ? `${server.url}/` : profile });
  const world = new NotesWorld({ databases: [application], http: relay, ...options });
  const library = await loadLibrary({ dxl: DXL, world, library: 'PresenceApi', steps: 50_000_000 });
  const api = await library.make('PresenceApi', null);
  return { api, world, ask: async (names) => (await api.call('StatusesOf', names)) as readonly PlainObject[] };
}

async function facts(answer: PlainObject | undefined, ...names: readonly string[]): Promise<Plain[]> {
  const values: Plain[] = [];
  for (const name of names) values.push((await answer?.get(name)) ?? undefined);
  return values;
}

describe('PresenceApi over HTTP', () => {
  test.each([{}, { responseCode: 'number' }, { prefersNavigator: true }] as const)(
    'asks the bridge for names of all kinds (requests of a release with %j)',
    async (release) => {
      const { api, ask } = await client(release);
      expect(await api.call('UseHttp', server.url, TOKEN)).toBe(true);
      const answers = await ask(['ANA.reyes@mail.example', 'Kim Lee', 'Jörg Müller', 'Jorg Muller', '', `"\\{}'`]);
      const told = await Promise.all(answers.map((answer) => facts(answer, 'Status', 'Reason', 'SipAddress')));
      expect(told).toEqual([
        ['busy', '', 'sip:ana@contoso.example'],
        ['unknown', 'ambiguous', ''],
        ['unknown', 'not-confirmed', 'sip:mueller@contoso.example'],
        ['unknown', 'not-found', ''],
        ['unknown', 'not-a-name', ''],
        ['unknown', 'not-found', ''],
      ]);
    },
  );

  test("tells status, times, words and icon by the bridge's clock", async () => {
    const { api, ask, world } = await client();
    await api.call('UseHttp', server.url, TOKEN);
    server.status = { ...server.status, ocs: { state: 'connected', since: 1 } };
    const [answer] = await ask('Ana Reyes/Sales/Contoso');
    expect(
      await facts(answer, 'Activity', 'OutOfOffice', 'IsConfirmed', 'PersonName', 'Text', 'Icon', 'AgeMinutes'),
    ).toEqual([
      ...['in-a-meeting', true, true, 'CN=Ana Reyes/OU=Sales/O=Contoso', 'Busy, in a meeting'],
      ...['presence-in-a-meeting.gif', 0],
    ]);
    expect(await facts(answer, 'Since')).toEqual([new Date(world.now() - 3_600_000)]);
  });

  test('cuts a thousand names into requests that Notes 10 can send, and leaves out the rest', async () => {
    const { api, ask, world } = await client();
    await api.call('UseHttp', server.url, TOKEN);
    const names = Array.from({ length: 1_003 }, (_, at) => (at % 100 === 0 ? 'ü'.repeat(200) : `Nobody ${at}`));
    names[1] = 'x'.repeat(1_025);
    const reasons = await Promise.all((await ask(names)).map((answer) => answer.get('Reason')));
    expect([reasons[0], reasons[1], reasons[999], ...reasons.slice(1_000)]).toEqual([
      ...['not-found', 'not-a-name', 'not-found'],
      ...['too-many', 'too-many', 'too-many'],
    ]);
    expect(world.requests.length).toBeGreaterThanOrEqual(10);
    for (const { body } of world.requests) expect(body.length).toBeLessThan(64_000);
    expect(world.requests.map(({ body }) => body).join('')).toMatch(/^[ -~]*$/);
  }, 30_000);

  test("takes address and token of the server's notes.ini", async () => {
    const environment = {
      PRESENCE_BRIDGE_TOKEN: TOKEN,
      get PRESENCE_BRIDGE_URL(): string {
        return `${server.url}/`;
      },
    };
    const { api, ask } = await client({ isOnServer: true, environment }, 'https://elsewhere.example');
    expect(await api.call('UseHttp', '', '')).toBe(true);
    expect(await facts((await ask(['ana@contoso.example']))[0], 'Status')).toEqual(['busy']);
  });

  test("never sends the server's token to an address of a profile document, which users can edit", async () => {
    const environment = { PRESENCE_BRIDGE_TOKEN: TOKEN };
    const { api, ask, world } = await client({ isOnServer: true, environment }, 'ours');
    expect(await api.call('UseHttp', '', '')).toBe(false);
    await ask(['ana@contoso.example']);
    expect(world.requests).toEqual([]);
  });

  test('takes the address of the profile beside a secret of its own', async () => {
    const { api, ask } = await client({}, 'ours');
    expect(await api.call('UseHttp', '', TOKEN)).toBe(true);
    expect(await facts((await ask(['ana@contoso.example']))[0], 'Status')).toEqual(['busy']);
  });

  test('an agent without restricted operations asks the database as before, and the message says why', async () => {
    const environment = { PRESENCE_BRIDGE_TOKEN: TOKEN };
    const { api } = await client({ isOnServer: true, isUnrestricted: false, environment }, 'ours');
    expect(await api.call('UseHttp', '', '')).toBe(false);
    expect(await api.get('LastMessage')).toBe('Operation is disallowed in this session');
    expect(await api.call('UseHttp', server.url, TOKEN)).toBe(true);
  });

  test('reads no token on a client', async () => {
    const { api } = await client({ environment: { PRESENCE_BRIDGE_TOKEN: TOKEN } }, 'ours');
    expect(await api.call('UseHttp', '', '')).toBe(false);
  });

  test.each(['', 'ftp://x', 'contoso.example'])('refuses the address "%s"', async (address) => {
    const { api } = await client();
    expect(await api.call('UseHttp', address, TOKEN)).toBe(false);
  });

  test.each([{}, { prefersNavigator: true }])(
    'a wrong token is a reason of its own (%j), and no message holds it',
    async (release) => {
      const { api, ask } = await client(release);
      await api.call('UseHttp', server.url, 'wrong-token');
      expect(await facts((await ask(['ana@contoso.example']))[0], 'Status', 'Reason')).toEqual([
        'unknown',
        'http-refused',
      ]);
      expect(await api.get('LastMessage')).not.toContain('wrong-token');
    },
  );

  test.each<[string, (question: HttpQuestion) => Promise<HttpReply>]>([
    ['no connection', () => Promise.reject(new Error('cannot connect'))],
    ['an error page', async () => ({ status: 502, statusText: 'Bad Gateway', body: '<html>' })],
    ['no JSON', async () => ({ status: 200, statusText: 'OK', body: '<html>' })],
    ['an empty answer', async () => ({ status: 200, statusText: 'OK', body: '{}' })],
  ])('%s leaves everybody unknown', async (_what, http) => {
    const { api, ask } = await client({ http });
    await api.call('UseHttp', server.url, TOKEN);
    const answers = await ask(['ana@contoso.example', 'Kim Lee']);
    expect(await Promise.all(answers.map((answer) => facts(answer, 'Status', 'Reason', 'IsConfirmed')))).toEqual([
      ['unknown', 'http-failed', false],
      ['unknown', 'http-failed', false],
    ]);
  });

  test('UseDatabase goes back to the database', async () => {
    const { api, ask } = await client();
    await api.call('UseHttp', server.url, TOKEN);
    await api.call('UseDatabase');
    expect(await facts((await ask(['ana@contoso.example']))[0], 'Reason')).toEqual(['no-database']);
  });
});
