import type { EngineState } from './state.js';

/** People of a call whose outcome nobody knows, or that was not sent, wait again, first in line. */
export function takeBack(state: EngineState): void {
  for (const record of state.inFlight?.values() ?? []) {
    state.pending.add(record.person.uri, record.waitingSince, 'urgent');
  }
  state.inFlight = undefined;
}
