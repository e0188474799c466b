import { expect, test } from 'vitest';
import { isFresh } from '../../src/presence/freshness.js';

const heartbeat = { writtenAt: 1_000_000, interval: 30_000, connected: true };

test('a status counts until the third heartbeat is missing', () => {
  expect([isFresh(heartbeat, 1_089_999), isFresh(heartbeat, 1_090_000)]).toEqual([true, false]);
});

test('without a connection or without any heartbeat nothing counts', () => {
  expect([isFresh({ ...heartbeat, connected: false }, 1_000_001), isFresh(undefined, 0)]).toEqual([false, false]);
});
