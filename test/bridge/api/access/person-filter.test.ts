import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  EVERYBODY,
  type FilteredPerson,
  MAX_PATTERNS,
  type PersonFilter,
  parsePersonFilter,
} from '../../../../src/bridge/api/access/person-filter.js';
import { notesName, sip } from '../../../support/people.js';

function filterOf(...patterns: string[]): PersonFilter {
  const read = parsePersonFilter(patterns);
  if (!read.ok) throw new Error(read.reason);
  return read.value;
}

const ana = { uri: sip('sip:ana@contoso.example'), name: notesName('CN=Ana Reyes/OU=Sales/O=Contoso') };
const ben = { uri: sip('sip:ben@support.example'), name: notesName('CN=Ben Okoro/OU=Support/O=Contoso') };
const cem = { uri: sip('sip:cem@contoso.example'), name: undefined };
const everyone = [ana, ben, cem];
const seenBy = (...patterns: string[]) => everyone.filter((person) => filterOf(...patterns).sees(person));

describe('parsePersonFilter', () => {
  test.each([
    ['*', [ana, ben, cem]],
    ['sip:ana@contoso.example', [ana]],
    ['ANA@Contoso.example', [ana]],
    ['*@contoso.example', [ana, cem]],
    ['*@Support.EXAMPLE', [ben]],
    ['*@example', []],
    ['*/Contoso', [ana, ben]],
    ['*/sales/CONTOSO', [ana]],
    ['*/OU=Sales/O=Contoso', [ana]],
    ['*/Sales', []],
    ['*/es/Contoso', []],
    ['CN=Ben Okoro/OU=Support/O=Contoso', [ben]],
    ['Ben  Okoro/Support/Contoso', [ben]],
    ['Ben Okoro/Contoso', []],
  ])('%s lets through whom it says', (pattern, people) => {
    expect(seenBy(pattern)).toEqual(people);
  });

  test('lets through by any one of several patterns', () => {
    expect(seenBy('ana@contoso.example', '*@support.example')).toEqual([ana, ben]);
  });

  test.each([
    [[], 'at least one pattern'],
    [[''], 'neither a Notes name nor a SIP address'],
    [['Ana'], 'neither a Notes name nor a SIP address'],
    [['*', 'ana@contoso.example'], 'stands alone'],
    [['a*@contoso.example'], 'at the beginning only'],
    [['Ana*/Sales/Contoso'], 'at the beginning only'],
    [['*/Sales/*'], 'one "*"'],
    [['*@'], 'a domain was expected'],
    [['*@a;b'], 'a domain was expected'],
    [['*/'], 'a component of the name is empty'],
    [['*/OU=Sales/Contoso'], 'either all components have a label or none'],
    [Array<string>(MAX_PATTERNS + 1).fill('ana@contoso.example'), 'at most 100'],
  ])('refuses %j', (patterns, reason) => {
    expect(parsePersonFilter(patterns)).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });

  test('gives patterns in the one spelling in which it reads them again', () => {
    const { patterns } = filterOf('*/OU=Sales/O=Contoso', 'ANA@contoso.example', 'CN=Ben/O=C', '*@X.example');
    expect(patterns).toEqual(['*/Sales/Contoso', 'sip:ana@contoso.example', 'Ben/C', '*@x.example']);
    expect(filterOf(...patterns).patterns).toEqual(patterns);
  });

  test('lets through who is on a list at the moment of the question', () => {
    const members = new Map<string, readonly FilteredPerson[]>([
      ['help-desk', [ana]],
      ['group:Works Council', [ben]],
    ]);
    const read = parsePersonFilter(
      ['list:help-desk', 'LIST:group:Works Council', 'list:none'],
      (list, uri) => members.get(list)?.some((person) => person.uri === uri) ?? false,
    );
    if (!read.ok) throw new Error(read.reason);
    const { sees, key, patterns } = read.value;
    expect(everyone.filter(sees)).toEqual([ana, ben]);
    members.set('help-desk', [cem]);
    expect(everyone.filter(sees)).toEqual([ben, cem]);
    expect(patterns).toEqual(['list:help-desk', 'list:group:Works Council', 'list:none']);
    expect(filterOf(...patterns).key).toBe(key);
  });

  test('lets through nobody by a list while nobody says who is on it', () => {
    expect(seenBy('list:help-desk')).toEqual([]);
  });

  test.each([
    ['list:', 'the id of a list was expected'],
    ['list:Help Desk', 'the id of a list was expected'],
    ['list:group:', 'the id of a list was expected'],
    ['list:everybody', '"*" means everybody'],
  ])('refuses %s', (pattern, reason) => {
    expect(parsePersonFilter([pattern])).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });

  test('filters have one key when they judge alike, and none but everybody has the empty one', () => {
    expect(filterOf('*@a.example', '*/Sales/C').key).toBe(filterOf('*/sales/c', '*@A.example').key);
    expect(filterOf('*@a.example').key).not.toBe(filterOf('*@b.example').key);
    expect(EVERYBODY.key).toBe('');
  });

  test('filters that judge otherwise have other keys, also where names are compared more loosely than addresses', () => {
    const [one, other] = [filterOf('λόγος@contoso.example'), filterOf('λόγοσ@contoso.example')];
    const person = { uri: sip('λόγος@contoso.example'), name: undefined };
    expect([one.sees(person), other.sees(person), one.key === other.key]).toEqual([true, false, false]);
  });

  test('sees by a suffix exactly those whose last components are equal', () => {
    const part = fc.constantFrom('a', 'b', 'ab', 'A', 'ä');
    const parts = fc.array(part, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, part, (ending, rest, common) => {
        const name = notesName([common, ...rest].join('/'));
        const fold = (one: string) => one.toLowerCase();
        const expected =
          rest.length >= ending.length && rest.slice(-ending.length).map(fold).join() === ending.map(fold).join();
        expect(filterOf(`*/${ending.join('/')}`).sees({ uri: ana.uri, name })).toBe(expected);
      }),
    );
  });
});
