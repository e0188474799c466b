import { describe, expect, test } from 'vitest';
import { DominoWorld, manyColleagues } from '../../support/domino-world.js';

const SECOND = 1_000;
const PEOPLE = 10_000;

describe('a roster of which half is exchanged (row 44)', () => {
  test(`${PEOPLE} people: documents of those who go are removed, of those who come are made, in five minutes; the others notice nothing`, async () => {
    const world = new DominoWorld({ people: manyColleagues(PEOPLE + PEOPLE / 2) });
    const [first, others, last] = [0, 1, 2].map((third) =>
      world.people.slice((third * PEOPLE) / 2, ((third + 1) * PEOPLE) / 2),
    );
    for (const one of world.people) world.becomes(one, 'busy');
    world.watches([...(first ?? []), ...(others ?? [])]);
    world.starts();
    await world.until('convergence', 300 * SECOND, () => world.isConverged());
    const before = { writes: world.checker.writes, watchCalls: world.running?.source.watchCalls ?? 0 };
    const kept = new Map(others?.map(({ key }) => [key, world.domino.documentsOf(key)[0]]));
    world.watches([...(others ?? []), ...(last ?? [])]);
    // Somebody who stays is written while the great work is done.
    const [ana] = others ?? [];
    if (ana === undefined) throw new Error('nobody stays');
    world.becomes(ana, 'away');
    await world.passes(10 * SECOND);
    expect(world.domino.documentsOf(ana.key)[0]?.status).toBe('away');
    await world.until('convergence', 300 * SECOND, () => world.isConverged());
    expect(world.checker.writes - before.writes).toBe(PEOPLE / 2 + 1);
    expect((world.running?.source.watchCalls ?? 0) - before.watchCalls).toBe(1);
    kept.delete(ana.key);
    expect([...kept].filter(([key, document]) => world.domino.documentsOf(key)[0] !== document)).toEqual([]);
    expect(world.checker.violations).toEqual([]);
  }, 60_000);
});
