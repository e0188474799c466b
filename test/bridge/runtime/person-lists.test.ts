import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ListConfig } from '../../../src/bridge/config/config.js';
import { parseListMember } from '../../../src/bridge/config/list-member.js';
import type { Person, Roster } from '../../../src/bridge/ports.js';
import { PersonIndex } from '../../../src/bridge/runtime/person-index.js';
import { PersonLists } from '../../../src/bridge/runtime/person-lists.js';
import { notesName, person, rosterOf, sip } from '../../support/people.js';

const ana: Person = {
  ...person('sip:ana@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso'),
  otherNames: [notesName('CN=Ana Smith/OU=Sales/O=Contoso')],
  mailAddresses: ['ana.reyes@mail.example'],
};
const ben = person('sip:ben@support.example', 'CN=Ben Okoro/OU=Sales/O=Contoso');
const cem = person('sip:cem@contoso.example');
const everybody = [ana, ben, cem];
const desk = person('sip:desk@lists.invalid', 'CN=Desk/OU=Sales/O=Contoso');

function list(id: string, ...lines: readonly string[]): ListConfig {
  const members = lines.map((line) => {
    const read = parseListMember(line);
    if (!read.ok) throw new Error(read.reason);
    return read.value;
  });
  return { id, title: id, members };
}

function listsOf(roster: Roster, ...definitions: readonly ListConfig[]): PersonLists {
  const index = new PersonIndex();
  index.take(roster);
  const lists = new PersonLists(definitions, roster, index);
  index.take({ ...roster, people: [...roster.people, ...lists.people()] });
  return lists;
}

const membersOf = (roster: Roster, ...lines: readonly string[]) =>
  listsOf(roster, list('it', ...lines))
    .all()
    .at(-1)?.members;
const uris = (...people: readonly Person[]) => people.map(({ uri }) => uri);

describe('members', () => {
  test.each<[readonly string[], readonly Person[]]>([
    [['CN=Ana Reyes/OU=Sales/O=Contoso'], [ana]],
    [['ANA reyes/sales/Contoso'], [ana]],
    [['Ana Smith/Sales/Contoso'], [ana]],
    [['Ana@Contoso.example'], [ana]],
    [['ana.reyes@mail.example'], [ana]],
    [['*@contoso.example'], [ana, cem]],
    [['*/Sales/Contoso'], [ana, ben]],
    [['*/Contoso'], [ana, ben]],
    [['*/ales/Contoso'], []],
    [['nobody@contoso.example', 'Nobody/Contoso'], []],
    [
      ['cem@contoso.example', '*/Contoso'],
      [cem, ana, ben],
    ],
    [
      ['*/Sales/Contoso', 'ben@support.example', '*@support.example'],
      [ana, ben],
    ],
    [
      ['ben@support.example', '*/Sales/Contoso', '*/sales/contoso'],
      [ben, ana],
    ],
  ])('of %j are found, each once, in the order of the lines', (lines, people) => {
    expect(membersOf(rosterOf(everybody), ...lines)).toEqual(uris(...people));
  });

  test('are not those who opted out, by whatever line', () => {
    const groups = [{ name: 'Sales', members: uris(ana, ben) }];
    const roster = { ...rosterOf(everybody, [ana]), groups };
    expect(membersOf(roster, 'ana@contoso.example', '*@contoso.example', '*/Contoso', 'group:Sales')).toEqual(
      uris(cem, ben),
    );
  });

  test('are those of a watched group, in any spelling of its name', () => {
    const roster = { ...rosterOf(everybody), groups: [{ name: 'Sales', members: uris(ben, ana) }] };
    expect(membersOf(roster, 'group:SALES')).toEqual(uris(ben, ana));
    expect(membersOf(roster, 'group:Support')).toEqual([]);
  });

  test('are nobody where a name may mean two people', () => {
    const twin = person('sip:twin@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso');
    expect(membersOf(rosterOf([ana, twin]), 'Ana Reyes/Sales/Contoso')).toEqual([]);
  });

  test('are never entries that stand for lists', () => {
    const shown: ListConfig = { ...list('desk', '*/Contoso'), entry: { person: desk, rule: 'best' } };
    const lists = listsOf(rosterOf(everybody), shown, list('other', 'Desk/Sales/Contoso', desk.uri, '*@lists.invalid'));
    expect(lists.all().map(({ members }) => members)).toEqual([uris(ana, ben, cem, desk), uris(ana, ben), []]);
    expect(lists.entries()).toEqual([{ list: 'desk', person: desk, rule: 'best', members: uris(ana, ben) }]);
  });

  test('are found as if each line were sought alone', () => {
    const line = fc.constantFrom(
      ...['*@contoso.example', '*/Contoso', '*/Sales/Contoso', 'cem@contoso.example', 'Ben Okoro/Sales/Contoso'],
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const roster = rosterOf(everybody);
        const oneByOne = lines.flatMap((one) => membersOf(roster, one) ?? []);
        expect(membersOf(roster, ...lines)).toEqual([...new Set(oneByOne)]);
      }),
    );
  });
});

describe('an entry', () => {
  const definition: ListConfig = { ...list('desk', '*/Contoso'), entry: { person: desk, rule: 'best' } };

  test.each<[string, Roster, 'address' | 'name']>([
    ['address', rosterOf([...everybody, person(desk.uri)]), 'address'],
    ['name', rosterOf([...everybody, person('sip:real@contoso.example', 'CN=desk/OU=Sales/O=contoso')]), 'name'],
  ])('is not shown while somebody on the roster has its %s', (_, roster, taken) => {
    const lists = listsOf(roster, definition);
    expect([lists.entries(), lists.hidden]).toEqual([[], [{ list: 'desk', taken }]]);
    expect(lists.all().at(-1)).not.toHaveProperty('entry');
    expect(lists.has('desk', desk.uri)).toBe(false);
  });

  test('is not shown when its address opted out, and says nothing of it', () => {
    const lists = listsOf(rosterOf(everybody, [desk]), definition);
    expect([lists.entries(), lists.hidden, lists.has('desk', desk.uri)]).toEqual([[], [], false]);
  });
});

test('whether somebody is on a list can be asked by id; on one that is not there is nobody', () => {
  const roster = { ...rosterOf(everybody), groups: [{ name: 'Sales', members: uris(ben) }] };
  const lists = listsOf(roster, { ...list('desk', '*/Contoso'), entry: { person: desk, rule: 'best' } });
  const has = (id: string) => [ana, ben, cem, desk].filter(({ uri }) => lists.has(id, uri));
  expect(['desk', 'group:sales', 'group:none', 'none', '', 'everybody'].map(has)).toEqual([
    [ana, ben, desk],
    [ben],
    [],
    [],
    [],
    [ana, ben, cem, desk],
  ]);
  expect(lists.has('desk', sip('sip:nobody@contoso.example'))).toBe(false);
});
