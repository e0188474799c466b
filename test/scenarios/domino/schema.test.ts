import { describe, expect, test } from 'vitest';
import { PERSON_ITEMS, SCHEMA_VERSION } from '../../../src/notes/fields.js';
import { DominoWorld } from '../../support/domino-world.js';

const SECOND = 1_000;

async function worldWithDocumentsOf(version: number | ''): Promise<DominoWorld> {
  const world = new DominoWorld();
  for (const one of world.people) world.becomes(one, 'busy');
  world.starts();
  await world.until('convergence', 30 * SECOND, () => world.isConverged());
  await world.stops();
  const replaceItemsByUnid = [...world.domino.all()].map(({ unid }) => ({
    '@unid': unid,
    [PERSON_ITEMS.schemaVersion]: version,
  }));
  await world.domino.byHand((database) => database.bulkReplaceItemsByUnid({ replaceItemsByUnid }));
  return world;
}

describe('documents of another version of the bridge (row 45)', () => {
  test('newer ones: it ends with NOTES_SCHEMA and code 78, and changes none of them', async () => {
    const world = await worldWithDocumentsOf(SCHEMA_VERSION + 1);
    const before = [...world.domino.all()];
    const { bridge } = world.starts();
    await world.passes(60 * SECOND);
    const failed = await Promise.race([bridge.failed, Promise.resolve(undefined)]);
    expect([failed?.code, failed?.exitCode]).toEqual(['NOTES_SCHEMA', 78]);
    expect([...world.domino.all()]).toEqual(before);
    expect(world.checker.seenAvailable()).toEqual([]);
  });

  for (const version of [0, ''] as const) {
    test(`older ones (${version === '' ? 'without a version' : version}): it goes on with them`, async () => {
      const world = await worldWithDocumentsOf(version);
      world.starts();
      await world.until('convergence', 30 * SECOND, () => world.isConverged());
      await world.quiet();
      expect(world.checker.violations).toEqual([]);
    });
  }
});
