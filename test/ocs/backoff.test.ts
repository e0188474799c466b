import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffDelay } from '../../src/ocs/backoff.js';

const LIMITS = { baseMs: 1000, capMs: 300_000 };

test('doubles the range of each further try up to the cap', () => {
  const longest = [0, 1, 2, 8, 9, 1000].map((attempt) => backoffDelay(attempt, 0.999_999, LIMITS));
  expect(longest).toEqual([1000, 2000, 4000, 256_000, 300_000, 300_000]);
  expect(backoffDelay(5, 0, LIMITS)).toBe(0);
});

test('never waits less than the server asked for, nor more than an hour and the cap', () => {
  expect(backoffDelay(0, 0, LIMITS, 120_000)).toBe(120_000);
  expect(backoffDelay(0, 0, LIMITS, 2 ** 63)).toBe(3_600_000);
  expect(backoffDelay(0, 0, LIMITS, -5)).toBe(0);
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10_000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.option(fc.integer({ min: 0, max: 10 ** 9 }), { nil: undefined }),
      (attempt, unit, retryAfter) => {
        const delay = backoffDelay(attempt, unit, LIMITS, retryAfter);
        expect(delay).toBeGreaterThanOrEqual(Math.min(retryAfter ?? 0, 3_600_000));
        expect(delay).toBeLessThanOrEqual(3_600_000 + LIMITS.capMs);
      },
    ),
  );
});
