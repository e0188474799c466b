import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SrvRecord } from '../../../../src/ocs/link/discovery/look-up.js';
import { orderSrv } from '../../../../src/ocs/link/discovery/srv-order.js';
import { seededRandom } from '../../../support/simulated-clock.js';

const record = (name: string, priority: number, weight: number): SrvRecord => ({ name, port: 5061, priority, weight });
const order = (records: readonly SrvRecord[], seed = 1): string => {
  const random = seededRandom(seed);
  return orderSrv(records, () => random.unit())
    .map(({ name }) => name)
    .join('');
};

test('the lowest priority comes first, whatever the weights', () => {
  for (let seed = 0; seed < 20; seed++) {
    expect(order([record('c', 20, 0), record('a', 5, 1), record('b', 10, 9999)], seed)).toBe('abc');
  }
});

test('within one priority the first place is drawn in proportion to the weights', () => {
  const first = { a: 0, b: 0, c: 0 };
  for (let seed = 0; seed < 4000; seed++) {
    first[order([record('a', 0, 10), record('b', 0, 30), record('c', 0, 60)], seed)[0] as 'a' | 'b' | 'c']++;
  }
  expect(first.a / 4000).toBeGreaterThan(0.07);
  expect(first.a / 4000).toBeLessThan(0.13);
  expect(first.c / 4000).toBeGreaterThan(0.55);
  expect(first.c / 4000).toBeLessThan(0.65);
});

test('a record without weight has a small chance beside others', () => {
  let first = 0;
  for (let seed = 0; seed < 4000; seed++) {
    if (order([record('a', 0, 0), record('b', 0, 99)], seed).startsWith('a')) first++;
  }
  expect(first).toBeGreaterThan(0);
  expect(first / 4000).toBeLessThan(0.03);
});

test('servers that all have no weight share the load', () => {
  const starts = new Set(Array.from({ length: 50 }, (_, seed) => order([record('a', 0, 0), record('b', 0, 0)], seed)));
  expect([...starts].sort()).toEqual(['ab', 'ba']);
});

test('every record comes exactly once, priorities rising', () => {
  const records = fc.array(
    fc.record({
      name: fc.string(),
      port: fc.nat(65_535),
      priority: fc.nat(5),
      weight: fc.oneof(fc.constant(0), fc.nat(65_535)),
    }),
    { maxLength: 16 },
  );
  fc.assert(
    fc.property(records, fc.infiniteStream(fc.double({ min: 0, max: 0.999_999, noNaN: true })), (given, units) => {
      const ordered = orderSrv(given, () => units.next().value);
      expect(new Set(ordered)).toEqual(new Set(given));
      expect(ordered.length).toBe(given.length);
      const priorities = ordered.map(({ priority }) => priority);
      expect(priorities).toEqual([...priorities].sort((a, b) => a - b));
    }),
  );
});
