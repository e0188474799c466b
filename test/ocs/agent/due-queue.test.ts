import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DueQueue } from '../../../src/ocs/agent/due-queue.js';
import { SimulatedClock } from '../../support/simulated-clock.js';

interface Thing {
  readonly name: number;
}

test('calls each thing when it is due, with one timer for all', async () => {
  const clock = new SimulatedClock(0);
  const due: string[] = [];
  const queue = new DueQueue<Thing>(clock, ({ name }) => due.push(`${name}@${clock.monotonic()}`));
  const things = [0, 1, 2, 3].map((name) => ({ name }));
  for (const [index, delay] of [300, 100, 200, 100].entries()) queue.set(things[index] as Thing, delay);
  expect(clock.pendingTimers).toBe(1);
  queue.set(things[1] as Thing, 250);
  queue.delete(things[2] as Thing);
  await clock.advance(1000);
  expect(due).toEqual(['3@100', '1@250', '0@300']);
  expect(clock.pendingTimers).toBe(0);
});

test('leaves no timer when all is taken out', () => {
  const clock = new SimulatedClock(0);
  const queue = new DueQueue<Thing>(clock, () => {});
  const thing = { name: 1 };
  queue.set(thing, 10);
  queue.delete(thing);
  expect(clock.pendingTimers).toBe(0);
});

test('calls in the order of time whatever is set, moved and taken out', async () => {
  const move = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.option(fc.integer({ min: 0, max: 500 })));
  await fc.assert(
    fc.asyncProperty(fc.array(move, { maxLength: 200 }), async (moves) => {
      const clock = new SimulatedClock(0);
      const due: { readonly name: number; readonly at: number }[] = [];
      const queue = new DueQueue<Thing>(clock, ({ name }) => due.push({ name, at: clock.monotonic() }));
      const things = Array.from({ length: 10 }, (_, name) => ({ name }));
      const expected = new Map<number, number>();
      for (const [name, delay] of moves) {
        const thing = things[name] as Thing;
        if (delay === null) queue.delete(thing);
        else queue.set(thing, delay);
        if (delay === null) expected.delete(name);
        else expected.set(name, delay);
      }
      await clock.advance(1000);
      expect(due.map(({ at }) => at)).toEqual([...expected.values()].toSorted((a, b) => a - b));
      expect(new Map(due.map(({ name, at }) => [name, at]))).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});
