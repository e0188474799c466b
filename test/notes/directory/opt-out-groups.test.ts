import { beforeEach, describe, expect, test } from 'vitest';
import { OptOutGroups } from '../../../src/notes/directory/opt-out-groups.js';
import type { Unid } from '../../../src/presence/ids.js';
import { groupDocument, StagedDatabase } from '../../support/directory-stage.js';
import { SimulatedClock } from '../../support/simulated-clock.js';

describe('groups of opt-outs', () => {
  let clock: SimulatedClock;
  let database: StagedDatabase;
  let groups: OptOutGroups;
  const searches = () => database.faults.count('bulkReadDocuments');
  const read = async (...names: readonly string[]) => (await groups.read(names)).flatMap((group) => group.names).sort();

  beforeEach(async () => {
    clock = new SimulatedClock();
    database = new StagedDatabase(clock);
    groups = new OptOutGroups({ driver: database.driver, clock, limits: { singleNames: 3, depth: 4 } });
    await database.driver.open();
    database.faults.calls.length = 0;
  });

  test('nothing is asked for names of people, addresses and wildcards', async () => {
    expect(await read('CN=Ana Reyes/O=Contoso', 'ana@contoso.example', '*/Sales/Contoso', ' ', 'a\u0007b')).toEqual([]);
    expect(database.faults.calls).toEqual([]);
  });

  test('a group whose name the form made canonical is found', async () => {
    await database.add(groupDocument('Works Council', []));
    expect(await read('CN=Works Council')).toEqual(['Works Council']);
  });

  test('many unknown names cost one reading of all groups', async () => {
    const members = Array.from({ length: 300 }, (_, index) => `Person ${index}/Contoso`);
    await database.add(
      groupDocument('Outer', [...members, 'Inner']),
      groupDocument('Inner', []),
      groupDocument('X', []),
    );
    expect(await read('Outer')).toEqual(['Inner', 'Outer']);
    expect(searches()).toBe(2);
    expect(await read('Outer')).toEqual(['Inner', 'Outer']);
    expect(searches()).toBe(2);
  });

  test('groups that contain each other, and ever deeper ones, come to an end', async () => {
    await database.add(
      groupDocument('A', ['B', 'A']),
      groupDocument('B', ['a', '1']),
      ...Array.from({ length: 9 }, (_, index) => groupDocument(String(index), [String(index + 1)])),
    );
    expect(await read('A')).toEqual(['1', '2', 'A', 'B']);
  });

  test('a group that was deleted is gone, one made anew under its name is found at once', async () => {
    const [unid] = await database.add(groupDocument('A', ['CN=Ana Reyes/O=Contoso']));
    expect(await read('A')).toEqual(['A']);
    await database.remove(unid);
    await database.add(groupDocument('a', ['CN=Ben Okoro/O=Contoso']));
    expect((await groups.read(['A'])).flatMap(({ members }) => members)).toEqual(['CN=Ben Okoro/O=Contoso']);
  });

  test('a renamed group no longer counts', async () => {
    const [unid] = await database.add(groupDocument('A', []));
    await read('A');
    await database.change(unid, { ListName: 'Z' });
    expect(await read('A')).toEqual([]);
  });

  test('a group that vanishes counts for half an hour more, with those within it, whatever is forgotten', async () => {
    const [outer, inner] = await database.add(groupDocument('Outer', ['Inner']), groupDocument('Inner', ['X']));
    expect(await read('Outer')).toEqual(['Inner', 'Outer']);
    for (const unid of [outer, inner]) database.faults.hidden.add(unid ?? '');
    await clock.advance(60_000);
    expect(await read('Outer')).toEqual(['Inner', 'Outer']);
    groups.forget();
    await clock.advance(1_739_000);
    expect(await read('Outer')).toEqual(['Inner', 'Outer']);
    expect(await read('Other')).toEqual([]);
    await clock.advance(1_000);
    expect(await read('Outer')).toEqual([]);
  });

  test('a group that can be read again counts as it stands there', async () => {
    const [unid = ''] = await database.add(groupDocument('A', ['CN=Ana Reyes/O=Contoso']));
    await read('A');
    database.faults.hidden.add(unid);
    await read('A');
    database.faults.hidden.clear();
    await database.change(unid as Unid, { Members: 'CN=Ben Okoro/O=Contoso' });
    groups.forget();
    expect((await groups.read(['A'])).flatMap(({ members }) => members)).toEqual(['CN=Ben Okoro/O=Contoso']);
  });

  test('a group that was renamed meanwhile counts no longer, though all was forgotten', async () => {
    const [unid] = await database.add(groupDocument('A', []));
    await read('A');
    await database.change(unid, { ListName: 'Z' });
    groups.forget();
    expect(await read('A')).toEqual([]);
  });

  test('several documents of one name all count', async () => {
    await database.add(groupDocument('A', ['CN=Ana Reyes/O=Contoso']), groupDocument('A', ['CN=Ben Okoro/O=Contoso']));
    expect(await read('A')).toEqual(['A', 'A']);
  });

  test('a name that is no group is asked for again after five minutes, or when everything is forgotten', async () => {
    await read('Later');
    await clock.advance(299_000);
    await read('Later');
    expect(searches()).toBe(1);
    await database.add(groupDocument('Later', []));
    await clock.advance(1_000);
    expect(await read('Later')).toEqual(['Later']);
    await read('Other');
    groups.forget();
    await database.add(groupDocument('Other', []));
    expect(await read('Other')).toEqual(['Other']);
  });

  test('to forget during a reading takes nothing from it', async () => {
    await database.add(groupDocument('A', ['B']), groupDocument('B', []), groupDocument('C', []));
    expect(await read('A')).toEqual(['A', 'B']);
    database.faults.afterPage = async () => groups.forget();
    expect(await read('A', 'C')).toEqual(['A', 'B', 'C']);
  });

  test('a failure in between leaves nothing behind', async () => {
    await database.add(groupDocument('A', ['B']), groupDocument('B', []));
    await read('A');
    database.faults.link = 'unreachable';
    await expect(read('A', 'C')).rejects.toMatchObject({ code: 'NOTES_UNREACHABLE' });
    database.faults.release();
    expect(await read('A', 'C')).toEqual(['A', 'B']);
  });
});
