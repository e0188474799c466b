import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, TOKEN, testServer } from '../../support/http-server.js';
import { MemoryDatabase } from '../../support/lotusscript/notes/memory-database.js';
import { type HttpQuestion, NotesWorld } from '../../support/lotusscript/notes/world.js';
import { readScript, runScript } from '../../support/lotusscript/run.js';
import { person } from '../../support/people.js';
import { builtDxl } from '../../support/template.js';
import { FakeWatchedPeople } from '../../support/watched-people.js';

/** Ten lines between Sub and End Sub, as somebody writes them who has the library. No COM, no Declare, no error handling. */
const SCRIPT = `Option Declare
Use "PresenceApi"
Sub Initialize
	Dim session As New NotesSession
	Dim api As New PresenceApi(Nothing)
	Dim names As Variant
	Dim answers As Variant
	If Not api.UseHttp("", "") Then Exit Sub
	names = session.CurrentDatabase.GetProfileDocument("Team").GetItemValue("People")
	answers = api.StatusesOf(names)
	Forall answer In answers
		Print answer.Asked & "|" & answer.Status & "|" & answer.Text & "|" & answer.AgeMinutes & "|" & answer.Reason
	End Forall
End Sub
`;

const NAMES = Array.from({ length: 46 }, (_, at) => `Person ${at}/Sales/Contoso`);
const WRONG = ['Nobody/Contoso', 'Kim Lee', '', 'no@where.example'];

let server: TestServer;
beforeAll(async () => {
  const watched = new FakeWatchedPeople();
  server = await testServer({
    watched,
    query: { find: (text, sees) => watched.resolve(text, sees), freshMs: 90_000 },
  });
  const confirmed = {
    status: 'busy',
    activity: 'in-a-meeting',
    observedAt: server.clock.now(),
    source: 'ocs',
  } as const;
  watched.set([
    ...NAMES.map((name, at) => {
      const [common = ''] = name.split('/');
      return { ...person(`sip:p${at}@contoso.example`, `CN=${common}/OU=Sales/O=Contoso`), ...confirmed };
    }),
    ...['Sales', 'IT'].map((unit) => ({
      ...person(`sip:lee.${unit}@contoso.example`, `CN=Kim Lee/OU=${unit}/O=Contoso`),
      ...confirmed,
    })),
  ]);
});
afterAll(() => server.close());

test('ten lines of LotusScript ask for 50 names in one call, on a server, and wrong names are no error', async () => {
  const database = new MemoryDatabase({ file: 'team.nsf' });
  database.writeProfile('Team', { People: [...NAMES, ...WRONG] });
  const world = new NotesWorld({
    databases: [database],
    isOnServer: true,
    now: () => server.clock.now() + 180_000,
    environment: { PRESENCE_BRIDGE_URL: server.url, PRESENCE_BRIDGE_TOKEN: TOKEN },
    http: async ({ method, url, headers, body }: HttpQuestion) => {
      const answer = await fetch(url, { method, headers, body });
      return { status: answer.status, statusText: answer.statusText, body: await answer.text() };
    },
  });
  await runScript({ dxl: builtDxl('en'), world, steps: 20_000_000, script: readScript(SCRIPT) });
  expect(SCRIPT.split('\n').filter((line) => line.startsWith('\t'))).toHaveLength(10);
  expect(world.requests).toHaveLength(1);
  expect(world.printed).toHaveLength(50);
  expect(world.printed.slice(0, 46)).toEqual(
    NAMES.map((name) => expect.stringMatching(new RegExp(`^${name}\\|busy\\|Busy, in a meeting\\|\\d+\\|$`))),
  );
  expect(world.printed.slice(46)).toEqual([
    'Nobody/Contoso|unknown|Unknown|-1|not-found',
    'Kim Lee|unknown|Unknown|-1|ambiguous',
    '|unknown|Unknown|-1|not-a-name',
    'no@where.example|unknown|Unknown|-1|not-found',
  ]);
});
