import { expect, test } from 'vitest';
import { graceLeft } from '../../../src/bridge/engine/grace.js';
import { createState, DEFAULT_ENGINE_CONFIG } from '../../../src/bridge/engine/state.js';

const START = Date.UTC(2026, 0, 5, 8);
const MINUTE = 60_000;
const { graceMs, answerMs } = DEFAULT_ENGINE_CONFIG;
const newState = () => createState({ ...DEFAULT_ENGINE_CONFIG, bridge: 'bridge', version: '1', notes: false }, START);

test('the time to come back is never longer than both times together, however often it is asked for', () => {
  const state = newState();
  expect(graceLeft(state, graceMs, START)).toBe(graceMs);
  expect(graceLeft(state, answerMs, START + 15_000)).toBe(answerMs);
  expect(graceLeft(state, answerMs, START + 45_000)).toBe(graceMs + answerMs - 45_000);
  expect(graceLeft(state, answerMs, START + 5 * MINUTE)).toBe(0);
});

test('a wall clock that is put back in between begins it anew and stretches it no further', () => {
  const state = newState();
  graceLeft(state, graceMs, START);
  const back = START + 15_000 - 10 * MINUTE;
  expect(graceLeft(state, answerMs, back)).toBe(answerMs);
  expect(graceLeft(state, answerMs, back + 45_000)).toBe(graceMs + answerMs - 45_000);
  expect(graceLeft(state, answerMs, back + MINUTE)).toBe(0);
});

test('a wall clock that is put ahead in between only ends it sooner', () => {
  const state = newState();
  graceLeft(state, graceMs, START);
  expect(graceLeft(state, answerMs, START + 10 * MINUTE)).toBe(0);
});
