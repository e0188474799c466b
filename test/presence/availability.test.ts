import { describe, expect, test } from 'vitest';
import { activityOf, availabilityOf, rankOf, STATUSES, statusOf } from '../../src/presence/availability.js';

describe('an availability number', () => {
  test.each([
    [undefined, 'unknown'],
    [Number.NaN, 'unknown'],
    [-1, 'unknown'],
    [0, 'unknown'],
    [2999, 'unknown'],
    [3000, 'available'],
    [4499, 'available'],
    [4500, 'available-idle'],
    [5999, 'available-idle'],
    [6000, 'busy'],
    [7499, 'busy'],
    [7500, 'busy-idle'],
    [8999, 'busy-idle'],
    [9000, 'do-not-disturb'],
    [11999, 'do-not-disturb'],
    [12000, 'be-right-back'],
    [14999, 'be-right-back'],
    [15000, 'away'],
    [17999, 'away'],
    [18000, 'offline'],
    [99999, 'offline'],
  ])('%s means %s', (number, status) => {
    expect(statusOf(number)).toBe(status);
  });

  test('published for a status is read back as that status', () => {
    for (const status of STATUSES) {
      const number = availabilityOf(status);
      if (number !== undefined) expect(statusOf(number)).toBe(status);
    }
  });
});

test('only unknown cannot be published', () => {
  expect(STATUSES.filter((status) => availabilityOf(status) === undefined)).toEqual(['unknown']);
});

test('available ranks first and unknown last', () => {
  expect([rankOf('available'), rankOf('unknown')]).toEqual([1, STATUSES.length]);
});

test('activity tokens are read in any case and with the desktop client’s word for presenting', () => {
  expect([activityOf('On-the-phone'), activityOf('in-presentation'), activityOf('juggling')]).toEqual([
    'on-the-phone',
    'presenting',
    undefined,
  ]);
});
