import { expect, test } from 'vitest';
import { livenessTurn } from '../../../src/ocs/link/liveness.js';

const LIMITS = { idleMs: 50_000, patienceMs: 40_000 };

test('lets a connection alone on which the server speaks', () => {
  expect(livenessTurn(100_000, undefined, 120_000, LIMITS)).toEqual({ turn: 'wait', delay: 30_000 });
});

test('asks a silent server once and gives it time to answer', () => {
  expect(livenessTurn(0, undefined, 50_000, LIMITS)).toEqual({ turn: 'ask', delay: 40_000 });
  expect(livenessTurn(0, 50_000, 70_000, LIMITS)).toEqual({ turn: 'wait', delay: 20_000 });
});

test('takes the connection for dead when even that stays unanswered', () => {
  expect(livenessTurn(0, 50_000, 90_000, LIMITS)).toEqual({ turn: 'dead' });
});

test('asks again in a later silence', () => {
  expect(livenessTurn(60_000, 50_000, 110_000, LIMITS)).toEqual({ turn: 'ask', delay: 40_000 });
});

test('asks before it judges after the machine itself was asleep', () => {
  expect(livenessTurn(0, undefined, 36_000_000, LIMITS).turn).toBe('ask');
});
