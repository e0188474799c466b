import { describe, expect, test } from 'vitest';
import { DominoWorld } from '../../support/domino-world.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

describe('the machine of the bridge sleeps, or is moved (row 43)', () => {
  for (const [what, length] of [
    ['40 s', 40 * SECOND],
    ['ten minutes', 10 * MINUTE],
    ['eight hours', 480 * MINUTE],
  ] as const) {
    test(`for ${what}: nobody is seen as available meanwhile who is not, and a minute later all is right`, async () => {
      const world = new DominoWorld({ lookMs: 5 * SECOND });
      for (const one of world.people) world.becomes(one, 'available');
      const { clock } = world.starts();
      await world.until('convergence', 30 * SECOND, () => world.isConverged());
      clock.freeze();
      for (const one of world.people) world.becomes(one, 'offline');
      await world.passes(length);
      expect(world.checker.longestStale).toBeLessThanOrEqual(90 * SECOND);
      clock.thaw();
      await world.passes(MINUTE);
      expect(world.checker.differences()).toEqual([]);
      await world.quiet();
      expect(world.checker.violations).toEqual([]);
    });
  }

  test('while its connection to OCS ended: nobody is confirmed by what was heard before', async () => {
    const world = new DominoWorld({ lookMs: 250 });
    for (const one of world.people) world.becomes(one, 'available');
    const { clock } = world.starts();
    await world.until('convergence', 30 * SECOND, () => world.isConverged());
    clock.freeze();
    await world.passes(10 * MINUTE);
    for (const one of world.people) world.becomes(one, 'offline');
    world.truth.goDown();
    clock.thaw();
    await world.passes(SECOND);
    expect(world.checker.seenAvailable()).toEqual([]);
    world.truth.goUp();
    await world.quiet();
    expect(world.checker.violations).toEqual([]);
  });
});
