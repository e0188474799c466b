import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReplayWindow } from '../../../src/ocs/auth/replay-window.js';

test('accepts rising numbers and refuses each a second time', () => {
  const window = new ReplayWindow();
  for (let number = 1; number <= 1000; number++) expect(window.accept(number)).toBe(true);
  for (let number = 1; number <= 1000; number++) expect(window.accept(number)).toBe(false);
});

test('accepts a late number within 256 of the highest and refuses an older one', () => {
  const window = new ReplayWindow();
  expect(window.accept(300)).toBe(true);
  expect(window.accept(45)).toBe(true);
  expect(window.accept(44)).toBe(false);
});

test('refuses what is not a sequence number', () => {
  const window = new ReplayWindow();
  for (const number of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
    expect(window.accept(number)).toBe(false);
});

test('behaves like a set with a memory of 256, for any order of numbers', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1200 }), { maxLength: 400 }), (numbers) => {
      const window = new ReplayWindow();
      const seen = new Set<number>();
      let highest = 0;
      for (const number of numbers) {
        const expected = number > highest - 256 && !seen.has(number);
        expect(window.accept(number)).toBe(expected);
        if (expected) {
          seen.add(number);
          highest = Math.max(highest, number);
        }
      }
    }),
  );
});
