import { expect, test } from 'vitest';
import { RequestBudget } from '../../../src/ocs/agent/request-budget.js';
import { RequestGate } from '../../../src/ocs/agent/request-gate.js';
import { SimulatedClock } from '../../support/simulated-clock.js';

test('lets only so many requests be under way, the others in their order', () => {
  const gate = new RequestGate(2);
  const started: number[] = [];
  const ends: (() => void)[] = [];
  for (let number = 0; number < 5; number++) {
    gate.enter((done) => {
      started.push(number);
      ends.push(done);
    });
  }
  expect(started).toEqual([0, 1]);
  ends[1]?.();
  ends[1]?.();
  expect(started).toEqual([0, 1, 2]);
  ends[0]?.();
  ends[2]?.();
  expect(started).toEqual([0, 1, 2, 3, 4]);
});

test('survives a long line of tasks that have nothing to do any more', () => {
  const gate = new RequestGate(1);
  let release: () => void = () => {};
  let count = 0;
  gate.enter((done) => {
    release = done;
  });
  for (let number = 0; number < 50_000; number++) {
    gate.enter((done) => {
      count++;
      done();
    });
  }
  release();
  expect(count).toBe(50_000);
});

test('goes on when a request is finished before it was ever under way', () => {
  const gate = new RequestGate(1);
  let count = 0;
  for (let number = 0; number < 1000; number++) {
    gate.enter((done) => {
      count++;
      done();
    });
  }
  expect(count).toBe(1000);
});

test('takes turns with others who share the budget, and asks for one at a time', async () => {
  const clock = new SimulatedClock(0);
  const budget = new RequestBudget(2, clock);
  const [first, second] = [new RequestGate(100, budget), new RequestGate(100, budget)];
  const started: string[] = [];
  for (let number = 0; number < 3; number++) first.enter(() => started.push(`first ${number}`));
  for (let number = 0; number < 3; number++) second.enter(() => started.push(`second ${number}`));
  expect(started).toEqual(['first 0', 'first 1']);
  await clock.advance(1_000);
  expect(started.slice(2)).toEqual(['first 2', 'second 0']);
  await clock.advance(1_000);
  expect(started.slice(4)).toEqual(['second 1', 'second 2']);
});

test('costs the others one turn at most when what stands in line is not needed any more', async () => {
  const clock = new SimulatedClock(0);
  const budget = new RequestBudget(1, clock);
  const gate = new RequestGate(100, budget);
  let needed = true;
  const started: string[] = [];
  const isNeeded = (): boolean => needed;
  for (let number = 0; number < 50; number++) gate.enter(() => started.push('old'), isNeeded);
  budget.take(() => started.push('other'));
  needed = false;
  await clock.advance(2_000);
  expect(started).toEqual(['old', 'other']);
  gate.enter((done) => {
    started.push('new');
    done();
  });
  await clock.advance(1_000);
  expect(started.at(-1)).toBe('new');
});

test('forgets all that stand in line when it is cleared', async () => {
  const clock = new SimulatedClock(0);
  const gate = new RequestGate(100, new RequestBudget(1, clock));
  let started = 0;
  for (let number = 0; number < 5; number++) gate.enter(() => started++);
  gate.clear();
  await clock.advance(10_000);
  expect(started).toBe(1);
  gate.enter(() => started++);
  expect(started).toBe(2);
});
