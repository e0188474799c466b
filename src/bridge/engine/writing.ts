import type { SipKey } from '../../presence/ids.js';
import type { PersonRecord, WriteOutcome } from '../ports.js';
import { isStale, wanted } from './entry.js';
import { mark } from './mark.js';
import { setAside, storeRefusal } from './refusals.js';
import type { EngineState } from './state.js';
import { storeFailed } from './store-link.js';
import type { EngineEffect } from './vocabulary.js';

export function hasDocumentsToDo({ pending, leaving }: EngineState): boolean {
  return pending.size > 0 || leaving.size > 0;
}

function canWrite(state: EngineState): boolean {
  const { role, store, reading, inFlight, fence } = state;
  const isFree = reading === undefined && inFlight === undefined && fence === 'open';
  return role.state === 'active' && store.state === 'connected' && isFree;
}

/** Writes what waits when the window is over; a batch that is full by then does not wait for that. */
export function scheduleFlush(state: EngineState, hurry = state.stopping): EngineEffect[] {
  if (!hasDocumentsToDo(state) || !canWrite(state)) return [];
  const { batchSize, windowMs } = state.config;
  // A full batch would not become better by waiting, and on the way out nothing is worth it.
  const isFull = Math.max(state.pending.size, state.leaving.size) >= batchSize;
  const flush = hurry || isFull ? 'now' : 'window';
  if (state.flush === 'now' || state.flush === flush) return [];
  state.flush = flush;
  return [{ type: 'set-timer', name: 'flush', delayMs: flush === 'now' ? 0 : windowMs }];
}

/** The next call, or nothing when there is none to do or one is under way. Writes and removals take turns. */
export function nextWrite(state: EngineState, now: number): EngineEffect[] {
  if (!canWrite(state)) return [];
  if (state.leaving.size > 0 && state.lastCall === 'write') return remove(state);
  const effects = write(state, now);
  return effects.length === 0 && state.leaving.size > 0 ? remove(state) : effects;
}

function remove(state: EngineState): EngineEffect[] {
  state.lastCall = 'remove';
  state.inFlight = new Map();
  return [{ type: 'remove', keys: [...state.leaving].slice(0, state.config.batchSize) }];
}

function write(state: EngineState, now: number): EngineEffect[] {
  state.lastCall = 'write';
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
  if (records.size === 0) return [];
  state.inFlight = records;
  return [{ type: 'write', records: [...records.values()] }, ...timers];
}

export function takeWritten(state: EngineState, outcome: WriteOutcome, now: number): EngineEffect[] {
  const refusal = storeRefusal(outcome);
  if (refusal !== undefined) return storeFailed(state, refusal, now);
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
    entry.stored = record.snapshot;
    entry.unproven = false;
    // The person's names may have changed while the old ones were being written.
    entry.spoilt = entry.person !== record.person;
    // What should stand there may have changed back to what stood there before this write.
    mark(state, entry, now);
  }
  const refusals = setAside(state, outcome, sent);
  return milliseconds.length > 0 ? [...refusals, { type: 'latency', milliseconds }] : refusals;
}

export function takeRemoved(state: EngineState, outcome: WriteOutcome, now: number): EngineEffect[] {
  const refusal = storeRefusal(outcome);
  if (refusal !== undefined) return storeFailed(state, refusal, now);
  state.inFlight = undefined;
  if (outcome.written.length > 0) state.storeAttempts = 0;
  for (const key of [...outcome.written, ...outcome.failed.keys()]) state.leaving.delete(key);
  // Changes that came in meanwhile have waited long enough.
  return [...setAside(state, outcome, undefined), ...scheduleFlush(state, state.stopping || state.pending.size > 0)];
}
