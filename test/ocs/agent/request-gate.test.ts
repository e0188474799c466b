import { expect, test } from 'vitest';
import { RequestGate } from '../../../src/ocs/agent/request-gate.js';

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
