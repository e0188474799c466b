import type { BridgeError, ErrorCode } from '../../presence/errors.js';
import type { LinkReport } from '../ports.js';
import { takeBack } from './in-flight.js';
import type { EngineState } from './state.js';
import type { EngineEffect, OpenPace } from './vocabulary.js';

/** How long a call waits that was held back because another bridge might write. */
const FENCE_MS = 1_000;

/** The store answers and was read. */
export function storeOpened(state: EngineState, now: number): EngineEffect[] {
  const report: LinkReport = { state: 'connected', since: now };
  if (state.store.state === 'connected') return [];
  state.store = report;
  return [{ type: 'link', partner: 'notes', report }];
}

/**
 * The store failed as a whole: the outcome of a write under way is unknown. What the documents hold is asked anew when
 * the store is back.
 */
export function storeFailed(state: EngineState, error: BridgeError, now: number): EngineEffect[] {
  takeBack(state);
  state.beat = undefined;
  state.beatDue = false;
  const linkState = error.retry === 'later' || error.retry === 'after-login' ? 'transient-disconnect' : 'refused';
  const report: LinkReport = {
    state: linkState,
    since: state.store.state === linkState ? state.store.since : now,
    error,
  };
  const news: EngineEffect[] = state.store.state === linkState ? [] : [{ type: 'link', partner: 'notes', report }];
  state.store = report;
  // On the way out there is no time to read everything first.
  if (state.stopping) return news;
  const { cause = 'store-back' } = state.reading ?? {};
  state.reading = { cause: cause === 'start' || cause === 'takeover' ? cause : 'store-back', startedAt: now };
  return [
    ...news,
    { type: 'drop-calls' },
    { type: 'open-store', attempt: state.storeAttempts++, pace: paceFor(error) },
  ];
}

const NO_ROOM: ReadonlySet<ErrorCode> = new Set(['NOTES_BUSY', 'NOTES_FULL', 'NOTES_READ_ONLY']);

/** A refused login is repeated most rarely, or the directory locks the account; a missing right every few minutes. */
function paceFor({ code, retry }: BridgeError): OpenPace {
  if (code === 'NOTES_CREDENTIALS') return 'rare';
  if (NO_ROOM.has(code)) return 'patient';
  return retry === 'after-config' ? 'slow' : 'backoff';
}

/** Another bridge might write by now: nothing was sent, or not everything. The coordinator will say what is to come. */
export function fenced(state: EngineState, begun: boolean): EngineEffect[] {
  takeBack(state);
  state.counters.fenced++;
  // What a call that was cut short did write is unknown, and a reading that was cut short has to be repeated.
  state.fence = begun || state.reading !== undefined || state.fence === 'reopen' ? 'reopen' : 'closed';
  return [{ type: 'set-timer', name: 'fence', delayMs: FENCE_MS }];
}
