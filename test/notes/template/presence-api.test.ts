import { describe, expect, test } from 'vitest';
import type { Items } from '../../../src/notes/item-value.js';
import { ACTIVITIES, STATUSES } from '../../../src/presence/availability.js';
import { MemoryDatabase } from '../../support/lotusscript/notes/memory-database.js';
import { NotesWorld, type WorldOptions } from '../../support/lotusscript/notes/world.js';
import { type Library, loadLibrary, type Plain, type PlainObject } from '../../support/lotusscript/run.js';
import { ScriptError } from '../../support/lotusscript/script-error.js';
import { beatDocument, personDocument, TEN_O_CLOCK } from '../../support/presence-documents.js';
import { builtDxl, elementOf, runFormulaOf, treeOf } from '../../support/template.js';

const DXL = { en: builtDxl('en'), de: builtDxl('de') };
const ANA = { address: 'sip:ana@contoso.example', name: 'CN=Ana Reyes/OU=Sales/O=Contoso' };
const OFFICE: readonly Items[] = [
  beatDocument(),
  personDocument({ ...ANA, status: 'busy', activity: 'in-a-meeting', mailAddresses: ['ana.reyes@mail.example'] }),
  personDocument({ address: 'sip:mueller@contoso.example', name: 'CN=Jörg Müller/O=Contoso' }),
  personDocument({ address: 'sip:muller@contoso.example', name: 'CN=Jörg Muller/O=Contoso', status: 'away' }),
  personDocument({ address: 'sip:weiss@contoso.example', name: 'CN=Eva Weiß/O=Contoso' }),
  personDocument({ address: 'sip:lee1@contoso.example', name: 'CN=Kim Lee/OU=Sales/O=Contoso' }),
  personDocument({ address: 'sip:lee2@contoso.example', name: 'CN=Kim Lee/OU=IT/O=Contoso', status: 'busy' }),
  personDocument({
    address: 'sip:bo@contoso.example',
    name: 'CN=Bo Newman/O=Contoso',
    otherNames: ['CN=Bo Oldman/O=Contoso'],
    outOfOffice: true,
  }),
  personDocument({ address: 'sip:heir@contoso.example', name: 'CN=Bo Oldman/O=Contoso', status: 'offline' }),
  personDocument({ address: 'sip:quote@contoso.example', name: `CN=Pat "Q" O'Neil (x) [y] {z}/O=Contoso` }),
  personDocument({ address: 'sip:star@contoso.example', name: 'CN=A*?_%[a-z]#/O=Contoso' }),
  personDocument({ address: 'sip:reception@contoso.example' }),
  { ...personDocument({ address: 'sip:ana@contoso.example', name: ANA.name }), $Conflict: '' },
];

interface Scene {
  readonly library: Library;
  readonly api: PlainObject;
  readonly presence: MemoryDatabase;
}

interface SceneOptions extends Partial<Omit<WorldOptions, 'databases'>> {
  readonly documents?: readonly Items[];
  readonly language?: 'en' | 'de';
  readonly prepare?: (presence: MemoryDatabase) => void;
}

async function scene({ documents = OFFICE, language = 'en', prepare, ...options }: SceneOptions = {}): Promise<Scene> {
  const dxl = DXL[language];
  const presence = new MemoryDatabase({ file: 'presence.nsf', dxl, documents });
  prepare?.(presence);
  const world = new NotesWorld({ databases: [presence], ...options });
  const library = await loadLibrary({ dxl, world, library: 'PresenceApi', steps: 50_000_000 });
  return { library, api: await library.make('PresenceApi', null), presence };
}

async function ask({ api }: Scene, names: Plain): Promise<readonly PlainObject[]> {
  return (await api.call('StatusesOf', names)) as readonly PlainObject[];
}
async function facts(answer: PlainObject, ...names: readonly string[]): Promise<Plain[]> {
  const values: Plain[] = [];
  for (const name of names) values.push(await answer.get(name));
  return values;
}
async function one(at: Scene, name: string, ...names: readonly string[]): Promise<Plain[]> {
  const [answer] = await ask(at, name);
  if (!answer) throw new Error('no answer');
  return facts(answer, ...names);
}
/** Address that a name leads to, or the reason why there is none. */
async function found(at: Scene, name: string): Promise<string> {
  const [address, reason] = await one(at, name, 'SipAddress', 'Reason');
  return String(reason === '' ? address : reason);
}

/** Icon and words of a person in the view People, by its formulas. */
function shownInViews(language: 'en' | 'de'): (status: string, activity: string) => string[] {
  const view = elementOf(treeOf(DXL[language]), 'view', { alias: 'People' });
  const columns = ['$Icon', '$Status'].map((itemname) => elementOf(view, 'column', { itemname }));
  return (status, activity) =>
    columns.map((column) => {
      const value = runFormulaOf(column, { Status: status, Activity: activity });
      return value.type === 'error' ? 'error' : String(value.list[0]);
    });
}

describe('PresenceApi: whom a name means', () => {
  test.each([
    'CN=Ana Reyes/OU=Sales/O=Contoso',
    'cn=ana reyes/ou=SALES/o=contoso',
    'Ana Reyes/Sales/Contoso',
    ' ana  reyes / sales/Contoso ',
    'Ana Reyes/Sales/Contoso@Contoso',
    'Ana Reyes',
    'CN=Ana Reyes',
    'sip:ana@contoso.example',
    'SIP:Ana@Contoso.Example',
    'ana@contoso.example',
    '"Ana" <sip:ana@contoso.example>;tag=1',
    'ana.reyes@mail.example',
    'mailto:Ana.Reyes@mail.example',
  ])('"%s" is Ana, whose conflict document is left alone', async (name) => {
    expect(await found(await scene(), name)).toBe('sip:ana@contoso.example');
  });

  test.each([false, true])(
    'an accent makes another person, though the view ignores accents: %s',
    async (ignoresAccents) => {
      const at = await scene({ ignoresAccents });
      expect(await found(at, 'Jörg Müller')).toBe('sip:mueller@contoso.example');
      expect(await found(at, 'jörg muller/contoso')).toBe('sip:muller@contoso.example');
      expect(await found(at, 'Jorg Muller')).toBe('not-found');
      expect(await found(at, 'Eva Weiß')).toBe('sip:weiss@contoso.example');
      expect(await found(at, 'Eva Weiss')).toBe('not-found');
    },
  );

  test('a common name that two people have is ambiguous, their full names are not', async () => {
    const at = await scene();
    expect(await one(at, 'Kim Lee', 'Reason', 'Status', 'PersonName', 'SipAddress')).toEqual([
      'ambiguous',
      'unknown',
      '',
      '',
    ]);
    expect(await found(at, 'Kim Lee/IT/Contoso')).toBe('sip:lee2@contoso.example');
  });

  test('whoever has a name goes before whoever had it', async () => {
    const at = await scene();
    expect(await found(at, 'Bo Oldman/Contoso')).toBe('sip:heir@contoso.example');
    expect(await found(at, 'Bo Oldman')).toBe('ambiguous');
    expect(await found(at, 'Bo Newman')).toBe('sip:bo@contoso.example');
  });

  test('somebody who was renamed is found by the old name', async () => {
    const documents = OFFICE.filter((items) => items['SipAddress'] !== 'sip:heir@contoso.example');
    const at = await scene({ documents });
    expect(await found(at, 'CN=Bo Oldman/O=Contoso')).toBe('sip:bo@contoso.example');
    expect(await found(at, 'bo oldman')).toBe('sip:bo@contoso.example');
  });

  test.each([
    [`Pat "Q" O'Neil (x) [y] {z}`, 'sip:quote@contoso.example'],
    ['A*?_%[a-z]#/Contoso', 'sip:star@contoso.example'],
    ['A', 'not-found'],
    ['*', 'not-found'],
    ['Ana', 'not-found'],
    ['Ana Reyes/Sales', 'not-found'],
    ['reception@contoso.example', 'sip:reception@contoso.example'],
    ['@', 'not-found'],
    ['/', 'not-found'],
    ['sip:', 'not-found'],
  ])('"%s" gives %s', async (name, expected) => {
    expect(await found(await scene(), name)).toBe(expected);
  });

  test.each(['', '   ', 'a\nb', 'x'.repeat(1_025)])('%j is no name', async (name) => {
    expect(await found(await scene(), name)).toBe('not-a-name');
  });
});

describe('PresenceApi: many names', () => {
  test('answers stand in the order of the names, as often as they do', async () => {
    const at = await scene();
    const answers = await ask(at, ['Kim Lee', 'ana@contoso.example', '', 'Ana Reyes', 'ana@contoso.example']);
    const told = await Promise.all(answers.map((answer) => facts(answer, 'Asked', 'Reason', 'Status')));
    expect(told).toEqual([
      ['Kim Lee', 'ambiguous', 'unknown'],
      ['ana@contoso.example', '', 'busy'],
      ['', 'not-a-name', 'unknown'],
      ['Ana Reyes', '', 'busy'],
      ['ana@contoso.example', '', 'busy'],
    ]);
  });

  test.each([
    ['an empty text', ''],
    ['nothing', undefined],
    ['a field that is empty', ['']],
  ])('%s gives one answer, which is not a name', async (_what, names) => {
    const answers = await ask(await scene(), names);
    expect(await Promise.all(answers.map((answer) => answer.get('Reason')))).toEqual(['not-a-name']);
  });

  test('numbers and dates in a field are no error', async () => {
    const answers = await ask(await scene(), [7, new Date(TEN_O_CLOCK)]);
    expect(await Promise.all(answers.map((answer) => answer.get('Reason')))).toEqual(['not-found', 'not-found']);
  });

  test('takes a thousand names in one call and says so of the rest', async () => {
    const people = Array.from({ length: 1_000 }, (_, index) =>
      personDocument({ address: `sip:p${index}@contoso.example`, name: `CN=Person ${index}/O=Contoso` }),
    );
    const lookUps: string[] = [];
    const at = await scene({
      documents: [beatDocument(), ...people],
      prepare: (presence) => {
        presence.beforeLookUp = (view) => void lookUps.push(view);
      },
    });
    const answers = await ask(at, [...people.map((_, index) => `Person ${index}/Contoso`), 'Person 1/Contoso']);
    const reasons = await Promise.all(answers.map((answer) => answer.get('Reason')));
    expect([reasons.length, reasons.filter((reason) => reason === '').length, reasons[1_000]]).toEqual([
      1_001,
      1_000,
      'too-many',
    ]);
    expect(lookUps.filter((view) => view === 'LookUpBridge')).toHaveLength(1);
    expect(lookUps.filter((view) => view !== 'LookUpBridge')).toHaveLength(1_000);
  }, 30_000);
});

describe('PresenceApi: what an answer says', () => {
  test('a confirmed status with its times, its words and its icon', async () => {
    const at = await scene();
    const [status, activity, out, confirmed, reason] = await one(
      at,
      'Ana Reyes',
      'Status',
      'Activity',
      'OutOfOffice',
      'IsConfirmed',
      'Reason',
    );
    expect([status, activity, out, confirmed, reason]).toEqual(['busy', 'in-a-meeting', false, true, '']);
    expect(await one(at, 'Ana Reyes', 'Text', 'Icon')).toEqual(['Busy, in a meeting', 'presence-in-a-meeting.gif']);
    // Confirmed by the heartbeat, though it has not changed for an hour.
    expect(await one(at, 'Ana Reyes', 'Since', 'AsOf', 'AgeMinutes')).toEqual([
      new Date(TEN_O_CLOCK - 3_600_000),
      new Date(TEN_O_CLOCK - 10_000),
      0,
    ]);
    expect(await one(at, 'Bo Newman', 'OutOfOffice', 'PersonName')).toEqual([true, 'CN=Bo Newman/O=Contoso']);
  });

  test.each(['en', 'de'] as const)('words and icons are those of the views (%s)', async (language) => {
    const { library } = await scene({ language, documents: [] });
    const views = shownInViews(language);
    for (const status of STATUSES) {
      for (const activity of ['', ...ACTIVITIES]) {
        const icon = await library.call('PresenceIconName', status, activity);
        expect([icon, await library.call('PresenceText', status, activity)]).toEqual(views(status, activity));
      }
    }
  });

  test.each(['', 'Busy ', 'BUSY', 'nonsense', 'available|x'])(
    'the status %j in a document is read with care',
    async (status) => {
      const at = await scene({ documents: [beatDocument(), { ...personDocument(ANA), Status: status }] });
      const known = status.trim().toLowerCase() === 'busy';
      expect(await one(at, 'Ana Reyes', 'Status', 'IsConfirmed', 'Reason')).toEqual(
        known ? ['busy', true, ''] : ['unknown', false, 'not-confirmed'],
      );
    },
  );

  test('every reason has a sentence in both languages', async () => {
    const reasons = [
      'not-found',
      'ambiguous',
      'not-a-name',
      'too-many',
      'not-confirmed',
      'bridge-silent',
      'bridge-disconnected',
    ];
    const others = [
      'bridge-standby',
      'no-bridge',
      'no-database',
      'no-access',
      'no-view',
      'http-refused',
      'anything else',
    ];
    for (const language of ['en', 'de'] as const) {
      const { library } = await scene({ language, documents: [] });
      const words = await Promise.all(
        [...reasons, ...others].map((reason) => library.call('PresenceReasonText', reason)),
      );
      expect(new Set(words).size).toBe(words.length);
      expect(words.every((one) => typeof one === 'string' && one.endsWith('.'))).toBe(true);
      expect(await library.call('PresenceReasonText', '')).toBe('');
    }
  });
});

describe('PresenceApi: what is not confirmed', () => {
  const minute = 60_000;
  const ana = personDocument({ ...ANA, activity: 'in-a-meeting', outOfOffice: true });
  test.each([
    ['a heartbeat two minutes overdue', 'bridge-silent', beatDocument({ writtenAt: TEN_O_CLOCK - 211_000 })],
    ['a heartbeat nearly two minutes overdue', '', beatDocument({ writtenAt: TEN_O_CLOCK - 208_000 })],
    ['a heartbeat of the future', '', beatDocument({ writtenAt: TEN_O_CLOCK + minute })],
    ['a bridge that is not signed in', 'bridge-disconnected', beatDocument({ connected: false })],
    ['another bridge only', 'no-bridge', beatDocument({ bridge: 'other' })],
    ['a heartbeat without a time', 'bridge-silent', { ...beatDocument(), FreshUntil: '' }],
    ['a heartbeat with nonsense', 'bridge-silent', { ...beatDocument(), FreshUntil: 'soon', Connected: 7 }],
    ['a conflict of a heartbeat only', 'no-bridge', { ...beatDocument(), $Conflict: '' }],
  ])('with %s the reason is "%s"', async (_what, reason, beat) => {
    const at = await scene({ documents: [beat, ana] });
    const expected =
      reason === '' ? ['available', 'in-a-meeting', true, true, ''] : ['unknown', '', false, false, reason];
    expect(await one(at, 'Ana Reyes', 'Status', 'Activity', 'OutOfOffice', 'IsConfirmed', 'Reason')).toEqual(expected);
    if (reason !== '')
      expect(await one(at, 'Ana Reyes', 'Since', 'Icon', 'AgeMinutes', 'SipAddress')).toEqual([
        undefined,
        'presence-unknown.gif',
        60,
        ANA.address,
      ]);
  });

  test('of two bridges the one that is not silent answers for a person whom both have', async () => {
    const beats = [beatDocument({ bridge: 'Old', writtenAt: 0 }), beatDocument({ bridge: 'NEW ' })];
    const old = personDocument({ ...ANA, status: 'available', bridge: 'old', observedAt: TEN_O_CLOCK });
    const current = personDocument({ ...ANA, status: 'away', bridge: 'new', observedAt: TEN_O_CLOCK - 10 * minute });
    for (const documents of [
      [...beats, old, current],
      [...beats, current, old],
    ]) {
      expect(await one(await scene({ documents }), 'Ana Reyes', 'Status', 'Reason')).toEqual(['away', '']);
    }
  });

  test('of two documents of living bridges the later observation counts', async () => {
    const early = personDocument({ ...ANA, status: 'busy', observedAt: TEN_O_CLOCK - 5_000 });
    const late = personDocument({ ...ANA, status: 'away', observedAt: TEN_O_CLOCK - 1_000 });
    for (const documents of [
      [beatDocument(), early, late],
      [beatDocument(), late, early],
    ]) {
      expect(await one(await scene({ documents }), ANA.address, 'Status', 'AsOf')).toEqual([
        'away',
        new Date(TEN_O_CLOCK - 1_000),
      ]);
    }
  });

  test('a heartbeat is read again after ten seconds, and not before', async () => {
    let now = TEN_O_CLOCK;
    const at = await scene({ documents: [ana], now: () => now });
    const unid = at.presence.write(beatDocument());
    expect(await one(at, 'Ana Reyes', 'Reason')).toEqual(['']);
    at.presence.change(unid, beatDocument({ connected: false }));
    now += 9_000;
    expect(await one(at, 'Ana Reyes', 'Reason')).toEqual(['']);
    now += 1_000;
    expect(await one(at, 'Ana Reyes', 'Reason')).toEqual(['bridge-disconnected']);
  });

  test('a changed document is seen by the next call', async () => {
    const at = await scene({ documents: [beatDocument()] });
    expect(await one(at, 'Ana Reyes', 'Reason')).toEqual(['not-found']);
    at.presence.write(ana);
    expect(await one(at, 'Ana Reyes', 'Reason')).toEqual(['']);
  });
});

describe('PresenceApi: the presence database', () => {
  const dxl = DXL.en;
  async function adopted(
    profile: Items | undefined,
    presence: readonly MemoryDatabase[],
    at = 'apps/contacts.nsf',
  ): Promise<Scene> {
    const application = new MemoryDatabase({ file: at });
    if (profile) application.writeProfile('PresenceProfile', profile);
    const world = new NotesWorld({ databases: [application, ...presence] });
    const library = await loadLibrary({ dxl, world, library: 'PresenceApi' });
    return { library, api: await library.make('PresenceApi', null), presence: presence[0] ?? application };
  }
  const database = (file: string, server = '') => new MemoryDatabase({ file, server, dxl, documents: OFFICE });
  const outcome = async (at: Scene): Promise<Plain[]> => [
    await at.api.get('Problem'),
    ...(await one(at, ANA.address, 'Status', 'Reason')),
  ];

  test('is where the profile document says', async () => {
    const profile = { PresenceServer: 'CN=Hub/O=Contoso', PresenceFile: 'bridge/presence.nsf' };
    expect(await outcome(await adopted(profile, [database('bridge/presence.nsf', 'CN=Hub/O=Contoso')]))).toEqual([
      '',
      'busy',
      '',
    ]);
  });

  test.each(['apps/presence.nsf', 'apps\\presence.nsf'])(
    'without a profile it lies beside the application (%s)',
    async (file) => {
      expect(await outcome(await adopted(undefined, [database(file)], file.replace('presence', 'contacts')))).toEqual([
        '',
        'busy',
        '',
      ]);
    },
  );

  test('is what the script gives, whatever the profile says', async () => {
    const at = await adopted({ PresenceFile: 'nowhere.nsf' }, [database('presence.nsf')]);
    const api = await at.library.make('PresenceApi', at.presence);
    expect(await outcome({ ...at, api })).toEqual(['', 'busy', '']);
  });

  test('that is missing is a reason and no error', async () => {
    const at = await adopted({ PresenceFile: 'nowhere.nsf' }, []);
    expect(await outcome(at)).toEqual(['no-database', 'unknown', 'no-database']);
    expect(await at.api.get('LastMessage')).toContain('nowhere.nsf');
    expect(await found(at, '')).toBe('not-a-name');
  });

  test('that may not be opened is another one', async () => {
    const closed = database('apps/presence.nsf');
    closed.canBeOpened = 'You are not authorized to access that database';
    expect(await outcome(await adopted(undefined, [closed]))).toEqual(['no-access', 'unknown', 'no-access']);
  });

  test.each(['LookUpByName', 'LookUpByAddress', 'LookUpByMail', 'LookUpBridge'])(
    'that lacks the view %s is a third',
    async (view) => {
      const old = database('apps/presence.nsf');
      old.missingViews.add(view);
      const at = await adopted(undefined, [old]);
      expect(await outcome(at)).toEqual(['no-view', 'unknown', 'no-view']);
      expect(await at.api.get('LastMessage')).toContain(view);
    },
  );

  test('that fails in the middle keeps the answers so far and says what happened', async () => {
    const at = await scene({
      prepare: (presence) => {
        presence.beforeLookUp = (_view, key) => {
          if (key === 'kim lee/it/contoso')
            throw new ScriptError(4000, 'Notes error: Remote system no longer responding');
        };
      },
    });
    const answers = await ask(at, [ANA.name, 'Kim Lee/IT/Contoso', 'Eva Weiß/Contoso']);
    expect(await Promise.all(answers.map((answer) => facts(answer, 'Status', 'Reason')))).toEqual([
      ['busy', ''],
      ['unknown', 'look-up-failed'],
      ['unknown', 'look-up-failed'],
    ]);
    expect(await at.api.get('LastMessage')).toContain('no longer responding');
  });
});
