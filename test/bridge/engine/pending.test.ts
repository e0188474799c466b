import { expect, test } from 'vitest';
import { PendingQueue } from '../../../src/bridge/engine/pending.js';
import { sip } from '../../support/people.js';

const [ANA, BEN, CLEO] = ['ana', 'ben', 'cleo'].map((user) => sip(`${user}@contoso.example`)) as [
  ReturnType<typeof sip>,
  ReturnType<typeof sip>,
  ReturnType<typeof sip>,
];

test('urgent people go first, those who are swept last, and all in the order in which they came', () => {
  const queue = new PendingQueue();
  queue.add(ANA, 1, 'sweep');
  queue.add(BEN, 2, 'normal');
  queue.add(CLEO, 3, 'urgent');
  expect([queue.size, queue.swept, queue.oldest()]).toEqual([3, 1, 1]);
  expect([...queue.take()].map(([uri]) => uri)).toEqual([CLEO, BEN, ANA]);
  expect(queue.size).toBe(0);
});

test('somebody who becomes more urgent keeps the time of waiting, and nobody becomes less urgent', () => {
  const queue = new PendingQueue();
  queue.add(ANA, 1, 'sweep');
  queue.add(ANA, 5, 'normal');
  queue.add(ANA, 6, 'sweep');
  expect([queue.size, queue.swept]).toEqual([1, 0]);
  queue.add(ANA, 7, 'urgent');
  queue.add(ANA, 8, 'normal');
  expect([...queue.take()]).toEqual([[ANA, 1]]);
});

test('the sweep can be called off', () => {
  const queue = new PendingQueue();
  queue.add(ANA, 1, 'sweep');
  queue.add(BEN, 2, 'normal');
  expect([queue.takeSwept(), queue.has(ANA), queue.has(BEN)]).toEqual([[ANA], false, true]);
  queue.remove(BEN);
  expect([queue.size, queue.oldest()]).toEqual([0, undefined]);
});
