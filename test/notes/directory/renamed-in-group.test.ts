import { expect, test } from 'vitest';
import type { DirectoryOptions } from '../../../src/notes/directory/service.js';
import { DIRECTORY_RULES } from '../../../src/presence/directory.js';
import { DirectoryStage, groupDocument, personDocument } from '../../support/directory-stage.js';

const REFRESH_MS = 60_000;
const RENAMES = 12;

function namedAs(names: readonly string[]) {
  return { FullName: { type: 'text', data: names.map((name) => `CN=${name}/O=Contoso`), names: true } } as const;
}

function membersOf(name: string) {
  return { Members: { type: 'text', data: [`CN=${name}/O=Contoso`], names: true } } as const;
}

function settingsWith(more: Pick<DirectoryOptions['settings'], 'groups' | 'optOut'>): Partial<DirectoryOptions> {
  return { refreshMs: REFRESH_MS, settings: { rules: DIRECTORY_RULES, domains: ['contoso.example'], ...more } };
}

test('somebody who is renamed in Person document and group at once never leaves the roster meanwhile', async () => {
  const stage = new DirectoryStage();
  const [ana] = await stage.domino.add(personDocument('Ana A0', 'ana'));
  const [group] = await stage.domino.add(groupDocument('All', ['CN=Ana A0/O=Contoso']));
  await stage.start(settingsWith({ groups: ['All'], optOut: { people: [], groups: [] } }));
  for (let turn = 1; turn <= RENAMES; turn++) {
    const name = `Ana A${turn}`;
    await stage.domino.change(ana, namedAs([name, `Ana A${turn - 1}`]));
    await stage.domino.change(group, membersOf(name));
    // Refreshes come at different moments of their intervals each time.
    await stage.advance(2 * REFRESH_MS);
    expect(stage.rosters.at(-1)?.people.map((one) => one.name)).toEqual([`CN=${name}/O=Contoso`]);
  }
  expect(stage.rosters.map(({ people }) => people.length)).toEqual(stage.rosters.map(() => 1));
});

test('somebody who opted out by a group and is renamed in both at once is not shown meanwhile', async () => {
  const stage = new DirectoryStage();
  const [ana] = await stage.domino.add(personDocument('Ana A0', 'ana'), personDocument('Ben', 'ben'));
  const [group] = await stage.domino.add(groupDocument('Shy', ['CN=Ana A0/O=Contoso']));
  await stage.start(settingsWith({ groups: [], optOut: { people: [], groups: ['Shy'] } }));
  for (let turn = 1; turn <= RENAMES; turn++) {
    const name = `Ana A${turn}`;
    await stage.domino.change(ana, namedAs([name, `Ana A${turn - 1}`]));
    await stage.domino.change(group, membersOf(name));
    await stage.advance(2 * REFRESH_MS);
  }
  const shown = stage.rosters.flatMap(({ people }) => people.map(({ uri }) => uri));
  expect(new Set(shown)).toEqual(new Set(['sip:ben@contoso.example']));
});
