import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { levelsOf, stateOfLevels } from '../../../../src/ocs/simulator/presence/legacy-levels.js';

describe('the numbers of LCS 2005', () => {
  test.each([
    [0, 400, 18_500, ''],
    [99, 400, 18_500, ''],
    [300, 0, 15_500, ''],
    [300, 99, 15_500, ''],
    [300, 149, 15_500, ''],
    [300, 150, 15_500, ''],
    [300, 200, 5000, ''],
    [300, 299, 5000, ''],
    [300, 300, 12_500, ''],
    [300, 400, 3500, ''],
    [100, 499, 3500, ''],
    [300, 500, 6500, 'on-the-phone'],
    [300, 600, 6500, ''],
    [300, 699, 6500, ''],
    [300, 700, 15_500, ''],
    [300, 800, 3500, ''],
    [300, 999, 3500, ''],
  ])('availability %i with activity %i means %i', (availability, activity, expected, token) => {
    expect(stateOfLevels({ availability, activity })).toEqual({ availability: expected, activity: token });
  });

  test.each([
    [0, '', 0, 0],
    [2999, '', 0, 0],
    [3000, '', 300, 400],
    [4499, '', 300, 400],
    [4500, '', 300, 200],
    [6000, '', 300, 600],
    [6500, 'on-the-phone', 300, 500],
    [6500, 'in-a-meeting', 300, 600],
    [7500, '', 300, 600],
    [9500, '', 300, 600],
    [12_000, '', 300, 300],
    [15_000, '', 300, 100],
    [17_999, '', 300, 100],
    [18_000, '', 0, 0],
  ])('%i with activity "%s" is read as availability %i and activity %i', (availability, token, level, activity) => {
    expect(levelsOf({ availability, activity: token })).toEqual({ availability: level, activity });
  });

  test('never make somebody unreachable reachable', () => {
    fc.assert(
      fc.property(fc.nat(25_000), (availability) => {
        const back = stateOfLevels(levelsOf({ availability, activity: '' })).availability;
        const isOffline = availability < 3000 || availability >= 18_000;
        expect(isOffline ? back === 18_500 : back < 6000 === availability < 6000).toBe(true);
      }),
    );
  });

  test('negative and huge numbers are offline or active, never an error', () => {
    expect(stateOfLevels({ availability: -1, activity: 400 }).availability).toBe(18_500);
    expect(stateOfLevels({ availability: 300, activity: -5 }).availability).toBe(18_500);
    expect(stateOfLevels({ availability: 1e9, activity: 1e9 }).availability).toBe(3500);
  });
});
