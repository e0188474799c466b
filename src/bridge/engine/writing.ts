import type { BridgeError } from '../../presence/errors.js';
import type { SipKey } from '../../presence/ids.js';
import type { HeartbeatRecord, LinkReport, PersonRecord, StoredPerson, WriteOutcome } from '../ports.js';
import { markIfStale } from './presence.js';
import { type EngineState, type Entry, isStale, wanted } from './state.js';
import type { EngineEffect } from './vocabulary.js';

/** What the store holds after it was opened: the base of all comparisons from now on. */
export function takeStored(state: EngineState, stored: readonly StoredPerson[], now: number): void {
  state.inFlight = undefined;
  if (state.epoch === 0) state.epoch = stored.reduce((highest, found) => Math.max(highest, found.epoch), 0) + 1;
  // An index for this moment only: with tens of thousands of people a lasting one is dear.
  const byKey = new Map<SipKey, Entry>();
  for (const entry of state.entries.values()) {
    entry.stored = undefined;
    byKey.set(entry.person.key, entry);
  }
  for (const found of stored) {
    const entry = byKey.get(found.key);
    const isOurs = found.bridge === state.config.bridge;
    if (entry === undefined) {
      // People whom another bridge watches are its own affair.
      if (isOurs) state.leaving.add(found.key);
      continue;
    }
    // Under another name or address than the roster's, or with the sign of life of another bridge behind it, the document
    // is written anew even with the same status.
    const { person } = entry;
    if (isOurs && found.name === person.name && found.uri === person.uri) entry.stored = found.snapshot;
  }
  for (const entry of state.entries.values()) markIfStale(state, entry, now);
}

/** The next write, or nothing when there is none to do or one is under way. */
export function nextWrite(state: EngineState, now: number): EngineEffect[] {
  if (state.store.state !== 'connected' || state.inFlight !== undefined) return [];
  const records = new Map<SipKey, PersonRecord>();
  const timers: EngineEffect[] = [];
  for (const [uri, waitingSince] of state.pending.take()) {
    const entry = state.entries.get(uri);
    if (entry === undefined) continue;
    const snapshot = wanted(entry);
    if (snapshot === undefined || !isStale(entry)) {
      state.counters.unchanged++;
      continue;
    }
    if (!state.stopping && state.flapping.written(uri, now)) {
      timers.push({ type: 'set-timer', name: 'rest', delayMs: state.config.restMs });
    }
    records.set(entry.person.key, {
      person: entry.person,
      snapshot,
      observedAt: entry.observedAt ?? now,
      bridge: state.config.bridge,
      epoch: state.epoch,
      seq: ++state.seq,
      waitingSince,
    });
    if (records.size >= state.config.batchSize) break;
  }
  if (records.size > 0) {
    state.inFlight = records;
    return [{ type: 'write', records: [...records.values()] }, ...timers];
  }
  if (state.leaving.size === 0) return [];
  state.inFlight = new Map();
  const keys = [...state.leaving].slice(0, state.config.batchSize);
  return [{ type: 'remove', keys }];
}

export function takeWritten(state: EngineState, outcome: WriteOutcome, now: number): EngineEffect[] {
  const sent = state.inFlight;
  state.inFlight = undefined;
  const milliseconds: number[] = [];
  for (const key of outcome.written) {
    const record = sent?.get(key);
    if (record === undefined) continue;
    const entry = state.entries.get(record.person.uri);
    state.counters.written++;
    state.storeAttempts = 0;
    milliseconds.push(now - record.waitingSince);
    if (entry === undefined) continue;
    if (entry.person === record.person) entry.stored = record.snapshot;
    // What should stand there may have changed back to what stood there before this write.
    markIfStale(state, entry, now);
  }
  const refusals = setAside(state, outcome, sent);
  return milliseconds.length > 0 ? [...refusals, { type: 'latency', milliseconds }] : refusals;
}

export function takeRemoved(state: EngineState, outcome: WriteOutcome): EngineEffect[] {
  state.inFlight = undefined;
  for (const key of [...outcome.written, ...outcome.failed.keys()]) state.leaving.delete(key);
  return setAside(state, outcome, undefined);
}

/** Leaves refused documents alone for a while. The timer is not begun anew, or steady refusals would put it off for ever. */
function setAside(
  state: EngineState,
  { failed }: WriteOutcome,
  sent: ReadonlyMap<SipKey, PersonRecord> | undefined,
): EngineEffect[] {
  const isTimed = state.refusedDocuments.size > 0;
  const effects: EngineEffect[] = [];
  for (const [key, error] of failed) {
    state.counters.failedDocuments++;
    state.refusedDocuments.set(key, sent?.get(key)?.person.uri);
    effects.push({ type: 'document-refused', key, error });
  }
  if (effects.length === 0 || isTimed) return effects;
  return [...effects, { type: 'set-timer', name: 'refused-documents', delayMs: state.config.refusedMs }];
}

/** Tries refused documents once more: to write those of the roster, to delete others. */
export function retryRefused(state: EngineState, now: number): void {
  const refused = [...state.refusedDocuments];
  state.refusedDocuments.clear();
  for (const [key, uri] of refused) {
    const entry = uri === undefined ? undefined : state.entries.get(uri);
    if (entry === undefined) state.leaving.add(key);
    else markIfStale(state, entry, now);
  }
}

/** People who rested are written again if need be; the timer goes on for the others. */
export function endRest(state: EngineState, now: number): EngineEffect[] {
  for (const uri of state.flapping.release(now)) {
    const entry = state.entries.get(uri);
    if (entry !== undefined) markIfStale(state, entry, now);
  }
  const next = state.flapping.next();
  return next === undefined ? [] : [{ type: 'set-timer', name: 'rest', delayMs: Math.max(0, next - now) }];
}

/**
 * The store failed as a whole: the outcome of a write under way is unknown, so its people wait again, first in line.
 * What the documents hold is asked anew when the store is back.
 */
export function storeFailed(state: EngineState, error: BridgeError, now: number): EngineEffect[] {
  for (const record of state.inFlight?.values() ?? []) {
    state.pending.add(record.person.uri, record.waitingSince, 'urgent');
  }
  state.inFlight = undefined;
  const linkState = error.retry === 'later' || error.retry === 'after-login' ? 'transient-disconnect' : 'refused';
  const report: LinkReport = {
    state: linkState,
    since: state.store.state === linkState ? state.store.since : now,
    error,
  };
  const news: EngineEffect[] = state.store.state === linkState ? [] : [{ type: 'link', partner: 'notes', report }];
  state.store = report;
  return [...news, { type: 'open-store', attempt: state.storeAttempts++ }];
}

/** The bridge's sign of life, as it stands now. */
export function heartbeat(state: EngineState, now: number): HeartbeatRecord {
  const { config, counts, entries } = state;
  return {
    bridge: config.bridge,
    epoch: state.epoch,
    version: config.version,
    writtenAt: now,
    interval: config.heartbeatMs,
    connected: state.source.state === 'connected' && !state.stopping,
    ocs: state.source,
    notes: state.store,
    people: entries.size,
    reachable: counts.available + counts['available-idle'],
    unknown: counts.unknown,
  };
}
