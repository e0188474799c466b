import type { SipKey } from '../../presence/ids.js';
import type { Entry } from './entry.js';
import type { EngineState } from './state.js';

/** An index for the moment only: with tens of thousands of people a lasting one is dear. */
export function entriesByKey(state: EngineState): ReadonlyMap<SipKey, Entry> {
  return new Map([...state.entries.values()].map((entry) => [entry.person.key, entry]));
}
