import { describe, expect, test } from 'vitest';
import { leaseTimes } from '../../../src/bridge/cluster/lease-times.js';
import { soleBridge } from '../../../src/bridge/cluster/sole-bridge.js';
import type { Role } from '../../../src/bridge/lease-ports.js';
import { disturb, HEALTHY, LeaseWorld } from '../../support/lease-world.js';

const ROUGH = { delayMs: 800, slow: 0.05, lostRequest: 0.03, lostAnswer: 0.05 };
const SEEDS = Array.from({ length: 25 }, (_, index) => index + 1);

/** Ten disturbances of a seeded world, and a quiet minute. */
async function rough(seed: number, isConditional: boolean): Promise<LeaseWorld> {
  const world = new LeaseWorld(seed, { isConditional });
  for (let count = 2 + (seed % 2); count > 0; count--) world.add(`bridge ${count}`);
  world.faults = ROUGH;
  for (let round = 0; round < 10; round++) {
    await world.advance(world.random.unit() * 20_000);
    await disturb(world);
  }
  world.faults = HEALTHY;
  await world.advance(60_000);
  return world;
}

describe.each([true, false])('contenders over a store with conditional writes: %s', (isConditional) => {
  test('never write two at a time whatever is lost, late, cut off, paused or killed, and one writes in the end', async () => {
    let turns = 0;
    for (const seed of SEEDS) {
      const world = await rough(seed, isConditional);
      expect([seed, world.longestOverlapMs, world.writers.length]).toEqual([seed, 0, 1]);
      turns += world.turns.length;
    }
    expect(turns).toBeGreaterThan(SEEDS.length * 2);
  }, 60_000);

  test('the holder dies, and another one writes within 25 seconds, 20 with conditional writes', async () => {
    for (const seed of SEEDS) {
      const world = new LeaseWorld(seed, { isConditional });
      for (let count = 2 + (seed % 2); count > 0; count--) world.add(`bridge ${count}`);
      await world.advance(40_000 + world.random.unit() * 10_000);
      const [holder] = world.writers;
      if (holder === undefined) throw new Error('nobody writes');
      holder.isDead = true;
      const took = await world.untilSomebodyWrites(60_000);
      expect([seed, took <= (isConditional ? 20_000 : 25_000), took >= 4_000]).toEqual([seed, true, true]);
    }
  }, 30_000);

  test('several want to take over at once over a slow way, and one alone writes', async () => {
    for (const seed of SEEDS) {
      const world = new LeaseWorld(seed, { isConditional });
      for (let count = 4; count > 0; count--) world.add(`bridge ${count}`);
      await world.advance(40_000);
      for (const { coordinator } of world.writers) void coordinator.stop();
      world.faults = { ...HEALTHY, delayMs: 1_800, slow: 0.1 };
      await world.advance(120_000);
      expect([seed, world.longestOverlapMs]).toEqual([seed, 0]);
    }
  }, 30_000);

  test('epochs rise from turn to turn', async () => {
    const epochs = (await rough(77, isConditional)).turns.map(({ epoch }) => epoch);
    expect(epochs.length).toBeGreaterThan(2);
    expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b));
  });
});

describe('one of a pair', () => {
  const pair = async (isConditional = true) => {
    const world = new LeaseWorld(5, { isConditional });
    const active = world.add('first');
    await world.advance(12_000);
    const standby = world.add('second');
    await world.advance(12_000);
    return { world, active, standby };
  };

  test('writes, and the other one says who does', async () => {
    const { active, standby } = await pair();
    expect([active.writes, standby.writes]).toEqual([true, false]);
    expect(standby.roles).toEqual([{ state: 'standby', holder: 'host first' }]);
  });

  test('keeps its epoch over its renewals', async () => {
    const { world, active } = await pair();
    await world.advance(300_000);
    expect(active.roles.filter(({ state }) => state === 'active')).toEqual([{ state: 'active', epoch: 1 }]);
    expect(world.stored).toMatchObject({ holder: 'first', epoch: 1, durationMs: 15_000 });
    expect(world.stored?.renewals).toBeGreaterThan(50);
  });

  test('stops writing ten seconds after its last renewal when the database is away, before the other may begin', async () => {
    const { world, active, standby } = await pair();
    active.isCutOff = true;
    await world.advance(10_300);
    expect([active.writes, standby.writes]).toEqual([false, false]);
    expect(active.roles.at(-1)).toEqual({ state: 'standby', holder: '' });
    await world.advance(12_000);
    expect([active.writes, standby.writes]).toEqual([false, true]);
  });

  test('writes nothing after a pause of a minute, not even before it hears that it lost the lease', async () => {
    const { world, active, standby } = await pair();
    active.pause();
    await world.advance(60_000);
    expect(standby.writes).toBe(true);
    expect(active.coordinator.mayWrite()).toBe(false);
    active.resume();
    await world.advance(5_000);
    expect(active.roles.at(-1)).toEqual({ state: 'standby', holder: 'host second' });
    expect([active.writes, standby.writes]).toEqual([false, true]);
  });

  test('goes on with a higher epoch when it was cut off and nobody took over', async () => {
    const world = new LeaseWorld(5);
    const alone = world.add('first');
    await world.advance(12_000);
    alone.isCutOff = true;
    await world.advance(60_000);
    alone.isCutOff = false;
    await world.advance(40_000);
    expect(alone.writes).toBe(true);
    expect(world.turns.map(({ epoch }) => epoch)).toEqual([1, 2]);
  });

  test('takes over in a few seconds when the other one stops', async () => {
    const { world, active, standby } = await pair();
    const stopped = active.coordinator.stop();
    expect(active.writes).toBe(false);
    await world.advance(2_000);
    await stopped;
    expect(world.stored).toMatchObject({ epoch: 1, holder: '' });
    await world.advance(4_000);
    expect(standby.writes).toBe(true);
    expect(world.stored).toMatchObject({ epoch: 2, holder: 'second' });
  });

  test('stops within two seconds though the database does not answer', async () => {
    const { world, active } = await pair();
    active.isCutOff = true;
    let isStopped = false;
    void active.coordinator.stop().then(() => {
      isStopped = true;
    });
    await world.advance(2_050);
    expect([isStopped, active.writes]).toEqual([true, false]);
  });

  test('a standby stops at once and leaves the lease alone', async () => {
    const { world, active, standby } = await pair();
    await standby.coordinator.stop();
    expect([active.writes, world.stored?.holder]).toEqual([true, 'first']);
  });

  test('takes its own lease up at once when it was killed and starts again', async () => {
    const { world, active } = await pair();
    active.isDead = true;
    const again = world.add('first');
    await world.advance(1_300);
    expect(again.writes).toBe(true);
    expect(again.roles).toEqual([{ state: 'active', epoch: 2 }]);
  });

  test('a copy of the state folder on another computer does not make two take the lease from each other', async () => {
    const world = new LeaseWorld(5);
    world.add('copied');
    await world.advance(12_000);
    world.add('copied');
    await world.advance(120_000);
    expect(world.turns.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(world.writers).toHaveLength(1);
  });

  test('waits for the end of a lease that somebody deleted, since its holder may still believe in it', async () => {
    const { world, active, standby } = await pair();
    active.pause();
    world.stored = undefined;
    await world.advance(9_000);
    expect(standby.writes).toBe(false);
    await world.advance(20_000);
    expect(standby.writes).toBe(true);
    expect(world.turns.map(({ epoch }) => epoch)).toEqual([1, 2]);
  });

  test('does not wait longer than ten minutes for a lease with a mistaken duration', async () => {
    const world = new LeaseWorld(5);
    world.stored = { holder: 'gone', holderName: 'x', epoch: 7, renewals: 1, durationMs: 1e15 };
    const one = world.add('first');
    await world.advance(595_000, 1_000);
    expect(one.writes).toBe(false);
    await world.advance(20_000, 1_000);
    expect([one.writes, world.stored?.epoch]).toEqual([true, 8]);
  });

  test('a machine that slept while its monotonic clock stood still may not write', async () => {
    const { active } = await pair();
    const now = active.now();
    active.now = () => now + 3_600_000;
    expect(active.writes).toBe(false);
  });

  test('without conditional writes it writes only after its claim has stood for five seconds', async () => {
    const world = new LeaseWorld(5, { isConditional: false });
    const one = world.add('first');
    await world.advance(5_000);
    expect([one.writes, world.stored?.holder]).toEqual([false, 'first']);
    await world.advance(3_000);
    expect(one.writes).toBe(true);
  });
});

test('the limits of two contenders keep apart by more than their clocks differ', () => {
  for (const duration of [15_000, 90_000, 600_000]) {
    const { fence, longSettle, quick, settle, renew, patience } = leaseTimes(duration, 1);
    expect(fence * 1.02).toBeLessThan(duration);
    expect(fence * 1.02).toBeLessThan(longSettle);
    expect(quick * 1.02).toBeLessThan(settle);
    expect(renew + patience).toBeLessThan(fence);
  }
});

test('a bridge whose store excludes others is active from its start to its stop', async () => {
  const sole = soleBridge();
  const roles: Role[] = [];
  expect(sole.mayWrite()).toBe(false);
  sole.start((role) => roles.push(role));
  expect([roles, sole.mayWrite()]).toEqual([[{ state: 'active', epoch: 1 }], true]);
  await sole.stop();
  expect(sole.mayWrite()).toBe(false);
});
