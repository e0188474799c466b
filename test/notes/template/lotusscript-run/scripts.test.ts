import { describe, expect, test } from 'vitest';
import { momentItem } from '../../../../src/notes/item-access.js';
import type { Items } from '../../../../src/notes/item-value.js';
import { MemoryDatabase } from '../../../support/lotusscript/notes/memory-database.js';
import { NotesWorld, type WorldOptions } from '../../../support/lotusscript/notes/world.js';
import { loadLibrary, type PlainObject, runAgent } from '../../../support/lotusscript/run.js';
import { builtDxl } from '../../../support/template.js';

const DXL = builtDxl('en');
const NOW = Date.UTC(2026, 0, 5, 10);
const MINUTE = 60_000;

const HEARTBEAT: Items = {
  Form: 'PresenceBridge',
  Bridge: 'One',
  Connected: '1',
  WrittenAt: momentItem(NOW - MINUTE),
  FreshUntil: momentItem(NOW + 5 * MINUTE),
};

function person(name: string, status: string, more: Items = {}): Items {
  return {
    Form: 'Presence',
    PersonName: { type: 'text', data: `CN=${name}/OU=Sales/O=Contoso`, names: true },
    SipAddress: `sip:${name.toLowerCase().replace(/\W/g, '.')}@contoso.com`,
    Status: status,
    Activity: '',
    OutOfOffice: '',
    StatusSince: momentItem(NOW - 60 * MINUTE),
    ObservedAt: momentItem(NOW - 30 * MINUTE),
    Bridge: 'One',
    ...more,
  };
}

function presence(...documents: readonly Items[]): MemoryDatabase {
  return new MemoryDatabase({ file: 'apps\\presence.nsf', server: 'CN=Apps/O=Contoso', dxl: DXL, documents });
}

function worldOf(databases: readonly MemoryDatabase[], options: Partial<WorldOptions> = {}): NotesWorld {
  return new NotesWorld({ databases, now: () => NOW, isOnServer: true, ...options });
}

async function answersFor(world: NotesWorld, names: string | readonly string[], db: MemoryDatabase | null = null) {
  const library = await loadLibrary({ dxl: DXL, library: 'PresenceApi', world });
  const api = await library.make('PresenceApi', db);
  return shown((await api.call('StatusesOf', names)) as readonly PlainObject[]);
}

function shown(answers: readonly PlainObject[]) {
  const properties = ['Status', 'Activity', 'OutOfOffice', 'IsConfirmed', 'Reason', 'AgeMinutes', 'Since'];
  return Promise.all(
    answers.map(async (answer) =>
      Object.fromEntries(await Promise.all(properties.map(async (name) => [name, await answer.get(name)]))),
    ),
  );
}

describe('library PresenceApi in a world of Notes', () => {
  test('finds a person by any spelling of the name, and by address', async () => {
    const db = presence(HEARTBEAT, person('Ana Reyes', 'busy', { Activity: 'in-a-meeting', OutOfOffice: '1' }));
    const names = [
      'CN=Ana Reyes/OU=Sales/O=Contoso',
      'ana reyes/sales/contoso',
      'Ana Reyes',
      'sip:ana.reyes@contoso.com',
    ];
    const expected = {
      Status: 'busy',
      Activity: 'in-a-meeting',
      OutOfOffice: true,
      IsConfirmed: true,
      Reason: '',
      AgeMinutes: 1,
      Since: new Date(NOW - 60 * MINUTE),
    };
    expect(await answersFor(worldOf([db]), names)).toEqual(names.map(() => expected));
  });

  test('two people of one common name are ambiguous, never the first of them', async () => {
    const other = { PersonName: { type: 'text', data: 'CN=Ana Reyes/OU=Legal/O=Contoso', names: true } } as const;
    const db = presence(
      HEARTBEAT,
      person('Ana Reyes', 'busy'),
      person('Ana Reyes', 'away', { ...other, SipAddress: 'sip:a2@x.org' }),
    );
    expect(await answersFor(worldOf([db]), 'Ana Reyes')).toMatchObject([{ Status: 'unknown', Reason: 'ambiguous' }]);
  });

  test('names that differ in an accent are two people, even on a server whose views do not tell them apart', async () => {
    const db = presence(
      HEARTBEAT,
      person('Jose Diaz', 'busy'),
      person('José Diaz', 'away', { SipAddress: 'sip:j2@x.org' }),
    );
    const world = worldOf([db], { ignoresAccents: true });
    expect(await answersFor(world, ['Jose Diaz', 'José Diaz', 'Josè Diaz'])).toMatchObject([
      { Status: 'busy' },
      { Status: 'away' },
      { Status: 'unknown', Reason: 'not-found' },
    ]);
  });

  test('an overdue heartbeat makes all unknown, and says why', async () => {
    const db = presence({ ...HEARTBEAT, FreshUntil: momentItem(NOW - 3 * MINUTE) }, person('Ana Reyes', 'busy'));
    expect(await answersFor(worldOf([db]), 'Ana Reyes')).toMatchObject([
      { Status: 'unknown', Reason: 'bridge-silent', IsConfirmed: false },
    ]);
  });

  test('the profile of an application says where the presence database is', async () => {
    const app = new MemoryDatabase({ file: 'crm.nsf', server: 'CN=Apps/O=Contoso' });
    app.writeProfile('PresenceProfile', { PresenceServer: '', PresenceFile: 'apps\\presence.nsf' });
    const db = presence(HEARTBEAT, person('Ana Reyes', 'busy'));
    expect(await answersFor(worldOf([app, db]), 'Ana Reyes')).toMatchObject([{ Status: 'busy' }]);
  });

  test.each([
    ['no-database', { canBeOpened: false }],
    ['no-access', { canBeOpened: 'You are not authorized' }],
    ['no-view', { missingViews: new Set(['LookUpByMail']) }],
  ])('%s is a reason of its own', async (reason, spoilt) => {
    const app = new MemoryDatabase({ file: 'crm.nsf', server: 'CN=Apps/O=Contoso' });
    app.writeProfile('PresenceProfile', { PresenceFile: 'apps\\presence.nsf' });
    const db = presence(HEARTBEAT, person('Ana Reyes', 'busy'));
    Object.assign(db, spoilt);
    expect(await answersFor(worldOf([app, db]), 'Ana Reyes')).toMatchObject([{ Status: 'unknown', Reason: reason }]);
  });

  test('asks the bridge over HTTP, and takes its reasons', async () => {
    const world = worldOf([presence()], {
      http: async () => ({
        status: 200,
        statusText: 'OK',
        body: JSON.stringify({
          at: NOW,
          people: [
            { name: 'CN=Ana/O=C', address: 'sip:ana@c', status: 'busy', confirmed: true, since: NOW - MINUTE },
            { status: 'unknown', confirmed: false, reason: 'not-found' },
          ],
        }),
      }),
    });
    const library = await loadLibrary({ dxl: DXL, library: 'PresenceApi', world });
    const api = await library.make('PresenceApi', null);
    expect(await api.call('UseHttp', 'https://bridge:8443/', 'secret')).toBe(true);
    const answers = (await api.call('StatusesOf', ['Ána', 'Nobody'])) as readonly PlainObject[];
    expect(await shown(answers)).toMatchObject([
      { Status: 'busy', IsConfirmed: true, Since: new Date(NOW - MINUTE) },
      { Status: 'unknown', Reason: 'not-found' },
    ]);
    expect(world.requests).toMatchObject([
      {
        method: 'POST',
        url: 'https://bridge:8443/api/v1/people/query',
        headers: { Authorization: 'Bearer secret' },
        body: '{"people":["\\u00C1na","Nobody"]}',
      },
    ]);
  });

  test('no connection makes all unknown', async () => {
    const world = worldOf([presence()], {
      http: async () => {
        throw new Error('Unable to connect');
      },
    });
    const library = await loadLibrary({ dxl: DXL, library: 'PresenceApi', world });
    const api = await library.make('PresenceApi', null);
    await api.call('UseHttp', 'https://bridge', 'secret');
    const answers = (await api.call('StatusesOf', 'Ana')) as readonly PlainObject[];
    expect(await shown(answers)).toMatchObject([{ Status: 'unknown', Reason: 'http-failed' }]);
    expect(await api.get('LastMessage')).toContain('Unable to connect');
  });
});

describe('agent PushStatus', () => {
  const VIEW = `<database xmlns='http://www.lotus.com/dxl' title='t'><view name='All' alias='All'><code event='selection'><formula>SELECT @All</formula></code><column itemname='Name' sort='ascending'/></view></database>`;
  const target = {
    Form: 'PresencePushTarget',
    $UpdatedBy: 'CN=Ada Min/O=Contoso',
    TargetFile: 'crm.nsf',
    TargetView: 'All',
    NameItem: 'Owner',
    IsActive: '1',
  };

  test('copies statuses into documents of another database, and writes nothing twice', async () => {
    const crm = new MemoryDatabase({
      file: 'crm.nsf',
      server: 'CN=Apps/O=Contoso',
      dxl: VIEW,
      documents: [{ Owner: ['CN=Ana Reyes/OU=Sales/O=Contoso', 'Nobody'] }, { Owner: '' }],
    });
    const world = worldOf([presence(HEARTBEAT, person('Ana Reyes', 'busy'), target), crm]);
    await runAgent({ dxl: DXL, agent: 'PushStatus', world });
    expect(world.printed).toEqual(['Presence: crm.nsf: 1 of 2 documents got new statuses.']);
    expect(crm.documents()[0]?.items).toMatchObject({
      PresenceStatus: ['busy', 'unknown'],
      PresenceActivity: ['', ''],
      $ConflictAction: '3',
    });
    await runAgent({ dxl: DXL, agent: 'PushStatus', world });
    expect(crm.saved).toHaveLength(1);
  });

  test('keeps what somebody else saved at the same moment', async () => {
    const crm = new MemoryDatabase({
      file: 'crm.nsf',
      server: 'CN=Apps/O=Contoso',
      dxl: VIEW,
      documents: [{ Owner: 'Ana Reyes' }],
    });
    crm.beforeSave = (unid) => crm.change(unid, { Subject: 'theirs' });
    const world = worldOf([presence(HEARTBEAT, person('Ana Reyes', 'busy'), target), crm]);
    await runAgent({ dxl: DXL, agent: 'PushStatus', world });
    expect(crm.documents().map(({ items }) => items)).toEqual([{ Owner: 'Ana Reyes', Subject: 'theirs' }]);
    expect(world.printed).toEqual(['Presence: crm.nsf: 0 of 1 documents got new statuses, 1 were in use.']);
  });

  test('a target that cannot be opened is told, and others are served', async () => {
    const crm = new MemoryDatabase({
      file: 'crm.nsf',
      server: 'CN=Apps/O=Contoso',
      dxl: VIEW,
      documents: [{ Owner: 'Ana Reyes' }],
    });
    const gone = { ...target, TargetFile: 'gone.nsf' };
    const world = worldOf([presence(HEARTBEAT, person('Ana Reyes', 'busy'), gone, target), crm]);
    await runAgent({ dxl: DXL, agent: 'PushStatus', world });
    expect(world.printed).toEqual([
      'Presence: gone.nsf got no statuses: the database was not found or may not be opened',
      'Presence: crm.nsf: 1 of 1 documents got new statuses.',
    ]);
  });
});

test('agent SampleQuery shows what is known of the names that were asked for', async () => {
  const world = worldOf([presence(HEARTBEAT, person('Ana Reyes', 'busy'))], { inputs: ['Ana Reyes; Nobody'] });
  await runAgent({ dxl: DXL, agent: 'SampleQuery', world });
  expect(world.printed[0]).toMatch(/^Ana Reyes: Busy \(.*1.*\)\nNobody: Unknown - .+\n$/);
});
