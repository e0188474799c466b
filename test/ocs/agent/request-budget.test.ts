import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RequestBudget } from '../../../src/ocs/agent/request-budget.js';
import { SimulatedClock } from '../../support/simulated-clock.js';

describe('request budget', () => {
  test('lets a second of requests leave at once, the others in their order as time passes', async () => {
    const clock = new SimulatedClock(0);
    const budget = new RequestBudget(3, clock);
    const left: number[] = [];
    for (let number = 0; number < 7; number++) budget.take(() => left.push(number));
    expect(left).toEqual([0, 1, 2]);
    await clock.advance(999);
    expect(left).toHaveLength(3);
    await clock.advance(1);
    expect(left).toEqual([0, 1, 2, 3, 4, 5]);
    await clock.advance(1000);
    expect(left).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(clock.pendingTimers).toBe(0);
  });

  test('takes fractions: one request in two seconds', async () => {
    const clock = new SimulatedClock(0);
    const budget = new RequestBudget(0.5, clock);
    let left = 0;
    for (let number = 0; number < 3; number++) budget.take(() => left++);
    expect(left).toBe(1);
    await clock.advance(1999);
    expect(left).toBe(1);
    await clock.advance(2001);
    expect(left).toBe(3);
  });

  test('takes its seconds a little longer where what leaves in one may arrive in less', async () => {
    const clock = new SimulatedClock(0);
    const budget = new RequestBudget(1, clock, 1.1);
    let left = 0;
    for (let number = 0; number < 2; number++) budget.take(() => left++);
    await clock.advance(1099);
    expect(left).toBe(1);
    await clock.advance(1);
    expect(left).toBe(2);
  });

  test('counts requests that cannot wait: the others wait for them', async () => {
    const clock = new SimulatedClock(0);
    const budget = new RequestBudget(3, clock);
    budget.spend();
    budget.spend();
    let left = 0;
    for (let number = 0; number < 3; number++) budget.take(() => left++);
    expect(left).toBe(1);
    await clock.advance(1000);
    expect(left).toBe(3);
  });

  test('goes on when one of the requests throws', () => {
    const budget = new RequestBudget(10, new SimulatedClock(0));
    let left = 0;
    expect(() =>
      budget.take(() => {
        throw new Error('closed');
      }),
    ).toThrow('closed');
    budget.take(() => left++);
    expect(left).toBe(1);
  });

  test('never lets more than its number leave in any second, and none is forgotten', async () => {
    const script = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 1500 })), {
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(script, fc.integer({ min: 1, max: 12 }), async (waves, perSecond) => {
        const clock = new SimulatedClock(0);
        const budget = new RequestBudget(perSecond, clock);
        const times: number[] = [];
        let asked = 0;
        for (const [count, pause] of waves) {
          for (let number = 0; number < count; number++) budget.take(() => times.push(clock.monotonic()));
          asked += count;
          await clock.advance(pause);
        }
        await clock.advance((1 + Math.ceil(asked / perSecond)) * 1000);
        expect(times).toHaveLength(asked);
        times.forEach((time, index) => {
          const before = times[index - perSecond];
          if (before !== undefined) expect(time - before).toBeGreaterThanOrEqual(1000);
        });
      }),
      { numRuns: 40 },
    );
  });

  test('holds a line of a hundred thousand without growing slow', async () => {
    const clock = new SimulatedClock(0);
    const budget = new RequestBudget(50_000, clock);
    let left = 0;
    for (let number = 0; number < 100_000; number++) budget.take(() => left++);
    await clock.advance(1000);
    expect(left).toBe(100_000);
  });
});
