import type { Status } from '../../presence/availability.js';
import type { SipUri } from '../../presence/ids.js';
import { merge, type Observation, type Snapshot, sameSnapshot, unknownSnapshot } from '../../presence/snapshot.js';
import type { LinkReport, Person } from '../ports.js';
import { type EngineState, type Entry, isStale, shown } from './state.js';

/**
 * Takes over what presence documents say. People who are not on the roster are ignored: they may have left it a moment
 * ago.
 */
export function observe(state: EngineState, observations: readonly Observation[], first: boolean, now: number): void {
  const options = { now, notes: state.config.notes, authoritative: first };
  for (const observation of observations) {
    const entry = state.entries.get(observation.uri);
    if (entry === undefined) continue;
    state.counters.observations++;
    const before = shown(entry);
    // A first state replaces everything: what an earlier subscription said no longer counts.
    const base =
      first || !entry.confirmed ? unknownSnapshot(entry.person.uri, entry.snapshot.displayName) : entry.snapshot;
    const merged = merge(base, observation, options);
    const keepsSince = merged.status === entry.snapshot.status && olderOf(entry.snapshot.since, merged.since);
    entry.snapshot = keepsSince ? { ...merged, since: entry.snapshot.since } : merged;
    entry.confirmed = true;
    entry.overdue = false;
    entry.observedAt = now;
    follow(state, entry, before, now);
  }
}

function olderOf(since: number | undefined, than: number | undefined): boolean {
  return since !== undefined && than !== undefined && since < than;
}

/** These people's presence cannot be had, for the moment or for good, though OCS is there. */
export function lose(state: EngineState, uris: readonly SipUri[], passing: boolean, now: number): void {
  for (const uri of uris) {
    const entry = state.entries.get(uri);
    if (entry === undefined) continue;
    const before = shown(entry);
    entry.confirmed = false;
    if (!passing) entry.overdue = true;
    follow(state, entry, before, now);
  }
}

/** Without OCS nothing is confirmed: readers of the API see unknown at once, documents follow after the grace. */
export function takeLink(state: EngineState, report: LinkReport, now: number): void {
  const was = state.source.state;
  // Another failed attempt is the same outage, though its error may be a new one.
  state.source = report.state === was ? { ...report, since: state.source.since } : report;
  if (report.state === was) return;
  if (report.state === 'connected' || was === 'connected') state.graceOver = false;
  if (report.state === 'connected') return;
  for (const entry of state.entries.values()) {
    const before = shown(entry);
    entry.confirmed = false;
    follow(state, entry, before, now);
  }
}

/** The time to answer, or to come back, is over: what is not confirmed is unknown in documents too. */
export function endGrace(state: EngineState, now: number): void {
  state.graceOver = true;
  state.unsettledSince = undefined;
  for (const entry of state.entries.values()) {
    if (entry.confirmed) continue;
    entry.overdue = true;
    markIfStale(state, entry, now);
  }
}

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

/** Keeps counts and queue right after a change of an entry, which was shown as `before`. */
function follow(state: EngineState, entry: Entry, before: Snapshot, now: number): void {
  const after = shown(entry);
  if (before.status !== after.status) {
    state.counts[before.status]--;
    state.counts[after.status]++;
  }
  if (!sameSnapshot(before, after)) {
    state.counters.changes++;
    if (state.pending.has(entry.person.uri) || state.flapping.isResting(entry.person.uri)) {
      state.counters.coalesced++;
      state.flapping.changed(entry.person.uri);
    }
  }
  markIfStale(state, entry, now);
}

/** Must be called whenever what a document should say, or what it says, may have changed: nothing else starts a write. */
export function markIfStale(state: EngineState, entry: Entry, now: number): void {
  const { person } = entry;
  if (state.refusedDocuments.has(person.key) || state.flapping.isResting(person.uri) || !isStale(entry)) return;
  const leavesAvailable = isAvailable(entry.stored?.status) && !isAvailable(shown(entry).status);
  state.pending.add(person.uri, now, leavesAvailable ? 'urgent' : 'normal');
}

function isAvailable(status: Status | undefined): boolean {
  return status === 'available' || status === 'available-idle';
}

/** Takes over a new roster. Returns true when the set of watched people changed. */
export function takeRoster(state: EngineState, people: readonly Person[], now: number): boolean {
  const wantedUris = new Set(people.map((person) => person.uri));
  let changed = false;
  for (const entry of state.entries.values()) {
    if (wantedUris.has(entry.person.uri)) continue;
    changed = true;
    state.entries.delete(entry.person.uri);
    state.pending.remove(entry.person.uri);
    state.flapping.forget(entry.person.uri);
    state.counts[shown(entry).status]--;
    state.leaving.add(entry.person.key);
  }
  for (const person of people) {
    const known = state.entries.get(person.uri);
    if (known && known.person.name === person.name && known.person.displayName === person.displayName) continue;
    // What stands in the document, or is being written, names the person otherwise: `stored` is left out.
    const entry: Entry = known
      ? { ...known, person, stored: undefined }
      : {
          person,
          snapshot: unknownSnapshot(person.uri),
          confirmed: false,
          overdue: state.graceOver,
          observedAt: undefined,
          stored: undefined,
        };
    if (known === undefined) {
      changed = true;
      state.counts.unknown++;
    }
    state.entries.set(person.uri, entry);
    state.leaving.delete(person.key);
    if (state.refusedDocuments.has(person.key)) state.refusedDocuments.set(person.key, person.uri);
    markIfStale(state, entry, now);
  }
  return changed;
}
