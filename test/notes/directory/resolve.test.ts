import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Roster } from '../../../src/bridge/ports.js';
import type { DirectoryEntries, DirectoryEntry, GroupEntry } from '../../../src/notes/directory/entry.js';
import { resolveDirectory } from '../../../src/notes/directory/resolve.js';
import type { DirectorySettings, ResolvedDirectory } from '../../../src/notes/directory/resolved.js';
import { sameRoster } from '../../../src/notes/directory/same-roster.js';
import { atOnce } from '../../../src/notes/steps.js';
import { DIRECTORY_RULES, type DirectoryRow, type DirectoryRule } from '../../../src/presence/directory.js';
import { sipKeyOf } from '../../../src/presence/ids.js';
import { sip } from '../../support/people.js';

const SETTINGS: DirectorySettings = {
  rules: DIRECTORY_RULES,
  domains: ['contoso.example'],
  groups: [],
  optOut: { people: [], groups: [] },
};

type Addresses = Partial<Record<DirectoryRule, string | readonly string[]>>;

function entry(names: string | readonly string[], addresses: Addresses = {}, displayName = ''): DirectoryEntry {
  const listed = [names].flat();
  return {
    origin: `entry ${listed[0]} ${Object.keys(addresses)}`,
    names: listed,
    addresses: Object.entries(addresses).flatMap(([rule, texts]) =>
      [texts].flat().map((text) => ({ rule: rule as DirectoryRule, text })),
    ),
    displayName,
  };
}

const group = (name: string, ...members: readonly string[]): GroupEntry => ({ origin: name, names: [name], members });

function resolve(
  people: readonly DirectoryEntry[],
  {
    groups = [],
    optOuts = [],
    ...settings
  }: Partial<Omit<DirectoryEntries, 'people'>> & { watch?: string[] } & Partial<Omit<DirectorySettings, 'groups'>> = {},
): ResolvedDirectory {
  const { watch = [], ...others } = settings;
  return resolveDirectory({ people, groups, optOuts }, { ...SETTINGS, groups: watch, ...others });
}

const said = ({ rows }: ResolvedDirectory): readonly (readonly unknown[])[] =>
  rows.map(({ name, displayName, outcome, address, rule }) => [
    (name ?? displayName).replace(/[A-Z]+=/g, ''),
    outcome,
    ...(address === undefined ? [] : [address.slice(4)]),
    ...(rule === undefined ? [] : [rule]),
  ]);
const reasons = ({ rows }: ResolvedDirectory): readonly string[] => rows.map(({ reason }) => reason);
const watchedNames = ({ rows }: ResolvedDirectory): readonly unknown[] =>
  rows.filter(({ watched }) => watched).map(({ name, displayName }) => (name ?? displayName).replace(/[A-Z]+=/g, ''));

describe('watched groups', () => {
  const ana = entry('Ana Reyes/Sales/Contoso', { 'sip-item': 'ana@contoso.example' });
  const ben = entry('Ben Okoro/Sales/Contoso', { 'sip-item': 'ben@contoso.example' });
  const cem = entry('Cem Aydin/IT/Contoso', { 'sip-item': 'cem@contoso.example' });
  const members = ({ roster }: ResolvedDirectory): unknown =>
    roster.groups?.map(({ name, members }) => [name, members.map((uri) => uri.slice(4, uri.indexOf('@')))]);

  test('come with their people, through groups within them, by names, addresses and wildcards', () => {
    const groups = [
      group('Sales', '*/Sales/Contoso'),
      group('Desk', 'Inner', 'ben@contoso.example', 'Ben Okoro/Sales/Contoso'),
      group('Inner', 'CEM AYDIN/it/contoso', 'Desk'),
      group('All', '*'),
    ];
    const resolved = resolve([cem, ben, ana], { groups, watch: ['Sales', 'desk', 'All', 'DESK', 'None'] });
    expect(members(resolved)).toEqual([
      ['Sales', ['ana', 'ben']],
      ['desk', ['ben', 'cem']],
      ['All', ['ana', 'ben', 'cem']],
    ]);
  });

  test('leave out who opted out, who has no address and who is only alike by a common name', () => {
    const groups = [group('Desk', 'Ana Reyes', 'Ben Okoro/Sales/Contoso', 'Dan/Contoso', 'Cem Aydin/IT/Contoso')];
    const optOut = { people: ['Cem Aydin/IT/Contoso'], groups: [] };
    expect(members(resolve([ana, ben, cem, entry('Dan/Contoso')], { groups, optOut, watch: ['Desk'] }))).toEqual([
      ['Desk', ['ben']],
    ]);
  });

  test('are not there when everybody is watched', () => {
    expect(resolve([ana], { groups: [group('Desk', '*')] }).roster.groups).toBeUndefined();
  });

  test('make another roster when only their people change', () => {
    const all = group('All', '*');
    const rosterWith = (...names: readonly string[]) =>
      resolve([ana, ben], { groups: [all, group('Desk', ...names)], watch: ['All', 'Desk'] }).roster;
    const same = (one: Roster, other: Roster): boolean => atOnce(sameRoster(one, other));
    const [one, other, both] = [
      rosterWith('ana@contoso.example'),
      rosterWith('Ben Okoro/Sales/Contoso'),
      rosterWith('*'),
    ];
    expect(same(one, rosterWith('Ana Reyes/Sales/Contoso'))).toBe(true);
    for (const different of [other, both]) expect([same(one, different), same(different, one)]).toEqual([false, false]);
  });
});

describe('rules', () => {
  const everything = [
    entry('Ana Reyes/Contoso', { 'sip-item': 'item@contoso.example', 'internet-address': 'mail@contoso.example' }),
    entry('Ana Reyes/Contoso', { mapping: 'mapping@contoso.example' }),
    entry('ANA REYES/CONTOSO', { csv: 'csv@contoso.example' }),
    entry('ana  reyes/contoso', { people: 'people@contoso.example' }),
  ];

  test.each(DIRECTORY_RULES.map((rule) => [rule]))(
    'are tried in the order of the configuration, so %s may be first',
    (rule) => {
      const rules = [rule, ...DIRECTORY_RULES.filter((one) => one !== rule)];
      const [row] = resolve(everything, { rules }).rows;
      expect([row?.outcome, row?.rule]).toEqual(['mapped', rule]);
      expect(row?.candidates.map((one) => one.rule)).toEqual(rules);
    },
  );

  test('that are not listed never decide, and the reason says so', () => {
    const resolved = resolve([entry('Ana Reyes/Contoso', { csv: 'ana@contoso.example' })], { rules: ['mapping'] });
    expect(said(resolved)).toEqual([['Ana Reyes/Contoso', 'unmapped']]);
    expect(reasons(resolved)).toEqual(['The rule "csv" that finds ana@contoso.example is not in use.']);
  });

  test('take internet addresses of the domains listed, whole and in any case, and no others', () => {
    const mail = (name: string, address: string) => entry(`${name}/Contoso`, { 'internet-address': address });
    const resolved = resolve([
      mail('A', 'a@CONTOSO.example'),
      mail('B', 'b@sub.contoso.example'),
      mail('C', 'c@x.example'),
    ]);
    expect(said(resolved).map(([name, outcome]) => [name, outcome])).toEqual([
      ['A/Contoso', 'mapped'],
      ['B/Contoso', 'unmapped'],
      ['C/Contoso', 'unmapped'],
    ]);
    expect(resolved.rows[2]?.candidates).toHaveLength(1);
    expect(reasons(resolved)[2]).toBe('The domain of c@x.example is not one whose internet addresses count.');
  });

  test('with several addresses leave the person ambiguous, with every address and its origin in the row', () => {
    const resolved = resolve([
      entry('Ana/Contoso', { csv: ['a1@contoso.example', 'SIP:a1@contoso.example', 'a2@contoso.example'] }),
    ]);
    expect(resolved.rows[0]).toMatchObject({ outcome: 'ambiguous', rule: 'csv', address: undefined, watched: false });
    expect(resolved.rows[0]?.candidates).toEqual([
      { address: 'sip:a1@contoso.example', rule: 'csv', origin: 'entry Ana/Contoso csv' },
      { address: 'sip:a2@contoso.example', rule: 'csv', origin: 'entry Ana/Contoso csv' },
    ]);
    expect(reasons(resolved)).toEqual([
      'The CSV file gives 2 addresses (a1@contoso.example, a2@contoso.example); a mapping document can decide.',
    ]);
  });

  test('do not choose between two Person documents of one name, though only one has a SIP item', () => {
    const documents = [
      entry('Ana/Contoso', { 'sip-item': 'a1@contoso.example' }),
      entry('ana/contoso', { 'internet-address': 'a2@contoso.example' }),
    ];
    expect(said(resolve(documents))).toEqual([['Ana/Contoso', 'ambiguous', 'sip-item']]);
    const mapped = [...documents, entry('Ana/Contoso', { mapping: 'a2@contoso.example' })];
    expect(said(resolve(mapped))).toEqual([['Ana/Contoso', 'mapped', 'a2@contoso.example', 'mapping']]);
  });

  test('say which text is no address', () => {
    const resolved = resolve([entry('Ana/Contoso', { 'sip-item': ['n/a', ' '] }), entry('Ben/Contoso')]);
    expect(reasons(resolved)).toEqual(['"n/a" is not a SIP address.', 'No source gives an address.']);
  });
});

describe('one address of several people', () => {
  const shared = (name: string, rule: DirectoryRule) => entry(`${name}/Contoso`, { [rule]: 'desk@contoso.example' });

  test("is nobody's, whichever items it stands in", () => {
    const resolved = resolve([shared('Ana', 'sip-item'), shared('Ben', 'internet-address')]);
    expect(said(resolved).map(([, outcome]) => outcome)).toEqual(['double', 'double']);
    expect(reasons(resolved)[0]).toBe(
      'desk@contoso.example is also the address of Ben/Contoso; a mapping document can decide.',
    );
    expect(resolved.roster.people).toEqual([]);
  });

  test('belongs to the one for whom the earliest explicit rule says so', () => {
    const resolved = resolve([shared('Ana', 'sip-item'), shared('Ben', 'csv'), shared('Cem', 'mapping')]);
    expect(said(resolved).map(([, outcome]) => outcome)).toEqual(['double', 'double', 'mapped']);
    expect(reasons(resolved)[0]).toBe('desk@contoso.example belongs to Cem/Contoso by the rule "mapping".');
  });

  test("is nobody's when one rule gives it to two", () => {
    const resolved = resolve([shared('Ana', 'csv'), shared('Ben', 'csv')]);
    expect(said(resolved).map(([, outcome]) => outcome)).toEqual(['double', 'double']);
  });

  test("that an ambiguous person may have is nobody else's", () => {
    const resolved = resolve([
      entry('Ana/Contoso', { 'sip-item': ['desk@contoso.example', 'ana@contoso.example'] }),
      shared('Ben', 'sip-item'),
    ]);
    expect(said(resolved).map(([, outcome]) => outcome)).toEqual(['ambiguous', 'double']);
  });

  test('may be shared by thousands, of whom a reason names a few', () => {
    const many = Array.from({ length: 6_000 }, (_, number) => shared(`P${10_000 + number}`, 'internet-address'));
    const resolved = resolve(many);
    expect(resolved.rows.every(({ outcome }) => outcome === 'double')).toBe(true);
    expect(reasons(resolved)[1]).toBe(
      'desk@contoso.example is also the address of P10000/Contoso, P10002/Contoso, P10003/Contoso and 5996 more; a mapping document can decide.',
    );
  });

  test('counts only where it decides: who has an address of an earlier rule claims no other', () => {
    const resolved = resolve([
      entry('Ana/Contoso', { 'sip-item': 'ana@contoso.example', 'internet-address': 'desk@contoso.example' }),
      shared('Ben', 'internet-address'),
    ]);
    expect(said(resolved).map(([, outcome]) => outcome)).toEqual(['mapped', 'mapped']);
  });
});

describe('names', () => {
  test('that only share the common name are two people', () => {
    const resolved = resolve([
      entry(['Anna Meier/Sales/Contoso', 'Anna Meier'], { 'sip-item': 'am1@contoso.example' }),
      entry(['Anna Meier/Support/Contoso', 'Anna Meier'], { 'sip-item': 'am2@contoso.example' }),
      entry('Anna Meier', { csv: 'am3@contoso.example' }),
    ]);
    expect(said(resolved).map(([name, , address]) => [name, address])).toEqual([
      ['Anna Meier/Sales/Contoso', 'am1@contoso.example'],
      ['Anna Meier/Support/Contoso', 'am2@contoso.example'],
      ['Anna Meier', 'am3@contoso.example'],
    ]);
    expect(resolved.index.lookUp('Anna Meier')).toMatchObject({ outcome: 'ambiguous', rows: { length: 3 } });
  });

  test('of one person in several lists are one row, as the Person document spells them', () => {
    const resolved = resolve([
      entry('MÜLLER, DÖRTE/FIELD SERVICE/CONTOSO/DE'.normalize('NFD'), { csv: 'doerte@contoso.example' }),
      entry('CN=Müller, Dörte/OU=Field  Service/O=Contoso/C=DE', {}, 'Dörte Müller'),
    ]);
    expect(resolved.rows).toHaveLength(1);
    expect(resolved.rows[0]).toMatchObject({
      name: 'CN=Müller, Dörte/OU=Field Service/O=Contoso/C=DE',
      otherNames: [],
      displayName: 'Dörte Müller',
    });
  });

  test('follow a rename: a list with the old name is about the same person', () => {
    const resolved = resolve([
      entry(['Eva Gross/Contoso', 'Eva Klein/Contoso', 'Eva Klein']),
      entry('EVA KLEIN/CONTOSO', { csv: 'eva@contoso.example' }),
    ]);
    expect(resolved.roster.people).toEqual([
      {
        uri: 'sip:eva@contoso.example',
        key: sipKeyOf(sip('eva@contoso.example')),
        name: 'CN=Eva Gross/O=Contoso',
        otherNames: ['CN=Eva Klein/O=Contoso'],
        displayName: '',
      },
    ]);
  });

  test('follow a rename that the Domino Directory does not know yet', () => {
    const resolved = resolve([
      entry('Eva Klein/Contoso'),
      entry(['Eva Gross/Contoso', 'Eva Klein/Contoso'], { mapping: 'eva@contoso.example' }),
    ]);
    expect(resolved.rows).toHaveLength(1);
    expect(resolved.rows[0]).toMatchObject({ name: 'CN=Eva Klein/O=Contoso', otherNames: ['CN=Eva Gross/O=Contoso'] });
  });

  test('of a former owner belong to the one who has them at present', () => {
    const resolved = resolve([
      entry(['Eva Gross/Contoso', 'Eva Klein/Contoso'], { 'sip-item': 'gross@contoso.example' }),
      entry('Eva Klein/Contoso', { 'sip-item': 'klein@contoso.example' }),
    ]);
    expect(resolved.rows.map(({ otherNames }) => otherNames)).toEqual([[], []]);
    expect(resolved.index.lookUp('eva klein/contoso').rows[0]?.address).toBe('sip:klein@contoso.example');
  });

  test('that two people had before find neither, and the documents of neither carry them', () => {
    const resolved = resolve([
      entry(['Eva Gross/Contoso', 'Eva Klein/Contoso'], { 'sip-item': 'gross@contoso.example' }),
      entry(['Eva Weit/Contoso', 'Eva Klein/Contoso'], { 'sip-item': 'weit@contoso.example' }),
    ]);
    expect(resolved.index.lookUp('Eva Klein/Contoso')).toMatchObject({ outcome: 'ambiguous', rows: { length: 2 } });
    expect(resolved.roster.people.flatMap(({ otherNames = [] }) => otherNames)).toEqual([]);
  });

  test('of mail that are not the SIP address go with the person, unless somebody else has them too', () => {
    const resolved = resolve([
      entry('Eva Klein/Contoso', { 'sip-item': 'eva@contoso.example', 'internet-address': 'Klein@mail.example' }),
      entry('Ben Ode/Contoso', { 'sip-item': 'ben@contoso.example', 'internet-address': 'desk@mail.example' }),
      entry('Cleo Ode/Contoso', { 'sip-item': 'cleo@contoso.example', 'internet-address': 'desk@mail.example' }),
      entry('Dora Ode/Contoso', { 'internet-address': 'dora@contoso.example' }),
    ]);
    expect(resolved.roster.people.map(({ uri, mailAddresses }) => [uri, mailAddresses])).toEqual([
      ['sip:ben@contoso.example', undefined],
      ['sip:cleo@contoso.example', undefined],
      ['sip:dora@contoso.example', undefined],
      ['sip:eva@contoso.example', ['klein@mail.example']],
    ]);
  });

  test('of mail that are the SIP address of somebody else do not lead to both, even when that one opted out', () => {
    const entries = [
      entry('Ana Ode/Contoso', { mapping: 'desk@contoso.example' }),
      entry('Ben Ode/Contoso', { mapping: 'ben@contoso.example', 'internet-address': 'desk@contoso.example' }),
    ];
    const mailAddresses = ({ roster }: ReturnType<typeof resolve>) =>
      roster.people.map(({ uri, mailAddresses }) => [uri, mailAddresses]);
    const ben = ['sip:ben@contoso.example', undefined];
    expect(mailAddresses(resolve(entries))).toEqual([['sip:desk@contoso.example', undefined], ben]);
    const optOuts = [{ origin: 'test', names: ['Ana Ode/Contoso'], addresses: [] }];
    expect(mailAddresses(resolve(entries, { optOuts }))).toEqual([ben]);
  });

  test('do not keep each other busy when two lists name them crosswise', () => {
    const resolved = resolve([
      entry(['Ana/Contoso', 'Ben/Contoso'], { csv: 'x@contoso.example' }),
      entry(['Ben/Contoso', 'Ana/Contoso'], { mapping: 'x@contoso.example' }),
    ]);
    expect(said(resolved)).toEqual([['Ben/Contoso', 'mapped', 'x@contoso.example', 'mapping']]);
  });

  test('are not needed: a line with an address alone is about its owner, or stands for itself', () => {
    const resolved = resolve([
      entry('Ana/Contoso', { 'sip-item': 'ana@contoso.example' }),
      entry('', { people: 'ANA@contoso.example' }),
      entry('', { people: 'desk@contoso.example' }, 'Service desk'),
      entry('', { csv: 'desk@contoso.example' }),
    ]);
    expect(said(resolved)).toEqual([
      ['Ana/Contoso', 'mapped', 'ana@contoso.example', 'people'],
      ['Service desk', 'mapped', 'desk@contoso.example', 'people'],
    ]);
  });
});

describe('an opt-out', () => {
  const ana = entry(['Ana Reyes/Sales/Contoso', 'Ana Reyes'], { 'sip-item': 'ana@contoso.example' });
  const ben = entry('Ben Okoro/Support/Contoso', { 'sip-item': 'ben@contoso.example' });
  const outcomes = (resolved: ResolvedDirectory) => resolved.rows.map(({ outcome }) => outcome);

  test.each([
    'CN=Ana Reyes/OU=Sales/O=Contoso',
    'ana  reyes/SALES/contoso',
    'Ana Reyes/Sales/Contoso@Contoso',
    'SIP:Ana@Contoso.example',
    '*/Sales/Contoso',
    '*/OU=Sales/O=Contoso',
    'CN=*/OU=Sales/O=Contoso',
    'Ana Reyes',
  ])('by %s hides the person, and the document goes', (text) => {
    const resolved = resolve([ana, ben], { optOut: { people: [text], groups: [] } });
    expect(outcomes(resolved)).toEqual(['opted-out', 'mapped']);
    expect([...resolved.roster.optedOut]).toEqual([sipKeyOf(sip('ana@contoso.example'))]);
    expect(resolved.rows[0]).toMatchObject({
      address: undefined,
      watched: false,
      reason: `Opted out as "${text}" (configuration).`,
    });
  });

  test('by a whole name counts also when somebody made a group of that name', () => {
    const groups = [group('Ana Reyes/Sales/Contoso', 'Nobody/Contoso'), group('Shy', 'Ana Reyes/Sales/Contoso')];
    for (const optOut of [
      { people: ['Ana Reyes/Sales/Contoso'], groups: [] },
      { people: [], groups: ['Shy'] },
    ]) {
      const resolved = resolve([ana, ben], { optOut, groups });
      expect(outcomes(resolved)).toEqual(['opted-out', 'mapped']);
      expect(resolved.remarks).toEqual([]);
    }
  });

  test('by a common name hides everybody who has it, and says that the whole name is better', () => {
    const other = entry('Ana Reyes/Support/Contoso', { 'sip-item': 'ana2@contoso.example' });
    const resolved = resolve([ana, other, ben], { optOut: { people: ['ANA REYES'], groups: [] } });
    expect(outcomes(resolved)).toEqual(['opted-out', 'opted-out', 'mapped']);
    expect(resolved.remarks).toEqual([
      'Opt-out: "ANA REYES" is only a common name; everybody who has it is hidden. Give the whole name.',
    ]);
  });

  test('under a name that has passed on hides both who had it and who has it', () => {
    const gross = entry(['Eva Gross/Contoso', 'Eva Klein/Contoso'], { 'sip-item': 'gross@contoso.example' });
    const klein = entry('Eva Klein/Contoso', { 'sip-item': 'klein@contoso.example' });
    const resolved = resolve([gross, klein], { optOut: { people: ['Eva Klein/Contoso'], groups: [] } });
    expect(outcomes(resolved)).toEqual(['opted-out', 'opted-out']);
  });

  test('by a document may name people, addresses and groups', () => {
    const resolved = resolve([ana, ben], {
      optOuts: [
        { origin: 'opt-out document 1', names: ['Shy People'], addresses: [] },
        { origin: 'opt-out document 2', names: [], addresses: ['ben@contoso.example'] },
      ],
      groups: [group('shy  people', 'Inner'), group('Inner', 'Ana Reyes/Sales/Contoso', 'Shy People')],
    });
    expect(outcomes(resolved)).toEqual(['opted-out', 'opted-out']);
    expect(reasons(resolved)).toEqual([
      'Opted out: a group that opted out has the member "Ana Reyes/Sales/Contoso".',
      'Opted out as "ben@contoso.example" (opt-out document 2).',
    ]);
    expect(resolved.remarks).toEqual(['Opt-out: the group "Inner" contains itself; it counts once.']);
  });

  test('that names nobody is reported, and so is an unknown group', () => {
    const resolved = resolve([ana], { optOut: { people: ['Nobody/Contoso'], groups: ['No Group'] } });
    expect(resolved.remarks).toEqual([
      'Opt-out: no group is called "No Group".',
      'Opt-out: no source names "Nobody/Contoso".',
    ]);
  });

  test('removes the document of an address that nobody names any more', () => {
    const { roster } = resolve([ben], { optOut: { people: ['gone@contoso.example'], groups: [] } });
    expect([...roster.optedOut]).toEqual([sipKeyOf(sip('gone@contoso.example'))]);
  });

  test('does not take an address from the one to whom a mapping gives it', () => {
    const shared = entry('Cem/Contoso', { 'internet-address': 'desk@contoso.example' });
    const owner = entry('Dan/Contoso', { mapping: 'desk@contoso.example' });
    const { roster } = resolve([shared, owner], { optOut: { people: ['Cem/Contoso'], groups: [] } });
    expect(roster.people.map(({ uri }) => uri)).toEqual(['sip:desk@contoso.example']);
    expect(roster.optedOut.size).toBe(0);
  });

  test('of one of two who share an address does not give it to the other', () => {
    const shared = (name: string) => entry(`${name}/Contoso`, { 'internet-address': 'desk@contoso.example' });
    const resolved = resolve([shared('Cem'), shared('Dan')], { optOut: { people: ['Cem/Contoso'], groups: [] } });
    expect(outcomes(resolved)).toEqual(['opted-out', 'double']);
  });
});

describe('watched groups', () => {
  const people = ['Ana/Sales', 'Ben/Support', 'Cem/Research'].map((name) =>
    entry(`${name}/Contoso`, { 'sip-item': `${name.slice(0, 3)}@contoso.example` }),
  );

  test('let in their members, through groups within groups, wildcards and addresses', () => {
    const groups = [group('All', 'Sellers', 'ben@contoso.example'), group('Sellers', '*/Sales/Contoso')];
    expect(watchedNames(resolve(people, { groups, watch: ['ALL'] }))).toEqual([
      'Ana/Sales/Contoso',
      'Ben/Support/Contoso',
    ]);
  });

  test('do not let in by a common name, and say so', () => {
    const resolved = resolve(people, { groups: [group('All', 'Ana')], watch: ['All'] });
    expect(watchedNames(resolved)).toEqual([]);
    expect(resolved.rows[0]?.reason).toBe(
      'The Person document holds the SIP address; no watched group has this person.',
    );
    expect(resolved.remarks).toEqual([
      'Watched groups: the member "Ana" is only a common name and does not count. Give the whole name.',
    ]);
  });

  test('leave the people of the configuration in', () => {
    const listed = entry('Dan/Contoso', { people: 'dan@contoso.example' });
    expect(watchedNames(resolve([...people, listed], { groups: [], watch: ['None'] }))).toEqual(['Dan/Contoso']);
  });

  test('are followed as deep as the limit says, and no member more than that', () => {
    const groups = [group('G0', 'G1'), group('G1', 'G2', 'Ana/Sales/Contoso'), group('G2', 'Ben/Support/Contoso')];
    const limited = (groupLimits: { depth: number; members: number }) =>
      resolve(people, { groups, watch: ['G0'], groupLimits });
    expect(watchedNames(limited({ depth: 2, members: 100 }))).toEqual(['Ana/Sales/Contoso']);
    expect(limited({ depth: 2, members: 100 }).remarks[0]).toMatch(/nested deeper than 2 levels/);
    expect(watchedNames(limited({ depth: 3, members: 100 }))).toEqual(['Ana/Sales/Contoso', 'Ben/Support/Contoso']);
    expect(limited({ depth: 3, members: 1 }).remarks[0]).toMatch(/more than 1 members/);
  });

  test('may be nested ten thousand deep, all in one circle', () => {
    const circle = Array.from({ length: 10_000 }, (_, index) => group(`G${index}`, `G${(index + 1) % 10_000}`));
    const resolved = resolve(people, {
      groups: [...circle, group('G77', 'Ana/Sales/Contoso')],
      optOut: { people: [], groups: ['G500'] },
    });
    expect(resolved.rows[0]?.outcome).toBe('opted-out');
    expect(resolved.remarks).toEqual(['Opt-out: the group "G0" contains itself; it counts once.']);
  });
});

test('six thousand documents of one name are one person', () => {
  const many = Array.from({ length: 6_000 }, (_, number) =>
    entry(['Ana/Contoso', `Ana ${number}/Contoso`, `a${number}`], { 'sip-item': `a${number % 500}@contoso.example` }),
  );
  const { rows, index } = resolve(many);
  expect(rows.map(({ outcome, otherNames }) => [outcome, otherNames.length])).toEqual([['ambiguous', 6_000]]);
  expect(index.lookUp('Ana 5999/Contoso').outcome).toBe('found');
});

describe('looking up', () => {
  const { index } = resolve([
    entry(['Ana Reyes/Sales/Contoso', 'Ana Alt/Contoso', 'Ana Reyes', 'areyes'], {
      'sip-item': 'ana@contoso.example',
      'internet-address': 'ana.reyes@mail.example',
    }),
    entry('Ben/Contoso', { 'internet-address': 'desk@contoso.example' }),
    entry('Cem/Contoso', { 'internet-address': 'desk@contoso.example' }),
  ]);
  const found = (text: string): readonly [string, ...unknown[]] => {
    const { outcome, rows } = index.lookUp(text);
    return [outcome, ...rows.map(({ name }: DirectoryRow) => name?.slice(3, 6))];
  };

  test.each([
    'CN=Ana Reyes/OU=Sales/O=Contoso',
    'ana reyes / sales / contoso',
    'Ana\u00a0Reyes/Sales/Contoso@Contoso',
    'Ana Alt/Contoso',
    'sip:ana@contoso.example',
    ' ANA@Contoso.example ',
    'mailto:Ana.Reyes@mail.example',
    '"Reyes, Ana" <ana.reyes@mail.example>',
  ])('%s finds', (text) => {
    expect(found(text)).toEqual(['found', 'Ana']);
  });

  test.each(['Ana Reyes', 'CN=Ana Reyes', 'AREYES', 'Ana Reyes@Contoso'])('%s alone only offers', (text) => {
    expect(found(text)).toEqual(['ambiguous', 'Ana']);
  });

  test('an address that several have offers them', () => {
    expect(found('desk@contoso.example')).toEqual(['ambiguous', 'Ben', 'Cem']);
  });

  test.each(['', ' ', 'Ana Reyes/Support/Contoso', 'ana@elsewhere.example', '*/Contoso', 'x'.repeat(100_000)])(
    'nobody is found by %j',
    (text) => {
      expect(found(text)).toEqual(['not-found']);
    },
  );

  test('never answers with more rows than somebody would read', () => {
    const many = Array.from({ length: 200 }, (_, number) => entry([`Anna Meier/U${number}/Contoso`]));
    const answer = resolve(many).index.lookUp('Anna Meier');
    expect([answer.outcome, answer.rows.length]).toEqual(['ambiguous', 50]);
  });
});

describe('whatever the sources hold', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.constantFrom(
      'Ana/Contoso',
      'ANA/CONTOSO',
      'Ben/Contoso',
      'Cem/X/Contoso',
      'Ana',
      '*/Contoso',
      'G1',
      'G2',
      '/',
      '*',
    ),
  );
  const address = fc.oneof(text, fc.constantFrom('a@contoso.example', 'b@contoso.example', 'c@x.example'));
  const anyEntry = fc.record({
    origin: fc.constantFrom('one', 'two'),
    names: fc.array(text, { maxLength: 4 }),
    addresses: fc.array(fc.record({ rule: fc.constantFrom(...DIRECTORY_RULES), text: address }), { maxLength: 3 }),
    displayName: text,
  });
  const names = fc.array(text, { maxLength: 3 });
  const anything = fc.record({
    people: fc.array(anyEntry, { maxLength: 12 }),
    groups: fc.array(fc.record({ origin: text, names, members: fc.array(text, { maxLength: 5 }) }), { maxLength: 4 }),
    optOuts: fc.array(fc.record({ origin: text, names, addresses: fc.array(address, { maxLength: 2 }) }), {
      maxLength: 2,
    }),
  });
  const settings = fc.record({
    rules: fc.shuffledSubarray([...DIRECTORY_RULES]),
    domains: fc.constantFrom([], ['contoso.example']),
    groups: names,
    optOut: fc.record({ people: names, groups: names }),
  });

  test('the result is the same in any order, and no address is watched twice or against a wish', () => {
    fc.assert(
      fc.property(
        anything.chain((entries) =>
          fc.tuple(
            fc.constant(entries),
            fc.shuffledSubarray(entries.people, { minLength: entries.people.length }),
            fc.shuffledSubarray(entries.groups, { minLength: entries.groups.length }),
            fc.shuffledSubarray(entries.optOuts, { minLength: entries.optOuts.length }),
          ),
        ),
        settings,
        ([entries, people, groups, optOuts], chosen) => {
          const one = resolveDirectory(entries, chosen);
          const other = resolveDirectory({ people, groups, optOuts }, chosen);
          expect({ ...other, index: undefined }).toEqual({ ...one, index: undefined });
          const keys = one.roster.people.map(({ key }) => key);
          expect(new Set(keys).size).toBe(keys.length);
          expect(keys.filter((key) => one.roster.optedOut.has(key))).toEqual([]);
          const owned = one.rows.flatMap(({ name, otherNames }) => [name, ...otherNames]).filter(Boolean);
          expect(new Set(owned.map((name) => name?.toLowerCase().normalize('NFC'))).size).toBe(owned.length);
          for (const row of one.rows) {
            expect((row.address !== undefined) === (row.outcome === 'mapped')).toBe(true);
            if (row.name !== undefined) expect(one.index.lookUp(row.name)).toEqual({ outcome: 'found', rows: [row] });
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
