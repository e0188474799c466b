import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReplayWindow } from '../../../../src/ocs/simulator/security/replay-window.js';

describe('ReplayWindow', () => {
  test('accepts each number once, late ones too while they are within 256', () => {
    const window = new ReplayWindow();
    expect([1, 3, 2, 2, 300, 45, 44, 300].map((number) => window.accept(number))).toEqual([
      true,
      true,
      true,
      false,
      true,
      true,
      false,
      false,
    ]);
  });

  test('agrees with a plain list of all numbers ever seen', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -2, max: 900 }), { maxLength: 200 }), (numbers) => {
        const window = new ReplayWindow();
        const seen = new Set<number>();
        let highest = 0;
        for (const number of numbers) {
          const expected = number >= 1 && number > highest - 256 && !seen.has(number);
          expect(window.accept(number)).toBe(expected);
          if (expected) {
            seen.add(number);
            highest = Math.max(highest, number);
          }
        }
      }),
    );
  });
});
