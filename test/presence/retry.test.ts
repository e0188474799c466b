import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffDelay, DEFAULT_BACKOFF } from '../../src/presence/retry.js';

test('the delay before an attempt grows up to its cap and is spread over the whole range', () => {
  expect([0, 1, 2, 20].map((attempt) => backoffDelay(attempt, 0.5))).toEqual([500, 1000, 2000, 150_000]);
  expect(backoffDelay(3, 0)).toBe(0);
});

test('nonsense from a server shortens nothing', () => {
  expect([backoffDelay(0, 0, DEFAULT_BACKOFF, -5), backoffDelay(-3, 0.5)]).toEqual([0, 500]);
});

test('what the server asked for is a lower bound, but at most an hour', () => {
  fc.assert(
    fc.property(
      fc.nat(200),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.nat(10 ** 9),
      (attempt, unit, after) => {
        const delay = backoffDelay(attempt, unit, DEFAULT_BACKOFF, after);
        expect(delay).toBeGreaterThanOrEqual(Math.min(after, 3_600_000));
        expect(delay).toBeLessThanOrEqual(3_600_000 + DEFAULT_BACKOFF.capMs);
      },
    ),
  );
});
