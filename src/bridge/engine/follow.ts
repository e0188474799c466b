import { sameSnapshot } from '../../presence/snapshot.js';
import { type Entry, type Told, told } from './entry.js';
import { noteMember } from './list-seats.js';
import { mark } from './mark.js';
import type { EngineState } from './state.js';

/** Keeps counts, queue and lists right after a change of an entry, of which `before` was told. */
export function follow(state: EngineState, entry: Entry, { snapshot: before, source }: Told, now: number): void {
  const { snapshot: after, source: newSource } = told(entry);
  // Unknown because OCS says so is news where it was unknown because nobody said anything.
  if (newSource !== source) state.touched.add(entry.person.uri);
  if (before.status !== after.status) {
    state.counts[before.status]--;
    state.counts[after.status]++;
  }
  if (!sameSnapshot(before, after)) {
    state.touched.add(entry.person.uri);
    state.counters.changes++;
    if (state.pending.has(entry.person.uri) || state.flapping.isResting(entry.person.uri)) {
      state.counters.coalesced++;
      state.flapping.changed(entry.person.uri);
    }
  }
  noteMember(state, entry);
  mark(state, entry, now);
}
