import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { PersonStatus } from '../../src/bridge/status.js';
import { checkScript } from '../../src/notes/template/lotusscript/check.js';
import { parseScript } from '../../src/notes/template/lotusscript/parser.js';
import { descendants } from '../../src/notes/template/xml-tree.js';
import { ANA, type TestServer, TOKEN, testServer } from '../support/http-server.js';
import { MemoryDatabase } from '../support/lotusscript/notes/memory-database.js';
import {
  type HttpQuestion,
  type HttpReply,
  NotesWorld,
  type WorldOptions,
} from '../support/lotusscript/notes/world.js';
import { readScript, runScript } from '../support/lotusscript/run.js';
import { builtDxl, elementOf, treeOf } from '../support/template.js';

const DXL = builtDxl('en');
const textOf = (name: string): string => readFileSync(`docs/examples/${name}`, 'utf8');

function library(name: string) {
  const element = elementOf(treeOf(DXL), 'scriptlibrary', { name });
  const text = [...descendants(element)]
    .filter((one) => one.name === 'lotusscript')
    .map((one) => one.text)
    .join('\n');
  const outcome = parseScript(text);
  return outcome.ok ? outcome.script : undefined;
}

test.each(['AskStatuses.lss', 'PresenceTicket.lss'])('%s has no mistake that Designer would find', (name) => {
  // As Designer takes it apart.
  const [options = '', initialize = ''] = textOf(name).split(/(?=^Sub Initialize)/m);
  const sections = [
    { event: 'options', text: options, firstLine: 1 },
    { event: 'initialize', text: initialize, firstLine: options.split('\n').length },
  ];
  const known = (used: string) => (used.toLowerCase() === 'presenceapi' ? library('PresenceApi') : undefined);
  expect(checkScript(sections, known)).toEqual([]);
});

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function relay({ method, url, headers, body }: HttpQuestion): Promise<HttpReply> {
  const answer = await fetch(url, { method, headers, body });
  return { status: answer.status, statusText: answer.statusText, body: await answer.text() };
}

async function ran(name: string, options: Partial<WorldOptions>, prepare?: (database: MemoryDatabase) => void) {
  const database = new MemoryDatabase({ file: 'team.nsf' });
  prepare?.(database);
  const environment = { PRESENCE_BRIDGE_URL: server?.url ?? '', PRESENCE_BRIDGE_TOKEN: TOKEN };
  const world = new NotesWorld({ databases: [database], isOnServer: true, environment, http: relay, ...options });
  await runScript({ dxl: DXL, world, steps: 10_000_000, name, script: readScript(textOf(name)) });
  return world;
}

describe('the agent that hands out tickets', () => {
  const asWebUser = { context: { Remote_User: 'CN=Ana Reyes/O=Contoso' } };

  test('gives a ticket of the bridge to somebody who is signed in, and never the token', async () => {
    server = await testServer();
    const { printed } = await ran('PresenceTicket.lss', asWebUser);
    expect(printed.slice(0, 3)).toEqual([
      'Content-Type: application/json; charset=utf-8',
      'Cache-Control: no-store',
      '',
    ]);
    expect(JSON.parse(printed[3] ?? '')).toEqual({
      ticket: expect.stringMatching(/^[\w-]{20,}$/),
      expiresInSeconds: 30,
    });
    expect([printed.length, printed.join('').includes(TOKEN)]).toEqual([4, false]);
  });

  test.each<[string, Partial<WorldOptions>, string]>([
    ['nobody is signed in', { context: { Remote_User: '' } }, 'sign in first'],
    [
      'the bridge refuses the token',
      { ...asWebUser, http: async () => ({ status: 401, body: '{"code":"API_UNAUTHORIZED"}' }) },
      'the bridge gives no ticket',
    ],
    [
      'no bridge answers',
      { ...asWebUser, http: () => Promise.reject(new Error('cannot connect')) },
      'there is no ticket',
    ],
    ['the agent may not read notes.ini', { ...asWebUser, isUnrestricted: false }, 'there is no ticket'],
  ])('gives none when %s', async (_, options, error) => {
    const { printed } = await ran('PresenceTicket.lss', options);
    expect(JSON.parse(printed[3] ?? '')).toEqual({ error });
  });
});

test('the agent that asks for statuses prints everybody, and why somebody is unknown', async () => {
  const ben: PersonStatus = { ...ANA, observedAt: 1 };
  server = await testServer({
    query: {
      find: (text) => (text === 'Ben' ? { outcome: 'found', person: ben } : { outcome: 'not-found' }),
      freshMs: 90_000,
    },
  });
  const { printed } = await ran('AskStatuses.lss', {}, (database) =>
    database.writeProfile('Team', { People: ['Ben', 'Nobody'] }),
  );
  expect(printed).toEqual([
    expect.stringMatching(/^Ben: Available, -?\d+ min\. $/),
    'Nobody: Unknown, -1 min. The bridge watches nobody of this name.',
  ]);
});
