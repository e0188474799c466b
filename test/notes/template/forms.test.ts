import { describe, expect, test } from 'vitest';
import { heartbeatItems } from '../../../src/notes/heartbeat-items.js';
import type { Items } from '../../../src/notes/item-value.js';
import { compileFormula } from '../../../src/notes/template/formula/compile.js';
import { text } from '../../../src/notes/template/formula/values.js';
import { descendants } from '../../../src/notes/template/xml-tree.js';
import { ERROR_CODES } from '../../../src/presence/errors.js';
import { inlinesOf, wordsOf } from '../../support/forms.js';
import { builtDxl, elementOf, runFormulaOf, treeOf } from '../../support/template.js';
import { designOf, TemplateWorld, type WorldOptions } from '../../support/template-world.js';

const NOW = Date.UTC(2026, 0, 5, 12, 0, 0);
const MINUTE = 60_000;
const english = treeOf(builtDxl('en'));
const german = treeOf(builtDxl('de'));
const ADMIN = ['[PresenceAdmin]'];
const ANA = 'CN=Ana Reyes/OU=Sales/O=Contoso';

function moment(secondsAgo: number): Items[string] {
  return { type: 'datetime', data: new Date(NOW - secondsAgo * 1000).toISOString() };
}

const BEAT = {
  bridge: 'bridge-1',
  epoch: 1,
  version: '1.0.0',
  writtenAt: NOW - 2 * MINUTE,
  interval: MINUTE,
  connected: true,
  ocs: { state: 'connected', since: NOW - 60 * MINUTE },
  notes: { state: 'connected', since: NOW - 60 * MINUTE },
  people: 3,
  reachable: 2,
  unknown: 0,
} as const;

/** Heartbeats that a person's document may meet, and what the form says then. */
const BRIDGES = {
  alive: heartbeatItems(BEAT),
  overdue: heartbeatItems({ ...BEAT, writtenAt: NOW - 4 * MINUTE }),
  silent: heartbeatItems({ ...BEAT, writtenAt: NOW - 5 * MINUTE }),
  disconnected: heartbeatItems({ ...BEAT, connected: false }),
  missing: heartbeatItems({ ...BEAT, bridge: 'bridge-2' }),
} as const;

const PERSON: Items = {
  Form: 'Presence',
  PersonName: ANA,
  SipAddress: 'sip:ana@contoso.example',
  Status: 'busy',
  Activity: 'in-a-meeting',
  ActivityText: 'Board',
  Note: 'In Madrid',
  OutOfOffice: '1',
  StatusSince: moment(20 * 60) ?? '',
  ObservedAt: moment(20 * 60) ?? '',
  Bridge: 'Bridge-1',
};

function world(options: Partial<WorldOptions> = {}): TemplateWorld {
  return new TemplateWorld({ now: NOW, ...options });
}

function opened(bridge: keyof typeof BRIDGES, items: Items = {}, language: 'en' | 'de' = 'en') {
  return world({ documents: [BRIDGES[bridge]], language }).open('Presence', { ...PERSON, ...items });
}

function picturesOf(form: ReturnType<typeof opened>): unknown[] {
  return inlinesOf(form.blocks).flatMap((part) => (part.kind === 'picture' ? [part.image] : []));
}

function shown(form: ReturnType<typeof opened>, name: string): unknown {
  const value = form.values.get(name.toLowerCase());
  return value?.type === 'error' ? value : value?.list[0];
}

describe('form Presence', () => {
  const form = elementOf(english, 'form', { name: 'Presence' });
  const age = elementOf(form, 'field', { name: 'ShownSinceAge' });
  const germanAge = elementOf(elementOf(german, 'form', { name: 'Presence' }), 'field', { name: 'ShownSinceAge' });

  test.each([
    [0, 'less than a minute ago', 'vor weniger als einer Minute'],
    [59, 'less than a minute ago', 'vor weniger als einer Minute'],
    [60, 'a minute ago', 'vor einer Minute'],
    [120, '2 minutes ago', 'vor 2 Minuten'],
    [3599, '59 minutes ago', 'vor 59 Minuten'],
    [3600, 'an hour ago', 'vor einer Stunde'],
    [7200, '2 hours ago', 'vor 2 Stunden'],
    [47 * 3600, '47 hours ago', 'vor 47 Stunden'],
    [49 * 3600, '2 days ago', 'vor 2 Tagen'],
    // A clock that is ahead on the server must not give a negative age.
    [-30, 'less than a minute ago', 'vor weniger als einer Minute'],
  ])('%i seconds are "%s"', (seconds, en, de) => {
    const items = { StatusSince: moment(seconds) ?? '' };
    expect(runFormulaOf(age, items, { now: NOW })).toEqual(text(en));
    expect(runFormulaOf(germanAge, items, { now: NOW })).toEqual(text(de));
  });

  test.each([{}, { StatusSince: '' }, { StatusSince: 'yesterday' }])(
    'without a moment, as in %j, there is no age',
    (items: Items) => {
      expect(runFormulaOf(age, items, { now: NOW })).toEqual(text(''));
    },
  );

  test('the window is titled with the name', () => {
    expect(opened('alive').windowTitle).toBe('Ana Reyes');
  });

  test.each(['alive', 'overdue'] as const)('a status counts while its bridge is %s', (bridge) => {
    const person = opened(bridge);
    expect(person.faults).toEqual([]);
    expect(shown(person, 'ShownStatus')).toBe('Busy, in a meeting');
    expect(shown(person, 'ShownReason')).toBe('');
    expect(picturesOf(person)).toEqual(['presence-in-a-meeting.gif', 'presence-out-of-office.gif']);
    expect(wordsOf(person).join(' ')).toMatch(/Board.*In Madrid/);
  });

  test.each([
    ['silent', /^The bridge is silent/, /^Die Bridge ist stumm/],
    ['disconnected', /^The bridge is not signed in/, /^Die Bridge ist nicht am Presence-Server/],
    ['missing', /^The bridge that wrote the status is not known/, /^Die Bridge, die den Status/],
  ] as const)('nobody is anything but unknown while the bridge is %s', (bridge, reason, grund) => {
    for (const Status of ['available', 'busy', 'away', 'offline', 'unknown', 'odd', '']) {
      const person = opened(bridge, { Status });
      expect(person.faults).toEqual([]);
      expect(shown(person, 'ShownStatus')).toBe('Unknown');
      expect(shown(person, 'ShownReason')).toMatch(reason);
      expect(picturesOf(person)).toEqual(['presence-unknown.gif']);
      expect(wordsOf(person).join(' ')).not.toMatch(/Board|In Madrid|Since/);
    }
    const person = opened(bridge, {}, 'de');
    expect(shown(person, 'ShownStatus')).toBe('Unbekannt');
    expect(shown(person, 'ShownReason')).toMatch(grund);
  });

  test('a document that names no bridge is unknown', () => {
    const person = opened('alive', { Bridge: '' });
    expect(shown(person, 'ShownStatus')).toBe('Unknown');
    expect(shown(person, 'ShownReason')).toMatch(/names no bridge/);
  });

  test.each(['unknown', 'odd', ''])('a status "%s" of a living bridge says that the server is silent', (Status) => {
    const person = opened('alive', { Status });
    expect(shown(person, 'ShownStatus')).toBe('Unknown');
    expect(shown(person, 'ShownReason')).toBe('The presence server says nothing about this person.');
  });

  test.each([
    ['alive', 'As of', 2],
    ['silent', 'Last confirmed', 5],
    ['disconnected', 'Last confirmed', 20],
    ['missing', 'Last confirmed', 20],
  ] as const)('the moment of a bridge that is %s is "%s" %i minutes ago', (bridge, label, minutes) => {
    const person = opened(bridge);
    expect(shown(person, 'ShownAsOfLabel')).toBe(label);
    expect(shown(person, 'ShownAsOf')).toBe(NOW - minutes * MINUTE);
    expect(shown(person, 'ShownAge')).toBe(`${minutes} minutes ago`);
  });

  test('a change after the last beat is the newest moment', () => {
    expect(shown(opened('alive', { ObservedAt: moment(30) ?? '' }), 'ShownAsOf')).toBe(NOW - 30_000);
  });

  test.each([
    [{ OutOfOffice: '' }, 'Out of office'],
    [{ OutOfOffice: '0' }, 'Out of office'],
    [{ Note: '' }, 'In Madrid'],
    [{ ActivityText: '' }, 'Activity: '],
    [{ StatusSince: '' }, 'Since '],
  ])('with %j "%s" is not there', (items: Items, words) => {
    const found = (form: ReturnType<typeof opened>): boolean =>
      inlinesOf(form.blocks.filter(({ kind }) => kind === 'paragraph')).some(
        (part) => (part.kind === 'text' || part.kind === 'field') && part.text.includes(words),
      );
    expect(found(opened('alive'))).toBe(true);
    expect(found(opened('alive', items))).toBe(false);
  });

  test('mail addresses are shown when there are any', () => {
    expect(wordsOf(opened('alive', { MailAddress: 'ana@contoso.example' }))).toContain('ana@contoso.example');
    expect(wordsOf(opened('alive'))).not.toContain('Mail addresses');
  });

  test('nothing is taken from a cache', () => {
    const lookUps = [...builtDxl('en').matchAll(/@Db(?:Lookup|Column)\(([^;]*);/g)].map((match) => match[1]);
    expect(lookUps.length).toBeGreaterThan(10);
    expect(new Set(lookUps)).toEqual(new Set(['"" : "NoCache"']));
  });
});

describe('form PresenceBridge', () => {
  const open = (items: Items, language: 'en' | 'de' = 'en') => world({ language }).open('PresenceBridge', items);

  test.each([
    ['is connected until three beats are missed', { writtenAt: NOW - 179_000 }, /^Connected/],
    ['is silent from then on', { writtenAt: NOW - 180_000 }, /^Silent/],
    ['confirms nothing while it is not signed in', { connected: false }, /^Not signed in/],
  ])('%s', (_, change, wanted) => {
    const form = open(heartbeatItems({ ...BEAT, ...change }));
    expect(form.faults).toEqual([]);
    expect(shown(form, 'ShownState')).toMatch(wanted);
  });

  test('a document without moments is silent', () => {
    expect(shown(open({ Form: 'PresenceBridge', Connected: '1' }), 'ShownState')).toMatch(/^Silent/);
  });

  test('both sides are told in words, with their ages', () => {
    const items = heartbeatItems({ ...BEAT, ocs: { state: 'bad-credentials', since: NOW - 5 * MINUTE } });
    expect(shown(open(items), 'ShownOcsState')).toBe('user name or password refused');
    expect(shown(open(items), 'ShownOcsAge')).toBe('5 minutes ago');
    expect(shown(open(items, 'de'), 'ShownNotesState')).toBe('verbunden');
    expect(shown(open({ OcsState: 'new-state' }), 'ShownOcsState')).toBe('new-state');
  });

  test.each(Object.keys(ERROR_CODES).filter((code) => code.startsWith('OCS_')))('the error %s has words', (code) => {
    const said = [shown(open({ OcsError: code }), 'ShownError'), shown(open({ OcsError: code }, 'de'), 'ShownError')];
    expect(said[0]).toMatch(/\.$/);
    expect(said[1]).toMatch(/\.$/);
    expect(said[0]).not.toBe(said[1]);
    expect(said.join()).not.toContain(code);
  });

  test('other errors are told by their code, and none when there is none', () => {
    expect(shown(open({ OcsError: 'INTERNAL' }), 'ShownError')).toBe('The bridge reports the error INTERNAL');
    expect(shown(open({ OcsError: '' }), 'ShownError')).toBe('');
  });
});

describe('form PresenceMapping', () => {
  const save = (name: string, address: string, language: 'en' | 'de' = 'en') =>
    world({ language, roles: ADMIN }).save('PresenceMapping', {}, { PersonName: [name], SipAddress: [address] });

  test.each([
    ['Ana Reyes/Sales/Contoso', ' SIP:Ana@Contoso.example ', 'sip:ana@contoso.example'],
    ['CN=Ana Reyes/O=Contoso', 'ana@contoso.example', 'sip:ana@contoso.example'],
  ])('%s gets the address %s', (name, address, stored) => {
    const outcome = save(name, address);
    if (!outcome.ok) throw new Error(outcome.message);
    expect(outcome.items.get('SipAddress')).toEqual(text(stored));
    expect(outcome.items.get('DocumentAuthors')).toEqual(text('[PresenceAdmin]'));
  });

  test.each([
    ['Ana Reyes', 'sip:ana@x', 'PersonName', /^Give the hierarchical Notes name/, /^Bitte den hierarchischen/],
    ['', 'sip:ana@x', 'PersonName', /^Give the hierarchical Notes name/, /^Bitte den hierarchischen/],
    ['Ana Reyes/Contoso', '', 'SipAddress', /^Give the SIP address/, /^Bitte die SIP-Adresse/],
    ['Ana Reyes/Contoso', 'sip:', 'SipAddress', /^Give the SIP address/, /^Bitte die SIP-Adresse/],
    ['Ana Reyes/Contoso', 'ana@', 'SipAddress', /^Give the SIP address/, /^Bitte die SIP-Adresse/],
    ['Ana Reyes/Contoso', 'a na@x', 'SipAddress', /^Give the SIP address/, /^Bitte die SIP-Adresse/],
  ])('"%s" with "%s" is refused at %s', (name, address, field, en, de) => {
    expect(save(name, address)).toMatchObject({ ok: false, field, message: expect.stringMatching(en) });
    expect(save(name, address, 'de')).toMatchObject({ ok: false, field, message: expect.stringMatching(de) });
  });
});

describe('form PresenceConsent', () => {
  const entered = { PersonName: ['CN=Ben/O=Contoso'], Applications: ['Calendar, CRM-2', ' calendar '] };

  test('somebody without the role allows applications for themselves, whatever a program enters', () => {
    const outcome = world().save('PresenceConsent', {}, entered);
    if (!outcome.ok) throw new Error(outcome.message);
    expect(outcome.items.get('PersonName')).toEqual(text(ANA));
    expect(outcome.items.get('Applications')).toEqual(text('calendar', 'crm-2'));
    expect(outcome.items.get('DocumentAuthors')).toEqual(text('[PresenceAdmin]', ANA));
  });

  test('somebody without the role has the applications to fill in and sees their own name', () => {
    const form = world().open('PresenceConsent', {}, { mode: 'edit', isNew: true });
    const fields = inlinesOf(form.blocks).flatMap((part) => (part.kind === 'field' ? [part] : []));
    expect(fields.filter(({ isEditable }) => isEditable)).toHaveLength(1);
    expect(fields.map((field) => field.text)).toContain('Ana Reyes/Sales/Contoso');
  });

  test('an administrator may give it for others, as they did by word of mouth', () => {
    const outcome = world({ roles: ADMIN }).save('PresenceConsent', {}, entered);
    if (!outcome.ok) throw new Error(outcome.message);
    expect(outcome.items.get('PersonName')).toEqual(text('CN=Ben/O=Contoso'));
  });

  test('a document of somebody else keeps its names when an editor without the role saves it', () => {
    const items = { PersonName: 'CN=Ben/O=Contoso', DocumentAuthors: ['[PresenceAdmin]', 'CN=Ben'] };
    const outcome = world().save('PresenceConsent', items, { Applications: ['calendar'] }, false);
    if (!outcome.ok) throw new Error(outcome.message);
    expect(outcome.items.get('PersonName')).toEqual(text('CN=Ben/O=Contoso'));
  });

  test.each([
    ['', 'Name an application.', 'Bitte eine Anwendung nennen.'],
    ['all of them', /^This is no name of an application/, /^So heißt keine Anwendung/],
    ['*', /^This is no name of an application/, /^So heißt keine Anwendung/],
  ])('as an application "%s" is refused', (application, en, de) => {
    for (const [language, message] of [['en', en] as const, ['de', de] as const]) {
      const outcome = world({ language }).save('PresenceConsent', {}, { Applications: [application] });
      expect(outcome).toMatchObject({ ok: false, field: 'Applications', message: expect.stringMatching(message) });
    }
  });

  test('the validation refuses strangers even when the translation did not run', () => {
    const field = elementOf(elementOf(english, 'form', { name: 'PresenceConsent' }), 'field', { name: 'Applications' });
    const check = elementOf(field, 'code', { event: 'inputvalidation' });
    const run = (items: Items) => runFormulaOf(check, items, { userName: ANA, outside: { roles: [], isNew: true } });
    expect(run({ PersonName: ANA, Applications: 'crm' })).toEqual({ type: 'number', list: [1] });
    expect(run({ PersonName: [ANA, 'CN=Ben/O=Contoso'], Applications: 'crm' })).toEqual(
      text('You can allow this only for yourself.'),
    );
  });
});

describe('form PresenceOptOut', () => {
  test('somebody without the role lists themselves, whatever a program enters', () => {
    const outcome = world().save('PresenceOptOut', {}, { PersonName: ['CN=Ben/O=Contoso'], SipAddress: ['sip:ben@x'] });
    if (!outcome.ok) throw new Error(outcome.message);
    expect(outcome.items.get('PersonName')).toEqual(text(ANA));
    expect(outcome.items.get('SipAddress')).toEqual(text(''));
    expect(outcome.items.get('DocumentAuthors')).toEqual(text('[PresenceAdmin]', ANA));
  });

  test('somebody without the role sees their own name and nothing to fill in', () => {
    const form = world().open('PresenceOptOut', {}, { mode: 'edit', isNew: true });
    const fields = inlinesOf(form.blocks).flatMap((part) => (part.kind === 'field' ? [part] : []));
    expect(fields.filter(({ isEditable }) => isEditable)).toEqual([]);
    expect(fields.map((field) => field.text)).toContain('Ana Reyes/Sales/Contoso');
  });

  test('an administrator lists people, groups and addresses', () => {
    const entered = { PersonName: ['CN=Ben/O=Contoso, Sales team'], SipAddress: ['SIP:Cem@X, dee@x'] };
    const outcome = world({ roles: ADMIN }).save('PresenceOptOut', {}, entered);
    if (!outcome.ok) throw new Error(outcome.message);
    expect(outcome.items.get('PersonName')).toEqual(text('CN=Ben/O=Contoso', 'Sales team'));
    expect(outcome.items.get('SipAddress')).toEqual(text('sip:cem@x', 'dee@x'));
  });

  test('groups and mail addresses are not made people of the organization at work', () => {
    const entered = { PersonName: ['Works council, ben@contoso.example, Ben Okoro/Contoso'] };
    const outcome = world({ roles: ADMIN }).save('PresenceOptOut', {}, entered);
    if (!outcome.ok) throw new Error(outcome.message);
    expect(outcome.items.get('PersonName')).toEqual(
      text('Works council', 'ben@contoso.example', 'CN=Ben Okoro/O=Contoso'),
    );
  });

  test('a document of somebody else keeps its names when an editor without the role saves it', () => {
    const items = {
      PersonName: ['CN=Ben/O=Contoso', 'CN=Cem/O=Contoso'],
      DocumentAuthors: ['[PresenceAdmin]', 'CN=Ben'],
    };
    const outcome = world().save('PresenceOptOut', items, {}, false);
    if (!outcome.ok) throw new Error(outcome.message);
    expect(outcome.items.get('PersonName')).toEqual(text(...items.PersonName));
    expect(outcome.items.get('DocumentAuthors')).toEqual(text(...items.DocumentAuthors));
  });

  test.each([
    ['en', 'Name a person, a group or an address.'],
    ['de', 'Bitte eine Person, eine Gruppe oder eine Adresse nennen.'],
  ] as const)('an administrator who names nobody is told in %s', (language, message) => {
    const outcome = world({ language, roles: ADMIN }).save(
      'PresenceOptOut',
      {},
      { PersonName: [''], SipAddress: [''] },
    );
    expect(outcome).toMatchObject({ ok: false, reason: 'refused', message });
  });

  test('the validation refuses strangers even when the translation did not run', () => {
    const field = elementOf(elementOf(english, 'form', { name: 'PresenceOptOut' }), 'field', { name: 'SipAddress' });
    const check = elementOf(field, 'code', { event: 'inputvalidation' });
    const outside = { roles: [], isNew: true };
    const run = (items: Items) => runFormulaOf(check, items, { userName: ANA, outside });
    expect(run({ PersonName: ANA })).toEqual({ type: 'number', list: [1] });
    expect(run({ PersonName: [ANA, 'CN=Ben/O=Contoso'] })).toEqual(text('You can list only yourself here.'));
    expect(run({ PersonName: ANA, SipAddress: 'sip:ben@x' })).toEqual(text('You can list only yourself here.'));
  });

  test('it says whom to ask', () => {
    const profile = { ContactAddress: 'helpdesk@contoso.example' };
    expect(shown(world({ profile }).open('PresenceOptOut'), 'ShownContact')).toBe(
      'Questions? Ask helpdesk@contoso.example.',
    );
    expect(shown(world({ language: 'de' }).open('PresenceOptOut'), 'ShownContact')).toBe(
      'Fragen? Wenden Sie sich an die Administratoren dieser Datenbank.',
    );
  });
});

describe('form PresenceProfile', () => {
  const save = (input: Readonly<Record<string, readonly string[]>>) =>
    world({ roles: ADMIN }).save('PresenceProfile', {}, { ChatScheme: ['im'], ...input });

  test.each([
    { PresenceFile: [''], BridgeUrl: [''] },
    { PresenceFile: ['apps/Presence.NSF'], BridgeUrl: ['https://bridge.contoso.example:8443'] },
    { ChatScheme: ['sip'], BridgeUrl: ['http://localhost:8080/'] },
  ])('%j is taken', (input) => {
    expect(save(input)).toMatchObject({ ok: true });
  });

  test.each([
    ['PresenceFile', 'presence'],
    ['BridgeUrl', 'bridge.contoso.example'],
    ['BridgeUrl', 'ftp://bridge'],
    ['BridgeUrl', 'https://user:token@bridge'],
    ['BridgeUrl', 'https://bridge/?token=1'],
    ['ChatScheme', 'mailto'],
  ])('%s "%s" is refused', (field, entry) => {
    expect(save({ [field]: [entry] })).toMatchObject({ ok: false, field, reason: 'refused' });
  });
});

describe('form PresencePushTarget', () => {
  const save = (server: string) => {
    const input = {
      TargetServer: [server],
      TargetFile: ['a.nsf'],
      TargetView: ['v'],
      NameItem: ['Who'],
      ItemPrefix: ['P'],
    };
    const outcome = world({ roles: ADMIN }).save('PresencePushTarget', {}, input);
    if (!outcome.ok) throw new Error(outcome.message);
    return outcome.items.get('TargetServer');
  };

  test.each([
    ['', ''],
    ['mail01', 'mail01'],
    ['mail01/Contoso', 'CN=mail01/O=Contoso'],
  ])('the server "%s" is kept as "%s"', (server, kept) => {
    expect(save(server)).toEqual(text(kept));
  });
});

describe('every form', () => {
  const names = designOf().design.forms.map(({ alias }) => alias);

  test.each(names)('%s opens an empty document and one of odd values without a fault', (name) => {
    const odd = { Status: 1, Activity: 2, PersonName: 3, SipAddress: 4, StatusSince: 'x', OutOfOffice: 5, Note: 6 };
    for (const items of [{}, odd, { Bridge: 7, FreshUntil: 'x', Connected: 8, OcsState: 9, OcsError: 1 }]) {
      for (const mode of ['read', 'edit'] as const) {
        expect(world().open(name, items, { mode }).faults).toEqual([]);
      }
    }
  });
});

describe('every formula of the template', () => {
  const formulas = [...descendants(english)].filter((element) => element.name === 'formula');

  test.each([{}, { Status: 1, Activity: 2, PersonName: 3, SipAddress: 4, StatusSince: 'x', OutOfOffice: 5, Note: 6 }])(
    'runs without an error on a document such as %j',
    (items: Items) => {
      const { formulas: context } = world();
      const effects = (): void => undefined;
      expect(formulas.length).toBeGreaterThan(40);
      for (const element of formulas) {
        expect(compileFormula(element.text).ok).toBe(true);
        const outside = { ...context.outside, isNew: false, isEdited: false };
        const value = runFormulaOf(element, items, { ...context, outside, effects });
        expect(value.type === 'error' ? [element.text, value] : []).toEqual([]);
      }
    },
  );
});
