import type { SipKey } from '../../presence/ids.js';
import type { StoreContents, StoredPerson } from '../ports.js';
import { entriesByKey } from './entries-by-key.js';
import type { Entry } from './entry.js';
import { beat } from './heartbeat.js';
import { isAvailable, mark } from './mark.js';
import type { ReconcileCause, ReconcileFacts } from './reconcile-facts.js';
import { hasSameNames } from './roster.js';
import type { EngineState } from './state.js';
import { beginSweep } from './sweep.js';
import type { EngineEffect } from './vocabulary.js';

/**
 * Begins to read all documents: the one routine for start, takeover, the return of the store, every night and on demand.
 * Until they are compared nothing is written: a document written between two pages of the reading could be read as it
 * was before, and the comparison would then hold an old state for the present one. Newest states wait meanwhile.
 */
export function beginReading(state: EngineState, cause: ReconcileCause, now: number): EngineEffect[] {
  state.reading = { cause, startedAt: now };
  return [{ type: 'open-store', attempt: state.storeAttempts++, pace: 'backoff' }];
}

/** Documents are wanted to be compared though the store is in order. */
export function reconcile(state: EngineState, cause: ReconcileCause, now: number): EngineEffect[] {
  const { role, store, reading, stopping, fence } = state;
  if (role.state === 'standby' || stopping || fence === 'reopen') return [];
  // Otherwise they are being compared, or will be as soon as that is possible.
  if (reading !== undefined || store.state !== 'connected') return [];
  // The reading may take as long as readers of documents believe a heartbeat.
  const sign = beat(state, now);
  state.reading = { cause, startedAt: now };
  return [...sign, { type: 'open-store', attempt: 0, pace: 'backoff' }];
}

/** What the store holds: the base of all comparisons from now on. */
export function takeStored(state: EngineState, contents: StoreContents, now: number): EngineEffect[] {
  const { reading = { cause: 'store-back', startedAt: now } } = state;
  state.reading = undefined;
  state.inFlight = undefined;
  const overtaken = takeStamps(state, contents);
  for (const entry of state.entries.values()) {
    entry.stored = undefined;
    entry.spoilt = false;
    // Whoever is not confirmed is swept anew, and slowly, even when all documents come back from a backup.
    if (state.graceOver && !state.stopping && !entry.confirmed && !entry.tolerated) entry.overdue = false;
  }
  const { spoilt, onRoster } = takeDocuments(state, contents, reading.cause);
  for (const entry of state.entries.values()) mark(state, entry, now);
  const facts: ReconcileFacts = {
    ...reading,
    endedAt: now,
    documents: contents.people.length,
    missing: state.entries.size - onRoster,
    spoilt,
    leaving: state.leaving.size,
    duplicates: contents.duplicates,
    conflicts: contents.conflicts,
    leftAlone: contents.leftAlone,
    overtaken,
  };
  state.reconciled = facts;
  count(state, facts);
  return [{ type: 'reconciled', facts }, ...(state.graceOver && !state.stopping ? beginSweep(state, now) : [])];
}

function count({ counters }: EngineState, facts: ReconcileFacts): void {
  counters.reconciles++;
  counters.duplicates += facts.duplicates;
  counters.conflicts += facts.conflicts;
  counters.spoilt += facts.spoilt;
  counters.overtaken += facts.overtaken;
}

/**
 * Keeps the own stamp above all that stand in documents to be written. A later stamp with our own name can only be that
 * of a bridge that did not notice the loss of its turn, since the lease is ours.
 */
function takeStamps(state: EngineState, { people, highestEpoch }: StoreContents): number {
  if (!state.stamped) {
    const given = state.role.state === 'active' ? state.role.epoch : 0;
    state.epoch = Math.max(given, highestEpoch + 1);
    state.seq = 0;
    state.stamped = true;
    return 0;
  }
  let overtaken = 0;
  let highest = 0;
  for (const { bridge, epoch, seq, uri } of people) {
    const isOurs = bridge === state.config.bridge;
    if (isOurs && (epoch > state.epoch || (epoch === state.epoch && seq > state.seq))) overtaken++;
    if (isOurs || state.entries.has(uri)) highest = Math.max(highest, epoch);
  }
  if (overtaken > 0 || highest > state.epoch) {
    state.epoch = Math.max(highest, state.epoch) + 1;
    state.seq = 0;
  }
  return overtaken;
}

/** Before these nobody saw to the documents for a while. */
const AFTER_ABSENCE: ReadonlySet<ReconcileCause> = new Set(['start', 'takeover', 'store-back']);

function takeDocuments(
  state: EngineState,
  contents: StoreContents,
  cause: ReconcileCause,
): { spoilt: number; onRoster: number } {
  let spoilt = 0;
  let onRoster = 0;
  let byKey: ReadonlyMap<SipKey, Entry> | undefined;
  for (const found of contents.people) {
    let entry = state.entries.get(found.uri);
    if (entry?.person.key !== found.key) {
      // The key counts, whatever address somebody typed beside it.
      byKey ??= entriesByKey(state);
      entry = byKey.get(found.key);
    }
    const isOurs = found.bridge === state.config.bridge;
    if (entry === undefined) {
      // People whom another bridge watches are its own affair, unless they opted out.
      if (isOurs || state.optedOut.has(found.key)) state.leaving.add(found.key);
      continue;
    }
    onRoster++;
    const isRight = isOurs && isIntact(found, entry);
    if (!isRight) spoilt++;
    // With the sign of life of another bridge behind it, the document is written anew even with the same status.
    if (!isOurs) continue;
    entry.stored = found.snapshot;
    entry.spoilt = !isRight;
    if (AFTER_ABSENCE.has(cause)) entry.unproven = isAvailable(found.snapshot.status);
  }
  for (const key of contents.unreadable ?? []) {
    byKey ??= entriesByKey(state);
    // On the roster it counts as missing and is written over; the store knows it by its key.
    if (!byKey.has(key)) state.leaving.add(key);
  }
  return { spoilt, onRoster };
}

function isIntact(found: StoredPerson, { person }: Entry): boolean {
  return found.intact && found.uri === person.uri && hasSameNames(found, person);
}
