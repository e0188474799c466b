import type { SipUri } from '../../presence/ids.js';
import { merge, type Observation, unknownSnapshot } from '../../presence/snapshot.js';
import type { LinkReport } from '../ports.js';
import { told } from './entry.js';
import { follow } from './follow.js';
import type { EngineState } from './state.js';

/**
 * Takes over what presence documents say. People who are not on the roster are ignored: they may have left it a moment
 * ago.
 */
export function observe(state: EngineState, observations: readonly Observation[], first: boolean, now: number): void {
  const options = { now, notes: state.config.notes, authoritative: first };
  for (const observation of observations) {
    const entry = state.entries.get(observation.uri);
    // Of a list nobody but its members says anything.
    if (entry === undefined || entry.list !== undefined) continue;
    state.counters.observations++;
    const before = told(entry);
    // A first state replaces everything: what an earlier subscription said no longer counts.
    const base =
      first || !entry.confirmed ? unknownSnapshot(entry.person.uri, entry.snapshot.displayName) : entry.snapshot;
    const merged = merge(base, observation, options);
    const keepsSince = merged.status === entry.snapshot.status && olderOf(entry.snapshot.since, merged.since);
    entry.snapshot = keepsSince ? { ...merged, since: entry.snapshot.since } : merged;
    entry.confirmed = true;
    entry.overdue = false;
    entry.tolerated = false;
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
    if (entry === undefined || entry.list !== undefined) continue;
    const before = told(entry);
    // Of somebody who was waited for anyway nothing was ever good.
    if (entry.confirmed || !passing) entry.tolerated = true;
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
  if (was === 'connected') doubtAll(state, now);
}

/** Nothing that was said before counts any more. */
export function doubtAll(state: EngineState, now: number): void {
  for (const entry of state.entries.values()) {
    if (!entry.confirmed && !entry.tolerated) continue;
    const before = told(entry);
    entry.confirmed = false;
    entry.tolerated = false;
    follow(state, entry, before, now);
  }
}
