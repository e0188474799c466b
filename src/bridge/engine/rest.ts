import { mark } from './mark.js';
import type { EngineState } from './state.js';
import type { EngineEffect } from './vocabulary.js';

/** People who rested are written again if need be; the timer goes on for the others. */
export function endRest(state: EngineState, now: number): EngineEffect[] {
  for (const uri of state.flapping.release(now)) {
    const entry = state.entries.get(uri);
    if (entry !== undefined) mark(state, entry, now);
  }
  const next = state.flapping.next();
  return next === undefined ? [] : [{ type: 'set-timer', name: 'rest', delayMs: Math.max(0, next - now) }];
}
