import type { Status } from '../../presence/availability.js';
import { type Entry, isDoubtful, isStale, shown } from './entry.js';
import type { EngineState } from './state.js';

/**
 * Must be called whenever what a document should say, or what it says, may have changed: nothing else starts a write,
 * and nothing else keeps the number of doubtful documents right.
 */
export function mark(state: EngineState, entry: Entry, now: number, order: 'normal' | 'sweep' = 'normal'): void {
  countDoubt(state, entry);
  const { person } = entry;
  if (state.refusedDocuments.has(person.key) || state.flapping.isResting(person.uri) || !isStale(entry)) return;
  const leavesAvailable = isAvailable(entry.stored?.status) && !isAvailable(shown(entry).status);
  state.pending.add(person.uri, now, order === 'normal' && leavesAvailable ? 'urgent' : order);
}

export function countDoubt(state: EngineState, entry: Entry): void {
  if (entry.confirmed && entry.stored?.status === shown(entry).status) entry.unproven = false;
  const doubtful = isDoubtful(entry);
  if (doubtful === entry.countedDoubtful) return;
  entry.countedDoubtful = doubtful;
  state.doubtful += doubtful ? 1 : -1;
}

/** For an entry that leaves the table. */
export function forgetDoubt(state: EngineState, entry: Entry): void {
  if (entry.countedDoubtful) state.doubtful--;
  entry.countedDoubtful = false;
}

export function isAvailable(status: Status | undefined): boolean {
  return status === 'available' || status === 'available-idle';
}
