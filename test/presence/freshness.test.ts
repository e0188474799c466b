import { describe, expect, test } from 'vitest';
import { isAlive, isFresh } from '../../src/presence/freshness.js';

const heartbeat = { writtenAt: 1_000_000, interval: 30_000, connected: true };

test('a status counts until the third heartbeat is missing', () => {
  expect([isFresh(heartbeat, 1_089_999), isFresh(heartbeat, 1_090_000)]).toEqual([true, false]);
});

test('without a connection or without any heartbeat nothing counts', () => {
  expect([isFresh({ ...heartbeat, connected: false }, 1_000_001), isFresh(undefined, 0)]).toEqual([false, false]);
});

describe('isAlive', () => {
  test('a bridge without its presence server lives, though nothing it says counts', () => {
    const beat = { writtenAt: 1_000_000, interval: 30_000, connected: false };
    expect([isAlive(beat, 1_089_999), isFresh(beat, 1_000_001)]).toEqual([true, false]);
  });

  test('a bridge that missed three beats does not', () => {
    expect(isAlive({ writtenAt: 1_000_000, interval: 30_000, connected: true }, 1_090_000)).toBe(false);
  });
});
