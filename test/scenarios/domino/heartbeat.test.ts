import { describe, expect, test } from 'vitest';
import { text } from '../../support/chaos-domino.js';
import { DominoWorld } from '../../support/domino-world.js';

const SECOND = 1_000;

/** Everybody is available and the bridge is killed; then nobody is. */
async function worldOfTheDead(): Promise<DominoWorld> {
  const world = new DominoWorld();
  for (const one of world.people) world.becomes(one, 'available');
  world.starts();
  await world.until('convergence', 30 * SECOND, () => world.isConverged());
  world.kill();
  for (const one of world.people) world.becomes(one, 'offline');
  return world;
}

describe('the heartbeat after a start', () => {
  test('does not make readers believe documents that are still to be corrected, when Domino goes away before that', async () => {
    const world = await worldOfTheDead();
    await world.passes(70 * SECOND);
    const { onWrite } = world.domino;
    // Slow enough that everybody is confirmed by OCS before the documents are read.
    world.domino.travelMs = 500;
    world.domino.onWrite = (write) => {
      onWrite(write);
      if (text(write.after.items['form']) === 'PresenceBridge') world.faults.begin({ kind: 'unreachable' });
    };
    world.starts();
    await world.passes(100 * SECOND);
    expect(world.checker.longestStale).toBeLessThanOrEqual(90 * SECOND);
    expect(world.checker.violations).toEqual([]);
    world.domino.onWrite = onWrite;
    world.faults.heal();
    await world.quiet();
    expect(world.checker.violations).toEqual([]);
  });

  test('confirms all as soon as they are corrected', async () => {
    const world = await worldOfTheDead();
    world.starts();
    await world.until('convergence', 5 * SECOND, () => world.isConverged());
    await world.passes(SECOND);
    expect([...world.domino.heartbeats.values()].map(({ connected }) => connected)).toEqual([true]);
  });

  test('confirms the others though one document cannot be corrected', async () => {
    const world = await worldOfTheDead();
    const [ana] = world.people;
    if (ana === undefined) throw new Error('nobody is there');
    world.refuse(ana);
    world.starts();
    await world.passes(10 * SECOND);
    expect([...world.domino.heartbeats.values()].map(({ connected }) => connected)).toEqual([true]);
    expect(world.running?.bridge.status().failedDocuments).toBeGreaterThan(0);
  });
});
