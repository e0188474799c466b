import { describe, expect, test } from 'vitest';
import { VIEWS } from '../../../src/notes/fields.js';
import type { Items } from '../../../src/notes/item-value.js';
import { text } from '../../../src/notes/template/formula/values.js';
import { createViewFeed, type DocumentViewFeed } from '../../../src/notes/template/views/view-feed.js';
import { builtDxl, elementOf, runFormulaOf, treeOf } from '../../support/template.js';

const DXL = { en: builtDxl('en'), de: builtDxl('de') };
const english = treeOf(DXL.en);
const german = treeOf(DXL.de);

function feedOf(views: readonly string[], people: Readonly<Record<string, Items>>, language: 'en' | 'de' = 'en') {
  const feed = createViewFeed(DXL[language], { language, zone: 'UTC', views, keepsDocuments: true });
  for (const [id, items] of Object.entries(people)) feed.put(id, { Form: 'Presence', Status: 'away', ...items });
  return feed;
}

/** People by their common name. */
function named(...names: readonly string[]): Readonly<Record<string, Items>> {
  return Object.fromEntries(names.map((name) => [name, { PersonName: `CN=${name}/O=Contoso` }]));
}

const ids = (feed: DocumentViewFeed, view: string): string[] => feed.rows(view).map((row) => row.id);

describe('the place of a name in the list', () => {
  const lastName = elementOf(elementOf(english, 'view', { alias: 'People' }), 'column', { itemname: '$LastName' });

  test.each([
    ['Ana Reyes', 'Reyes'],
    ['Ana  Maria   Reyes', 'Reyes'],
    ['Ana', 'Ana'],
    ['Hans Müller-Lüdenscheidt', 'Müller-Lüdenscheidt'],
    ['Ursula von der Leyen', 'Leyen'],
    ['Vincent van Gogh', 'Gogh'],
    ['María de la Cruz', 'Cruz'],
    ['Robert De Niro', 'De Niro'],
    ['Dick Van Dyke', 'Van Dyke'],
    ['Juan San Martín', 'San Martín'],
    ['Van Dyke', 'Dyke'],
    ["Sinéad O'Connor", "O'Connor"],
    ['Reyes, Ana', 'Reyes'],
    ['García López, Ana', 'García López'],
    ['von der Leyen, Ursula', 'Leyen'],
    ['De Niro, Robert', 'De Niro'],
    ['Ana Reyes (DE)', 'Reyes'],
    ['Reyes, Ana (External)', 'Reyes'],
    ['John Smith, Jr.', 'Smith'],
    ['John Smith Jr.', 'Smith'],
    ['John Smith III', 'Smith'],
    ['Smith Jr.', 'Jr.'],
    ['Anna Meier, Dr.', 'Meier'],
    ['Dr. Anna Meier', 'Meier'],
    ['van der', 'der'],
    ['von, zu', 'von, zu'],
    [',', ','],
    ['(x)', '(x)'],
    ['王小明', '王小明'],
  ])('"%s" stands under "%s"', (name, wanted) => {
    expect(runFormulaOf(lastName, { PersonName: `CN=${name}/OU=Sales/O=Contoso` })).toEqual(text(wanted));
    expect(runFormulaOf(lastName, { DisplayName: name })).toEqual(text(wanted));
  });

  test.each([
    [{ SipAddress: 'sip:ana.reyes@contoso.example' }, 'ana.reyes@contoso.example'],
    [{}, ''],
    [{ PersonName: '', DisplayName: '  ' }, ''],
  ])('people without a name stand under their address: %j', (items: Items, wanted) => {
    expect(runFormulaOf(lastName, items)).toEqual(text(wanted));
  });

  test('what is shown is the name as it is written', () => {
    const feed = feedOf([VIEWS.people], named('Ursula von der Leyen'));
    expect(feed.rows(VIEWS.people)[0]?.cells[1]).toEqual({ kind: 'text', text: 'Ursula von der Leyen' });
  });
});

describe('order of people', () => {
  test.each(['en', 'de'] as const)('is that of last names, then of first names (%s)', (language) => {
    const wanted = [
      'Bo Ångström',
      'Zoe Ärmel',
      'Ana Meier',
      'Bo meier',
      'Carl Méier',
      'Ana Müller',
      'Hans Müller-Lüdenscheidt',
      'Ana Müllerin',
      'Ana Strasse',
      'Bo Straße',
      'Ana Zorn',
    ];
    const feed = feedOf([VIEWS.people], named(...wanted.toReversed()), language);
    expect(ids(feed, VIEWS.people)).toEqual(wanted);
  });

  test('mixes people with Notes names, with display names and with neither', () => {
    const feed = feedOf([VIEWS.people], {
      c: { DisplayName: 'Reyes, Carl' },
      a: { PersonName: 'CN=Ana Reyes/O=Contoso' },
      n: { SipAddress: 'sip:nobody@contoso.example' },
      z: { PersonName: 'CN=Bo Zorn/O=Contoso' },
    });
    expect(ids(feed, VIEWS.people)).toEqual(['n', 'a', 'c', 'z']);
  });

  test('a click on the name sorts by first names, both ways, and on the time by the newest change', () => {
    const at = (minute: number): Items => ({ StatusSince: { type: 'datetime', data: `2026-01-05T09:0${minute}:00Z` } });
    const feed = feedOf([VIEWS.people], {
      b: { PersonName: 'CN=Bo Adler/O=Contoso', ...at(1) },
      a: { PersonName: 'CN=Ana Zorn/O=Contoso', ...at(3) },
      c: { PersonName: 'CN=Carl Meier/O=Contoso', ...at(2) },
    });
    const order = (column: number, direction: 'ascending' | 'descending'): string =>
      feed
        .rows(VIEWS.people, { column, direction })
        .map(({ id }) => id)
        .join('');
    expect(ids(feed, VIEWS.people).join('')).toBe('bca');
    expect([order(1, 'ascending'), order(1, 'descending'), order(3, 'descending')]).toEqual(['abc', 'cba', 'acb']);
    // Not offered: the view stays as it is.
    expect([order(3, 'ascending'), order(2, 'ascending'), order(9, 'ascending')]).toEqual(['bca', 'bca', 'bca']);
  });
});

describe('Available now', () => {
  test('lists those who can be reached: the active ones first, then by last name', () => {
    const feed = feedOf([VIEWS.availableNow], {
      a: { ...named('Ana Zorn')['Ana Zorn'], Status: 'available-idle' },
      b: { ...named('Bo Zorn')['Bo Zorn'], Status: 'available' },
      c: { ...named('Carl Adler')['Carl Adler'], Status: 'available', OutOfOffice: '1' },
      d: { ...named('Dora Adler')['Dora Adler'], Status: 'busy' },
    });
    expect(ids(feed, VIEWS.availableNow)).toEqual(['c', 'b', 'a']);
    feed.put('b', { Form: 'Presence', Status: 'unknown' });
    expect(ids(feed, VIEWS.availableNow)).toEqual(['c', 'a']);
  });
});

describe('By department', () => {
  const department = (tree: typeof english) =>
    elementOf(elementOf(tree, 'view', { alias: 'ByDepartment' }), 'column', { itemname: '$Department' });

  test.each([
    ['CN=Ana Reyes/O=Contoso', 'Contoso'],
    ['CN=Ana Reyes/OU=Sales/O=Contoso', 'Contoso\\Sales'],
    // The right-hand unit is the outer one: the east team belongs to Sales.
    ['CN=Ana Reyes/OU=East/OU=Sales/O=Contoso', 'Contoso\\Sales\\East'],
    ['CN=A/OU=1/OU=2/OU=3/OU=4/O=Contoso', 'Contoso\\4\\3\\2\\1'],
    ['CN=Ana Reyes/OU=Sales/O=Contoso/C=DE', 'Contoso/DE\\Sales'],
    ['CN=Ana Reyes/O=DE', 'DE'],
    ['CN=Ana Reyes/OU=Sales and Service/O=Contoso Ltd', 'Contoso Ltd\\Sales and Service'],
    ['CN=Ana Reyes/OU=R\\D/O=Contoso', 'Contoso\\R-D'],
  ])('%s stands under %s', (name, wanted) => {
    for (const tree of [english, german]) {
      expect(runFormulaOf(department(tree), { PersonName: name })).toEqual(text(wanted));
    }
  });

  test.each([{}, { PersonName: '' }, { PersonName: 'Ana Reyes' }, { PersonName: 'CN=Ana Reyes' }, { PersonName: 5 }])(
    'who has no organization stands under a heading that says so: %j',
    (items: Items) => {
      expect(runFormulaOf(department(english), items)).toEqual(text('Organization not known'));
      expect(runFormulaOf(department(german), items)).toEqual(text('Organisation nicht bekannt'));
    },
  );

  test('no organization comes between another one and its departments', () => {
    const feed = feedOf([VIEWS.byDepartment], {
      1: { PersonName: 'CN=A A/OU=Sales/O=Contoso' },
      2: { PersonName: 'CN=B B/O=Contoso AG' },
      3: { PersonName: 'CN=C C/O=Contoso' },
      4: { PersonName: 'CN=D D/OU=East/OU=Sales/O=Contoso' },
      5: { PersonName: 'CN=E E/OU=sales/O=Contoso' },
    });
    expect(feed.rows(VIEWS.byDepartment).map(({ id, category }) => [id, category])).toEqual([
      ['3', 'Contoso'],
      ['1', 'Contoso\\Sales'],
      ['5', 'Contoso\\sales'],
      ['4', 'Contoso\\Sales\\East'],
      ['2', 'Contoso AG'],
    ]);
  });
});

describe('Problems', () => {
  const feed = feedOf([VIEWS.problems], {
    sound: { PersonName: 'CN=Ana Reyes/O=Contoso', Status: 'busy' },
    unnamed: { DisplayName: 'Bo', Status: 'busy' },
    unknown: { PersonName: 'CN=Carl Zorn/O=Contoso', Status: 'unknown', SipAddress: 'sip:carl@contoso.example' },
    odd: { PersonName: 'CN=Dora Adler/O=Contoso', Status: 'dancing' },
    both: { Status: '' },
    conflict: { PersonName: 'CN=Eva Meier/O=Contoso', Status: 'busy', $Conflict: '' },
    beating: { Form: 'PresenceBridge', Bridge: 'bridge-1', Connected: '1', OcsState: 'connected' },
    silent: { Form: 'PresenceBridge', Bridge: 'bridge-2', Connected: '', OcsState: 'waiting' },
    mapping: { Form: 'PresenceMapping', PersonName: 'CN=Finn Ohm/O=Contoso', $Conflict: '' },
    lease: { Form: 'PresenceLease', Bridge: 'bridge-1' },
  });
  const found = feed.rows(VIEWS.problems).map(({ id, category }) => [category, id]);

  test('a document stands under every problem that it has, others nowhere', () => {
    expect(found).toEqual([
      ['Bridges that are not signed in', 'silent'],
      ['People without a Notes name', 'unnamed'],
      ['People without a Notes name', 'both'],
      ['Replication or save conflicts', 'conflict'],
      ['Replication or save conflicts', 'mapping'],
      ['Statuses that are not confirmed', 'unknown'],
      ['Statuses that are not confirmed', 'odd'],
      ['Statuses that are not confirmed', 'both'],
    ]);
  });

  test('a row says who or what it is about, and its state', () => {
    const cells = (id: string): unknown[] =>
      feed
        .rows(VIEWS.problems)
        .find((row) => row.id === id)
        ?.cells.map((cell) => (cell.kind === 'text' ? cell.text : '')) ?? [];
    expect(cells('unknown').slice(1)).toEqual(['Carl Zorn', 'Unknown', '', 'sip:carl@contoso.example', '']);
    expect(cells('silent').slice(1)).toEqual(['bridge-2', 'waiting', '', '', 'bridge-2']);
    expect(cells('mapping').slice(1)).toEqual(['Finn Ohm', '', '', '', '']);
    expect(cells('both').slice(1, 3)).toEqual(['Presence', 'Unknown']);
  });

  test('a conflict is in no other view', () => {
    const all = createViewFeed(DXL.en, { zone: 'UTC', views: Object.values(VIEWS) });
    all.put('c', {
      Form: 'Presence',
      PersonName: 'CN=A A/O=X',
      SipAddress: 'sip:a@b.c',
      Status: 'available',
      $Conflict: '',
    });
    all.put('m', { Form: 'PresenceMapping', PersonName: 'CN=A A/O=X', $Conflict: '' });
    all.put('b', { Form: 'PresenceBridge', Bridge: 'b', Connected: '1', $Conflict: '' });
    const filled = Object.values(VIEWS).filter((view) => all.rows(view).length > 0);
    expect(filled).toEqual([VIEWS.problems]);
  });
});

describe('Settings', () => {
  test('list mappings, opt-outs and push targets', () => {
    const feed = createViewFeed(DXL.en, { zone: 'UTC', views: [VIEWS.settings] });
    feed.put('m', {
      Form: 'PresenceMapping',
      PersonName: 'CN=Ana Reyes/O=Contoso',
      SipAddress: 'sip:ana@contoso.example',
    });
    feed.put('o', { Form: 'PresenceOptOut', PersonName: ['CN=Bo Zorn/O=Contoso', 'Works council'] });
    feed.put('p', { Form: 'PresencePushTarget', TargetFile: 'apps/contacts.nsf', TargetView: 'Contacts' });
    const rows = feed.rows(VIEWS.settings).map(({ category, cells: [, name] }) => [category, name]);
    expect(rows).toEqual([
      ['Address of a person', { kind: 'text', text: 'Ana Reyes/Contoso' }],
      ['Copy statuses to a database', { kind: 'text', text: 'apps/contacts.nsf - Contacts' }],
      ['Not to be shown', { kind: 'text', text: 'Bo Zorn/Contoso, Works council' }],
    ]);
  });
});

describe('what is drawn', () => {
  test('hidden views are not offered unless somebody asks for them', () => {
    const views = createViewFeed(DXL.en, { zone: 'UTC' })
      .views()
      .map(({ id }) => id);
    expect(views.filter((id) => id.startsWith('LookUp'))).toEqual([]);
    expect(views[0]).toBe('People');
  });

  test.each(['People', 'ByStatus', 'AvailableNow', 'ByDepartment'])(
    '%s has icon, name, status, since, mark',
    (view) => {
      const [description] = createViewFeed(DXL.de, { views: [view] }).views();
      const columns = description?.categorized ? description.columns.slice(1) : description?.columns;
      expect(columns?.map(({ title, kind }) => [title, kind])).toEqual([
        ['', 'icon'],
        ['Name', 'text'],
        ['Status', 'text'],
        ['Seit', 'text'],
        ['Außer Haus', 'icon'],
      ]);
    },
  );
});
