import { describe, expect, test } from 'vitest';
import type { Items, ItemValue } from '../../../src/notes/item-value.js';
import { personItems } from '../../../src/notes/items.js';
import { readDesign } from '../../../src/notes/template/design/design.js';
import type { TextEquality } from '../../../src/notes/template/formula/operators.js';
import { text, type Value } from '../../../src/notes/template/formula/values.js';
import type { XmlElement } from '../../../src/notes/template/xml-tree.js';
import { ACTIVITIES, type Activity, rankOf, STATUSES, type Status } from '../../../src/presence/availability.js';
import { parseSipUri, sipKeyOf } from '../../../src/presence/ids.js';
import { unknownSnapshot } from '../../../src/presence/snapshot.js';
import { builtDxl, elementOf, runFormulaOf, treeOf } from '../../support/template.js';

/** Icon and text of a status with no activity. */
const PLAIN: Readonly<Record<Status, readonly [icon: string, en: string, de: string]>> = {
  available: ['available', 'Available', 'Verfügbar'],
  'available-idle': ['available-idle', 'Available (inactive)', 'Verfügbar (inaktiv)'],
  busy: ['busy', 'Busy', 'Beschäftigt'],
  'busy-idle': ['busy-idle', 'Busy (inactive)', 'Beschäftigt (inaktiv)'],
  'do-not-disturb': ['do-not-disturb', 'Do not disturb', 'Nicht stören'],
  'be-right-back': ['be-right-back', 'Be right back', 'Gleich zurück'],
  away: ['away', 'Away', 'Abwesend'],
  offline: ['offline', 'Offline', 'Offline'],
  unknown: ['unknown', 'Unknown', 'Unbekannt'],
};

/** What an activity adds to the text of a status that may be shown with it; the others add nothing. */
const ADDED: Partial<Record<Activity, readonly [en: string, de: string]>> = {
  'on-the-phone': ['on the phone', 'am Telefon'],
  'in-a-conference': ['in a conference call', 'in einer Telefonkonferenz'],
  'in-a-meeting': ['in a meeting', 'in einer Besprechung'],
  presenting: ['presenting', 'in einer Präsentation'],
  'urgent-interruptions-only': ['urgent interruptions only', 'nur dringende Unterbrechungen'],
  'out-to-lunch': ['out to lunch', 'beim Mittagessen'],
  'off-work': ['off work', 'nicht bei der Arbeit'],
};

/** Pairs whose icon is not that of the status. */
const SPECIAL_ICONS: Readonly<Record<string, string>> = {
  'busy on-the-phone': 'on-the-phone',
  'busy in-a-conference': 'on-the-phone',
  'busy in-a-meeting': 'in-a-meeting',
  'do-not-disturb presenting': 'presenting',
};

const EQUALITIES: readonly TextEquality[] = ['exact', 'ignore-case'];

const LANGUAGES = { en: treeOf(builtDxl('en')), de: treeOf(builtDxl('de')) };
const images = readDesign(builtDxl('en')).images;

type Column = '$Icon' | '$Status' | '$OutOfOffice' | '$Name';

/** Views that show people with icon, name and text. */
const PERSON_VIEWS = ['People', 'ByStatus', 'AvailableNow', 'ByDepartment'];

/** What a column of people's views gives; it must be the same however Notes compares texts, and in all of the views. */
function column(name: Column, items: Items, language: 'en' | 'de' = 'en'): Value {
  const results = PERSON_VIEWS.flatMap((alias) => {
    const code = codeOf(language, alias, name);
    return EQUALITIES.map((textEquality) => runFormulaOf(code, items, { textEquality }));
  });
  const [first] = results;
  if (!first) throw new Error('no result');
  for (const result of results) expect(result).toEqual(first);
  return first;
}

const CODES = new Map<string, XmlElement>();

function codeOf(language: 'en' | 'de', view: string, name: string): XmlElement {
  const key = `${language} ${view} ${name}`;
  const code =
    CODES.get(key) ?? elementOf(elementOf(LANGUAGES[language], 'view', { alias: view }), 'column', { itemname: name });
  CODES.set(key, code);
  return code;
}

/** What the column gives that other applications adopt, for their items. */
function adopted(items: Items, language: 'en' | 'de' = 'en'): Value {
  const shared = elementOf(LANGUAGES[language], 'sharedcolumn', { name: 'PresenceIcon' });
  const results = EQUALITIES.map((textEquality) => runFormulaOf(shared, items, { textEquality }));
  expect(results[1]).toEqual(results[0]);
  return results[0] ?? text();
}

const icon = (name: string): Value => text(`presence-${name}.gif`);

const PAIRS = STATUSES.flatMap((status) => ['' as const, ...ACTIVITIES].map((activity) => ({ status, activity })));

describe('icon and text of every status with every activity', () => {
  test.each(PAIRS)('$status $activity', ({ status, activity }) => {
    const items = { Status: status, Activity: activity };
    const [plainIcon, en, de] = PLAIN[status];
    const added = activity === '' || status === 'offline' || status === 'unknown' ? undefined : ADDED[activity];
    expect(column('$Icon', items)).toEqual(icon(SPECIAL_ICONS[`${status} ${activity}`] ?? plainIcon));
    expect(column('$Status', items, 'en')).toEqual(text(added ? `${en}, ${added[0]}` : en));
    expect(column('$Status', items, 'de')).toEqual(text(added ? `${de}, ${added[1]}` : de));
    for (const outOfOffice of ['', '1']) {
      const marked = { ...items, OutOfOffice: outOfOffice };
      expect(column('$Icon', marked, 'de')).toEqual(icon(SPECIAL_ICONS[`${status} ${activity}`] ?? plainIcon));
      expect(column('$OutOfOffice', marked)).toEqual(text(outOfOffice === '1' ? 'presence-out-of-office.gif' : ''));
    }
    expect(adopted({ PresenceStatus: status, PresenceActivity: activity })).toEqual(column('$Icon', items));
  });

  test('every icon that a formula gives is a picture of the template', () => {
    const given = PAIRS.map(({ status, activity }) => column('$Icon', { Status: status, Activity: activity }));
    const names = new Set(given.flatMap((value) => (value.type === 'text' ? value.list : [])));
    expect([...names].filter((name) => !images.has(name))).toEqual([]);
    expect(names.size).toBe(12);
  });

  test('only an available status has a green icon', () => {
    const green = PAIRS.filter(({ status, activity }) => {
      const value = column('$Icon', { Status: status, Activity: activity });
      return value.type === 'text' && value.list.some((name) => name.startsWith('presence-available'));
    });
    expect(new Set(green.map(({ status }) => status))).toEqual(new Set(['available', 'available-idle']));
  });
});

describe('odd values', () => {
  const odd: readonly (readonly [title: string, items: Items, icon: string, words: string])[] = [
    ['no status', {}, 'unknown', 'Unknown'],
    ['an empty status', { Status: '' }, 'unknown', 'Unknown'],
    ['blanks', { Status: '   ' }, 'unknown', 'Unknown'],
    ['a word nobody knows', { Status: 'dancing' }, 'unknown', 'Unknown'],
    ['a word nobody knows with an activity', { Status: 'dancing', Activity: 'on-the-phone' }, 'unknown', 'Unknown'],
    ['a word that only begins like one', { Status: 'available!' }, 'unknown', 'Unknown'],
    ['capitals and blanks around', { Status: '  AVAILABLE ' }, 'available', 'Available'],
    ['an activity in capitals', { Status: 'Busy', Activity: ' In-A-Meeting ' }, 'in-a-meeting', 'Busy, in a meeting'],
    ['an activity nobody knows', { Status: 'busy', Activity: 'juggling' }, 'busy', 'Busy'],
    ['a number', { Status: 3500 }, 'unknown', 'Unknown'],
    ['numbers as activity', { Status: 'busy', Activity: [1, 2] }, 'busy', 'Busy'],
    ['several values', { Status: ['away', 'available'] }, 'away', 'Away'],
    ['an empty list', { Status: [] as readonly string[] }, 'unknown', 'Unknown'],
    ['a moment', { Status: { type: 'datetime', data: '2026-01-05T09:30:00Z' } }, 'unknown', 'Unknown'],
    ['canonical text', { Status: { type: 'text', data: 'busy' } }, 'busy', 'Busy'],
    ['item names in other case', { STATUS: 'busy' }, 'busy', 'Busy'],
  ];

  test.each(odd)('%s', (_, items, wantedIcon, words) => {
    expect(column('$Icon', items)).toEqual(icon(wantedIcon));
    expect(column('$Icon', items, 'de')).toEqual(icon(wantedIcon));
    expect(column('$Status', items)).toEqual(text(words));
  });

  test.each(odd)('%s has the same words in the list of problems', (_, items, __, words) => {
    const code = codeOf('en', 'Problems', '$State');
    for (const textEquality of EQUALITIES) {
      expect(runFormulaOf(code, { Form: 'Presence', ...items }, { textEquality })).toEqual(text(words));
    }
  });
});

describe('the column for other applications', () => {
  const icons = (...names: string[]): Value => text(...names.map((name) => `presence-${name}.gif`));
  const eleven = Array.from({ length: 11 }, () => 'busy');
  const cases: readonly (readonly [title: string, items: Items, wanted: Value])[] = [
    ['a document without such items has no icon', {}, text('')],
    ['an empty item gives no icon', { PresenceStatus: '' }, text('')],
    ['several names give several icons', { PresenceStatus: ['away', 'busy'] }, icons('away', 'busy')],
    [
      'activities belong to the status at their place',
      { PresenceStatus: ['busy', 'busy', 'busy'], PresenceActivity: ['', 'in-a-meeting', ''] },
      icons('busy', 'in-a-meeting', 'busy'),
    ],
    [
      'a shorter list of activities says nothing of the others',
      { PresenceStatus: ['busy', 'busy'], PresenceActivity: 'on-the-phone' },
      icons('on-the-phone', 'busy'),
    ],
    [
      'activities too many are left out',
      { PresenceStatus: 'busy', PresenceActivity: ['', 'on-the-phone'] },
      icons('busy'),
    ],
    [
      'an empty entry among others is somebody who is unknown',
      { PresenceStatus: ['available', '', 'busy'], PresenceActivity: ['', '', 'in-a-meeting'] },
      icons('available', 'unknown', 'in-a-meeting'),
    ],
    ['a word nobody knows is unknown', { PresenceStatus: ['dancing', 'away'] }, icons('unknown', 'away')],
    ['the name of a picture is no status', { PresenceStatus: 'presence-available.gif' }, icons('unknown')],
    ['a status that holds the separator is unknown', { PresenceStatus: 'available|x' }, icons('unknown')],
    [
      'an activity that holds the separator makes the status unknown',
      { PresenceStatus: 'available', PresenceActivity: 'a|b' },
      icons('unknown'),
    ],
    ['capitals and blanks do not matter', { PresenceStatus: [' Busy', 'AWAY '] }, icons('busy', 'away')],
    ['numbers are unknown', { PresenceStatus: [1, 2] }, icons('unknown', 'unknown')],
    ['ten icons are the most', { PresenceStatus: eleven }, icons(...eleven.slice(1))],
    ['item names may be in other case', { PRESENCESTATUS: 'busy' }, icons('busy')],
    [
      'other items of the application do not matter',
      { PresenceStatus: 'busy', Status: 'x', Known: 'y' },
      icons('busy'),
    ],
  ];

  test.each(cases)('%s', (_, items, wanted) => {
    expect(adopted(items)).toEqual(wanted);
    expect(adopted(items, 'de')).toEqual(wanted);
  });
});

describe('out of office', () => {
  test.each([
    ['1', 'presence-out-of-office.gif'],
    ['', ''],
    ['0', ''],
    [1, 'presence-out-of-office.gif'],
  ] as const)('%j gives %j', (value, wanted) => {
    for (const status of STATUSES) {
      expect(column('$OutOfOffice', { Status: status, OutOfOffice: value })).toEqual(text(wanted));
    }
  });

  test('a document without the item has no mark', () => {
    expect(column('$OutOfOffice', { Status: 'busy' })).toEqual(text(''));
  });

  test('changes neither icon nor text', () => {
    const items = { Status: 'away', OutOfOffice: '1' };
    expect([column('$Icon', items), column('$Status', items)]).toEqual([icon('away'), text('Away')]);
  });
});

describe('name', () => {
  const canonical: ItemValue = { type: 'text', data: 'CN=Ana Reyes/OU=Sales/O=Contoso', names: true };

  test.each([
    ['the common name of a Notes name', { PersonName: canonical, DisplayName: 'x' }, 'Ana Reyes'],
    ['an abbreviated name', { PersonName: 'Ana Reyes/Sales/Contoso' }, 'Ana Reyes'],
    ['the display name without a Notes name', { PersonName: '', DisplayName: 'Reyes, Ana' }, 'Reyes, Ana'],
    ['the address without names', { SipAddress: 'sip:ana@contoso.example' }, 'ana@contoso.example'],
    ['nothing at all', {}, ''],
  ] as const)('%s', (_, items, wanted) => {
    expect(column('$Name', items)).toEqual(text(wanted));
  });
});

describe('documents as the store writes them', () => {
  const uri = parseSipUri('sip:ana@contoso.example');
  if (!uri.ok) throw new Error(uri.reason);
  const person = { uri: uri.value, key: sipKeyOf(uri.value), name: undefined, displayName: 'Ana' };

  test.each(STATUSES)('a person who is %s stands at the place of that rank', (status) => {
    const snapshot = { ...unknownSnapshot(uri.value, 'Ana'), status };
    const items = personItems(
      { person, snapshot, observedAt: 0, bridge: 'b', epoch: 1, seq: 1, waitingSince: 0 },
      { notes: false },
    );
    const view = elementOf(LANGUAGES.en, 'view', { alias: 'ByStatus' });
    const order = runFormulaOf(elementOf(view, 'column', { itemname: '$Order' }), items);
    expect(order).toEqual({ type: 'number', list: [rankOf(status)] });
    expect(column('$Icon', items)).toEqual(icon(PLAIN[status][0]));
    expect(column('$Name', items)).toEqual(text('Ana'));
  });

  test('exactly who is available, inactive or not, is in the view Available now', () => {
    const view = elementOf(LANGUAGES.en, 'view', { alias: 'AvailableNow' });
    const selection = elementOf(view, 'code', { event: 'selection' });
    const selected = [...STATUSES, 'AVAILABLE ', 'dancing', ''].filter((status) =>
      EQUALITIES.every((textEquality) => {
        const value = runFormulaOf(selection, { Form: 'Presence', Status: status }, { textEquality });
        return value.type === 'number' && value.list[0] === 1;
      }),
    );
    expect(selected).toEqual(['available', 'available-idle', 'AVAILABLE ']);
    const conflict = runFormulaOf(selection, { Form: 'Presence', Status: 'available', $Conflict: '' });
    expect(conflict).toEqual({ type: 'number', list: [0] });
  });

  test.each([
    [{ Form: 'Presence' }, 1],
    [{ Form: 'PresenceBridge' }, 0],
    [{ Form: 'Presence', $Conflict: '' }, 0],
    [{}, 0],
  ] as const)('the selection of %j is %i', (items, wanted) => {
    for (const alias of ['People', 'ByStatus', 'ByDepartment']) {
      const view = elementOf(LANGUAGES.en, 'view', { alias });
      for (const textEquality of EQUALITIES) {
        expect(runFormulaOf(elementOf(view, 'code', { event: 'selection' }), items, { textEquality })).toEqual({
          type: 'number',
          list: [wanted],
        });
      }
    }
  });
});
