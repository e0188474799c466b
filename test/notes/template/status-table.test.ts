import { describe, expect, test } from 'vitest';
import type { Items, ItemValue } from '../../../src/notes/item-value.js';
import { personItems } from '../../../src/notes/items.js';
import { readDesign } from '../../../src/notes/template/design.js';
import type { TextEquality } from '../../../src/notes/template/formula/operators.js';
import { text, type Value } from '../../../src/notes/template/formula/values.js';
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

/** What a column of the view People gives; it must be the same however Notes compares texts, and in both views. */
function column(name: Column, items: Items, language: 'en' | 'de' = 'en'): Value {
  const results = ['People', 'ByStatus'].flatMap((alias) => {
    const view = elementOf(LANGUAGES[language], 'view', { alias });
    return EQUALITIES.map((textEquality) =>
      runFormulaOf(elementOf(view, 'column', { itemname: name }), items, { textEquality }),
    );
  });
  const [first] = results;
  if (!first) throw new Error('no result');
  for (const result of results) expect(result).toEqual(first);
  return first;
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
    expect(column('$Status', items)).toEqual(text(words));
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

  test.each([
    [{ Form: 'Presence' }, 1],
    [{ Form: 'PresenceBridge' }, 0],
    [{ Form: 'Presence', $Conflict: '' }, 0],
    [{}, 0],
  ] as const)('the selection of %j is %i', (items, wanted) => {
    for (const alias of ['People', 'ByStatus']) {
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
