import type { EngineState } from './state.js';
import type { EngineEffect } from './vocabulary.js';

/**
 * How long people may still wait for a confirmation, milliseconds: at most `wish`, and all in all no longer than both
 * times of the configuration together, however often the link comes and goes meanwhile.
 */
export function graceLeft(state: EngineState, wish: number, now: number): number {
  const { graceMs, answerMs } = state.config;
  const { unsettledSince = now } = state;
  // A clock that was put back begins the time anew; it must not stretch it by as much as it went back.
  state.unsettledSince = Math.min(unsettledSince, now);
  return Math.min(wish, Math.max(0, state.unsettledSince + graceMs + answerMs - now));
}

/** People who are not confirmed have this long until their documents turn to unknown. */
export function waitForPeople(state: EngineState, wish: number, now: number): EngineEffect {
  state.graceOver = false;
  return { type: 'set-timer', name: 'grace', delayMs: graceLeft(state, wish, now) };
}
