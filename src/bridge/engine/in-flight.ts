import type { EngineState } from './state.js';

/** People of a call whose outcome nobody knows, or that was not sent, wait again, first in line. */
export function takeBack(state: EngineState): void {
  for (const { person, waitingSince } of state.inFlight?.values() ?? []) {
    // Whoever left the roster meanwhile is none of those whom the queue is bounded by.
    if (state.entries.has(person.uri)) state.pending.add(person.uri, waitingSince, 'urgent');
  }
  state.inFlight = undefined;
}
