import { expect, test } from 'vitest';
import { livenessTurn } from '../../../src/ocs/link/liveness.js';

const LIMITS = { idleMs: 20_000, patienceMs: 10_000, misses: 2 };
const first = { askedAt: 20_000, count: 1 };
const second = { askedAt: 30_000, count: 2 };

test('lets a connection alone on which the server speaks', () => {
  expect(livenessTurn(100_000, undefined, 105_000, LIMITS)).toEqual({ turn: 'wait', delay: 15_000 });
});

test('asks a silent server and gives it time to answer', () => {
  expect(livenessTurn(0, undefined, 20_000, LIMITS)).toEqual({ turn: 'ask', delay: 10_000, questions: first });
  expect(livenessTurn(0, first, 24_000, LIMITS)).toEqual({ turn: 'wait', delay: 6_000 });
});

test('asks once more when no answer comes, and takes the connection for dead when that is not answered either', () => {
  expect(livenessTurn(0, first, 30_000, LIMITS)).toEqual({ turn: 'ask', delay: 10_000, questions: second });
  expect(livenessTurn(0, second, 40_000, LIMITS)).toEqual({ turn: 'dead' });
});

test('counts anew in a later silence', () => {
  const asked = { askedAt: 80_000, count: 1 };
  expect(livenessTurn(60_000, second, 80_000, LIMITS)).toEqual({ turn: 'ask', delay: 10_000, questions: asked });
});

test('asks before it judges after the machine itself was asleep', () => {
  expect(livenessTurn(0, undefined, 36_000_000, LIMITS).turn).toBe('ask');
  expect(livenessTurn(0, first, 36_000_000, LIMITS).turn).toBe('ask');
});
