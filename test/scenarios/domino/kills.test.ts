import { describe, expect, test } from 'vitest';
import type { ShownStatus } from '../../support/chaos-source.js';
import { DominoWorld, manyColleagues } from '../../support/domino-world.js';

const SECOND = 1_000;
const KILLS = 200;
const WORDS: readonly ShownStatus[] = ['available', 'busy', 'away', 'do-not-disturb', 'offline'];
/** Sign-in, first states, one reading and one writing of all. */
const CONVERGED_MS = 30 * SECOND;

/** Somebody changes presence about every 150 ms, until the time is over. */
async function bustles(world: DominoWorld, milliseconds: number): Promise<void> {
  const end = world.clock.monotonic() + milliseconds;
  for (let left = milliseconds; left > 0; left = end - world.clock.monotonic()) {
    await world.passes(Math.min(left, 1 + Math.floor(world.random() * 300)));
    change(world);
  }
}

function change(world: DominoWorld): void {
  const who = world.people[Math.floor(world.random() * world.people.length)];
  const status = WORDS[Math.floor(world.random() * WORDS.length)];
  if (who !== undefined && status !== undefined) world.becomes(who, status);
}

async function killsAndConverges(world: DominoWorld, kills: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (const one of world.people) world.becomes(one, 'available');
  // Calls take long enough that most kills fall into one.
  world.domino.travelMs = 120;
  world.starts();
  for (let kill = 0; kill < kills; kill++) {
    await bustles(world, Math.floor(world.random() * (kill % 2 === 0 ? 1_500 : 8_000)));
    world.kill();
    await bustles(world, 100 + Math.floor(world.random() * 3_000));
    world.starts();
    times.push(await world.until(`convergence after kill ${kill}`, CONVERGED_MS, () => world.isConverged()));
  }
  return times;
}

describe('a bridge that is killed at any moment (row 30)', () => {
  for (let seed = 1; seed <= 4; seed++) {
    test(`is right again within 30 s of each of ${KILLS / 4} starts, with one document per person (seed ${seed})`, async () => {
      const world = new DominoWorld({ seed, lookMs: 50 });
      const times = await killsAndConverges(world, KILLS / 4);
      await world.quiet();
      expect(world.checker.violations).toEqual([]);
      expect(Math.max(...times)).toBeLessThan(CONVERGED_MS);
    });
  }

  test('of 1,000 people, too', async () => {
    const world = new DominoWorld({ seed: 5, people: manyColleagues(1_000) });
    await killsAndConverges(world, 4);
    await world.quiet();
    expect(world.checker.violations).toEqual([]);
  });

  test('is seen as gone by readers within 90 s, and shows nobody as available after that', async () => {
    const world = new DominoWorld();
    for (const one of world.people) world.becomes(one, 'available');
    world.starts();
    await world.until('convergence', CONVERGED_MS, () => world.isConverged());
    world.kill();
    for (const one of world.people) world.becomes(one, 'offline');
    await world.passes(95 * SECOND);
    expect(world.checker.seenAvailable()).toEqual([]);
    expect(world.checker.longestStale).toBeLessThanOrEqual(90 * SECOND);
    expect(world.checker.violations).toEqual([]);
  });

  test('whose last write was lost, or took effect, writes each document once more at most', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const world = new DominoWorld({ seed });
      for (const one of world.people) world.becomes(one, 'available');
      world.starts();
      await world.until('convergence', CONVERGED_MS, () => world.isConverged());
      for (const one of world.people) world.becomes(one, 'busy');
      // The window is over and the call is on its way.
      await world.passes(275);
      const before = world.checker.writes;
      world.kill();
      world.starts();
      await world.until('convergence', CONVERGED_MS, () => world.isConverged());
      expect(world.checker.writes - before).toBeLessThanOrEqual(world.people.length);
      expect(world.checker.violations).toEqual([]);
    }
  });
});
