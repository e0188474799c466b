import type { BridgeError } from '../../presence/errors.js';
import type { SipKey, SipUri } from '../../presence/ids.js';
import type { Observation } from '../../presence/snapshot.js';
import type { Role } from '../lease-ports.js';
import type { Assertion, ListEntry } from '../list-ports.js';
import type { LinkReport, PersonRecord, Roster, StoreContents, WriteOutcome } from '../ports.js';
import type { ReconcileCause, ReconcileFacts } from './reconcile-facts.js';

/** Timers of the engine; each name stands for at most one running timer. */
export const TIMERS = [
  'flush',
  'grace',
  'heartbeat',
  'refused-documents',
  'rest',
  'sweep',
  'fence',
  'watch',
  'assertions',
] as const;

export type TimerName = (typeof TIMERS)[number];

/** Everything that can happen to the engine. */
export type EngineEvent =
  | { readonly type: 'start' }
  | { readonly type: 'role'; readonly role: Role }
  /** `lists` are those that are shown as entries, with members of this roster. */
  | { readonly type: 'roster'; readonly roster: Roster; readonly lists?: readonly ListEntry[] }
  | { readonly type: 'source-link'; readonly report: LinkReport }
  /** The process had stood still for so long that nobody knows what it missed. */
  | { readonly type: 'gap' }
  | { readonly type: 'timer'; readonly name: TimerName }
  | { readonly type: 'stop' }
  | ActiveEvent;

/** What means something only while this bridge watches and writes. */
export type ActiveEvent =
  | { readonly type: 'reconcile'; readonly cause: ReconcileCause }
  /** An application says what somebody's status is; ignored where `assertionRefusal` refuses it. */
  | { readonly type: 'assert'; readonly uri: SipUri; readonly assertion: Assertion }
  | { readonly type: 'retract'; readonly uri: SipUri; readonly holder: string }
  /** An application may not speak any more: all that it said ends. */
  | { readonly type: 'silence'; readonly holder: string }
  | { readonly type: 'observed'; readonly observations: readonly Observation[]; readonly authoritative: boolean }
  | { readonly type: 'lost'; readonly uris: readonly SipUri[]; readonly passing: boolean }
  | { readonly type: 'store-opened'; readonly contents: StoreContents }
  | { readonly type: 'store-failed'; readonly error: BridgeError }
  /** A call was not sent, since another bridge might write by now; `begun` when a part of it may have been. */
  | { readonly type: 'fenced'; readonly begun: boolean }
  | { readonly type: 'written'; readonly outcome: WriteOutcome }
  | { readonly type: 'removed'; readonly outcome: WriteOutcome }
  | { readonly type: 'heartbeat-written' }
  /** A heartbeat was not sent, since another bridge might write by now. */
  | { readonly type: 'heartbeat-dropped' };

/**
 * How soon a store that failed is opened again: `backoff` when it may be back at any moment, `patient` when it answers but
 * has no room, `slow` when an administrator must act, `rare` when every attempt may lock an account.
 */
export type OpenPace = 'backoff' | 'patient' | 'slow' | 'rare';

/** Everything the engine can want done. The runner does it and reports back by an event. */
export type EngineEffect =
  | { readonly type: 'watch'; readonly uris: readonly SipUri[] }
  /**
   * Answered by `store-opened` or `store-failed`. `attempt` counts from 0 and sets the delay before it.
   */
  | { readonly type: 'open-store'; readonly attempt: number; readonly pace: OpenPace }
  /** Nothing that waits for the store may be sent any more, and no answer counts. */
  | { readonly type: 'drop-calls' }
  /** Answered by `written` or `store-failed`; these and the next ones also by `fenced`. */
  | { readonly type: 'write'; readonly records: readonly PersonRecord[] }
  /** Answered by `removed` or `store-failed`. */
  | { readonly type: 'remove'; readonly keys: readonly SipKey[] }
  /** Answered by `heartbeat-written`, `heartbeat-dropped` or `store-failed`. Its record is asked for when its turn comes. */
  | { readonly type: 'heartbeat' }
  | { readonly type: 'set-timer'; readonly name: TimerName; readonly delayMs: number }
  | { readonly type: 'cancel-timer'; readonly name: TimerName }
  /** The state of a partner changed, for the log. */
  | { readonly type: 'link'; readonly partner: 'ocs' | 'notes'; readonly report: LinkReport }
  /** Milliseconds from the first unwritten change to the confirmed write, one per person written. */
  | { readonly type: 'latency'; readonly milliseconds: readonly number[] }
  /** Whose presence, as it is shown, is another now. */
  | { readonly type: 'presence'; readonly uris: ReadonlySet<SipUri> }
  /** All documents were compared. */
  | { readonly type: 'reconciled'; readonly facts: ReconcileFacts }
  | { readonly type: 'role'; readonly role: Role }
  | { readonly type: 'document-refused'; readonly key: SipKey; readonly error: BridgeError };
