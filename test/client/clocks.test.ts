import { describe, expect, test } from 'vitest';
import { type ClockOffset, offsetAfter, ownTime } from '../../src/client/clock-offset.js';
import { steadyClock } from '../../src/client/steady-clock.js';

describe('the steady clock', () => {
  const start = () => {
    const clocks = { wall: 1_000_000, monotonic: 50 };
    return { clocks, now: steadyClock({ wall: () => clocks.wall, monotonic: () => clocks.monotonic }) };
  };

  test('begins with the time of day and runs', () => {
    const { clocks, now } = start();
    clocks.wall += 5_000;
    clocks.monotonic += 5_000;
    expect(now()).toBe(1_005_000);
  });

  test('runs on while the machine sleeps', () => {
    const { clocks, now } = start();
    clocks.wall += 3_600_000;
    expect([now(), now()]).toEqual([4_600_000, 4_600_000]);
  });

  test('never goes back when somebody sets the time', () => {
    const { clocks, now } = start();
    clocks.wall -= 3_600_000;
    clocks.monotonic += 1;
    expect(now()).toBe(1_000_001);
    clocks.wall += 10_000;
    clocks.monotonic += 10_000;
    expect(now()).toBe(1_010_001);
  });

  test('does not gain by being read often', () => {
    const { clocks, now } = start();
    for (let n = 0; n < 10_000; n++) {
      clocks.monotonic += 0.4;
      clocks.wall = 1_000_000 + Math.floor(n * 0.4);
      now();
    }
    expect(now()).toBeCloseTo(1_004_000, 3);
  });
});

describe('the offset to the bridge’s clock', () => {
  const offsetOf = (...seen: readonly (readonly [at: number, now: number])[]): ClockOffset => {
    const [first = [0, 0], ...rest] = seen;
    return rest.reduce((known, [at, now]) => offsetAfter(known, at, now), offsetAfter(undefined, ...first));
  };

  test('is that of the fastest message', () => {
    expect(ownTime(offsetOf([100, 1_150], [200, 1_210], [300, 5_300]), 1_000)).toBe(2_010);
  });

  test('follows clocks that drift apart', () => {
    let known = offsetOf([0, 0]);
    for (let n = 1; n < 100; n++) known = offsetAfter(known, n * 30_000, n * 30_010);
    expect(ownTime(known, 0)).toBeGreaterThan(900);
  });

  test('survives a message that waited while the machine slept', () => {
    const known = offsetOf([0, 0], [15_000, 15_000], [30_000, 3_600_000]);
    expect(ownTime(known, 60_000)).toBe(60_000);
  });
});
