import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ListConfig } from '../../../src/bridge/config/config.js';
import { parseListMember } from '../../../src/bridge/config/list-member.js';
import { loadConfig } from '../../../src/bridge/config/load.js';
import { sampleConfig } from '../../../src/bridge/config/sample.js';
import { sipKeyOf } from '../../../src/presence/ids.js';
import { sip } from '../../support/people.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridge-lists-'));
  writeFileSync(join(folder, 'ocs-password'), 'correct horse\n', { mode: 0o600 });
});
afterEach(() => rmSync(folder, { recursive: true }));

const DESK = "id: help-desk, members: ['*/Sales/Contoso'], entry: { name: Help Desk/Contoso }";

function load(...lists: readonly string[]): readonly ListConfig[] {
  const file = join(folder, 'bridge.yaml');
  const text = `directory:\n  database: names.nsf\n  groups: [Sales, Works  Council]\nlists:\n`;
  const driver = 'domino: { driver: embedded }\n';
  const sample = sampleConfig().replace(/domino:\n {2}driver.*\n {2}folder.*\n/, driver);
  writeFileSync(file, `${sample}${text}${lists.map((list) => `  - { ${list} }\n`).join('')}`);
  return loadConfig(file).lists ?? [];
}

test('the lists of the guide are valid', () => {
  const [, lists = ''] = /```yaml\n(lists:[\s\S]*?)```/.exec(readFileSync('docs/guide/lists.md', 'utf8')) ?? [];
  const file = join(folder, 'bridge.yaml');
  const people = `${sampleConfig().replace(/people:\n[\s\S]*$/, '')}people: [{ address: cem@contoso.example }]\n`;
  writeFileSync(file, `${people}directory: { groups: [Support] }\n${lists}`);
  expect(loadConfig(file).lists?.map(({ id, entry }) => [id, entry?.rule])).toEqual([
    ['help-desk', 'best'],
    ['on-call', 'first-reachable'],
  ]);
});

function mistake(...lists: readonly string[]): string {
  try {
    load(...lists);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}

test('a list has a title, members in their order, and an entry with an address of its own', () => {
  const members = "['Ana Reyes/Sales/Contoso', ben@contoso.example, '*@support.example', 'group:works council']";
  const [desk, plain] = load(
    `id: help-desk, title: Help desk, members: ${members}, entry: { name: Help Desk/Contoso, rule: first-reachable }`,
    'id: none, members: []',
  );
  const uri = sip('sip:help-desk@lists.invalid');
  expect(desk).toEqual({
    id: 'help-desk',
    title: 'Help desk',
    members: [
      { kind: 'name', name: 'ana reyes/sales/contoso', text: 'Ana Reyes/Sales/Contoso' },
      { kind: 'address', address: 'sip:ben@contoso.example', text: 'sip:ben@contoso.example' },
      { kind: 'domain', domain: 'support.example', text: '*@support.example' },
      { kind: 'group', group: 'works council' },
    ],
    entry: {
      person: { uri, key: sipKeyOf(uri), name: 'CN=Help Desk/O=Contoso', displayName: 'Help desk' },
      rule: 'first-reachable',
    },
  });
  expect(plain).toEqual({ id: 'none', title: 'none', members: [] });
});

test('the entry may have an address of the company, and the best status unless told otherwise', () => {
  const [desk] = load('id: desk, members: [], entry: { name: Desk/C, address: Desk@Contoso.example }');
  expect(desk?.entry).toMatchObject({ person: { uri: 'sip:desk@contoso.example' }, rule: 'best' });
});

test.each([
  ['id: Help Desk, members: []', 'an id of small letters'],
  ['id: everybody, members: []', '"everybody" is the list of all who are watched'],
  ['id: a, members: [], entri: { name: A/C }', 'unknown key "entri"; did you mean "entry"?'],
  ['id: a, members: [], entry: { name: A/C, rules: best }', 'unknown key "rules"; did you mean "rule"?'],
  ['id: a, members: [], entry: { name: A/C, rule: worst }', '"best" or "first-reachable" was expected'],
  ['id: a, members: [], entry: { rule: best }', '"name" is missing'],
  ['id: a, members: [Ana Reyes]', '"Ana Reyes": neither a Notes name nor a SIP address'],
  ["id: a, members: ['*']", 'everybody is on the list "everybody"'],
  ["id: a, members: ['list:b']", 'lists cannot be members of lists'],
  ["id: a, members: ['group:']", 'the name of a group was expected'],
  ["id: a, members: ['group:Slaes']", 'the group "Slaes" is not watched; did you mean "Sales"?'],
  ["id: a, members: ['group:Works Councils']", 'did you mean "Works  Council"?'],
  ["id: a, members: ['group:Board of Directors']", 'name it in "directory.groups" too'],
  [
    'id: a, members: [], entry: { name: A/C, address: ANA.REYES@contoso.example }',
    'sip:ana.reyes@contoso.example is already that of a person',
  ],
  [
    'id: a, members: [], entry: { name: A/C, address: presence.bridge@contoso.example }',
    "already that of the bridge's own account",
  ],
  ['id: a, members: [], entry: { name: ana reyes/sales/contoso }', 'this is already the name of a person'],
  ["id: a, members: ['x']\n    more: 1", 'bridge.yaml:'],
])('%s is refused', (list, reason) => {
  expect(mistake(list)).toContain(reason);
});

describe('two lists', () => {
  test('have two ids', () => {
    expect(mistake(DESK, 'id: help-desk, members: []')).toContain('there are two lists "help-desk"');
  });

  test('have two names and two addresses as entries', () => {
    const other = 'id: other, members: [], entry: { name: HELP DESK/contoso, address: help-desk@lists.invalid }';
    expect(mistake(DESK, other).split('\n')).toEqual([
      expect.stringContaining('sip:help-desk@lists.invalid is already that of the list "help-desk"'),
      expect.stringContaining('this is already the name of the list "help-desk"'),
    ]);
  });
});

test('lists and members are bounded', () => {
  expect(mistake(...Array.from({ length: 201 }, (_, index) => `id: a${index}, members: []`))).toContain('200 lists');
  expect(mistake(`id: a, members: [${Array(10_001).fill('a@b.example')}]`)).toContain('10000 members');
});

test('a line of a list may have blanks around and within', () => {
  expect(parseListMember('  Ana  Reyes / Sales / Contoso ')).toMatchObject({
    ok: true,
    value: { kind: 'name', name: 'ana reyes/sales/contoso' },
  });
  expect(parseListMember(' GROUP: Works  Council')).toEqual({
    ok: true,
    value: { kind: 'group', group: 'Works Council' },
  });
});
