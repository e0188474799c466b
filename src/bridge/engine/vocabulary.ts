import type { BridgeError } from '../../presence/errors.js';
import type { SipKey, SipUri } from '../../presence/ids.js';
import type { Observation } from '../../presence/snapshot.js';
import type { Role } from '../lease-ports.js';
import type { HeartbeatRecord, LinkReport, PersonRecord, Roster, StoreContents, WriteOutcome } from '../ports.js';
import type { ReconcileCause } from './reconcile-facts.js';

/** Timers of the engine; each name stands for at most one running timer. */
export type TimerName = 'flush' | 'grace' | 'heartbeat' | 'refused-documents' | 'rest';

/** Everything that can happen to the engine. */
export type EngineEvent =
  | { readonly type: 'start' }
  | { readonly type: 'roster'; readonly roster: Roster }
  | { readonly type: 'role'; readonly role: Role }
  | { readonly type: 'reconcile'; readonly cause: ReconcileCause }
  | { readonly type: 'source-link'; readonly report: LinkReport }
  | { readonly type: 'observed'; readonly observations: readonly Observation[]; readonly authoritative: boolean }
  | { readonly type: 'lost'; readonly uris: readonly SipUri[]; readonly passing: boolean }
  | { readonly type: 'store-opened'; readonly contents: StoreContents }
  | { readonly type: 'store-failed'; readonly error: BridgeError }
  | { readonly type: 'written'; readonly outcome: WriteOutcome }
  | { readonly type: 'removed'; readonly outcome: WriteOutcome }
  | { readonly type: 'heartbeat-written' }
  | { readonly type: 'timer'; readonly name: TimerName }
  | { readonly type: 'stop' };

/** Everything the engine can want done. The runner does it and reports back by an event. */
export type EngineEffect =
  | { readonly type: 'watch'; readonly uris: readonly SipUri[] }
  /** Answered by `store-opened` or `store-failed`. `attempt` counts from 0 and sets the delay before it. */
  | { readonly type: 'open-store'; readonly attempt: number }
  /** Answered by `written` or `store-failed`. */
  | { readonly type: 'write'; readonly records: readonly PersonRecord[] }
  /** Answered by `removed` or `store-failed`. */
  | { readonly type: 'remove'; readonly keys: readonly SipKey[] }
  /** Answered by `heartbeat-written` or `store-failed`. */
  | { readonly type: 'heartbeat'; readonly record: HeartbeatRecord }
  | { readonly type: 'set-timer'; readonly name: TimerName; readonly delayMs: number }
  | { readonly type: 'cancel-timer'; readonly name: TimerName }
  /** The state of a partner changed, for the log. */
  | { readonly type: 'link'; readonly partner: 'ocs' | 'notes'; readonly report: LinkReport }
  /** Milliseconds from the first unwritten change to the confirmed write, one per person written. */
  | { readonly type: 'latency'; readonly milliseconds: readonly number[] }
  | { readonly type: 'document-refused'; readonly key: SipKey; readonly error: BridgeError };
