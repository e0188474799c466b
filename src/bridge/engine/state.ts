import { STATUSES, type Status } from '../../presence/availability.js';
import type { ErrorCode } from '../../presence/errors.js';
import type { SipKey, SipUri } from '../../presence/ids.js';
import type { Role } from '../lease-ports.js';
import type { LinkReport, PersonRecord } from '../ports.js';
import type { Entry } from './entry.js';
import { Flapping, type FlappingLimits } from './flapping.js';
import type { Seat } from './list-seats.js';
import { PendingQueue } from './pending.js';
import type { ReconcileCause, ReconcileFacts } from './reconcile-facts.js';

export interface EngineConfig extends FlappingLimits {
  /** Name of this bridge, as written into documents. */
  readonly bridge: string;
  readonly version: string;
  /** How long changes are gathered before they are written, milliseconds. */
  readonly windowMs: number;
  /** Documents in one write. */
  readonly batchSize: number;
  /** How long after the loss of OCS documents keep their last status, milliseconds. */
  readonly graceMs: number;
  /** How long after sign-in a person may stay without an answer before the document says unknown, milliseconds. */
  readonly answerMs: number;
  /** Documents that turn to unknown in a second after that, at most. */
  readonly sweepPerSecond: number;
  readonly heartbeatMs: number;
  /** How long a refused document is left alone, milliseconds. */
  readonly refusedMs: number;
  readonly notes: boolean;
  /** Accounts of the bridge itself, for which nobody else speaks. */
  readonly accounts?: readonly SipUri[];
}

export const DEFAULT_ENGINE_CONFIG = {
  windowMs: 250,
  batchSize: 100,
  graceMs: 20_000,
  answerMs: 30_000,
  sweepPerSecond: 50,
  heartbeatMs: 30_000,
  refusedMs: 60_000,
  flapChanges: 20,
  restMs: 5_000,
} as const;

export interface Counters {
  observations: number;
  changes: number;
  /** Changes that a newer one overtook before they were written. */
  coalesced: number;
  written: number;
  unchanged: number;
  failedDocuments: number;
  /** Comparisons of all documents, and what they found (see `ReconcileFacts`). */
  reconciles: number;
  duplicates: number;
  conflicts: number;
  spoilt: number;
  overtaken: number;
  /** Writes that were not sent because another bridge might write by now. */
  fenced: number;
  /** Times at which the process had stood still. */
  gaps: number;
}

/** The reading of all documents that is under way. */
export interface Reading {
  readonly cause: ReconcileCause;
  readonly startedAt: number;
}

/** A document that Domino refused. */
export interface Refusal {
  /** Whose it is; `undefined` when it is to be deleted. */
  readonly uri: SipUri | undefined;
  readonly code: ErrorCode;
}

/**
 * Everything the engine knows. It is changed in place by `step` and belongs to one runner: with tens of thousands of
 * people a copy for each event would cost more than the event.
 */
export interface EngineState {
  readonly config: EngineConfig;
  readonly entries: Map<SipUri, Entry>;
  /** Places of people in lists that are shown as entries. */
  seats: ReadonlyMap<SipUri, readonly Seat[]>;
  /** Entries of lists one of whose members this step changed. */
  readonly changedLists: Set<SipUri>;
  readonly counts: Record<Status, number>;
  readonly pending: PendingQueue;
  readonly flapping: Flapping;
  readonly counters: Counters;
  /** Whose presence, as it is shown, this step changed. */
  touched: Set<SipUri>;
  readonly startedAt: number;
  started: boolean;
  /** False until the first roster: until then nobody can be said to have left it. */
  rosterKnown: boolean;
  role: Role;
  roleSince: number;
  source: LinkReport;
  store: LinkReport;
  /** Attempts to open the store since something was last written: opening alone proves little. */
  storeAttempts: number;
  reading: Reading | undefined;
  reconciled: ReconcileFacts | undefined;
  /** Records of the write under way. */
  inFlight: ReadonlyMap<SipKey, PersonRecord> | undefined;
  /** What the last call was, so that removals and writes take turns. */
  lastCall: 'write' | 'remove';
  /** Set while another bridge might write; `reopen` when it is not known what was written before. */
  fence: 'open' | 'closed' | 'reopen';
  /** Keys of documents to delete: of people who left the roster or opted out. */
  readonly leaving: Set<SipKey>;
  optedOut: ReadonlySet<SipKey>;
  /** Names of applications, lower case, that people allowed to speak for them. */
  consents: ReadonlyMap<SipKey, ReadonlySet<string>>;
  /** Of whom applications say something. */
  readonly spokenFor: Set<SipUri>;
  /** When the timer `assertions` ends, milliseconds since 1970; `undefined` while it does not run. */
  assertionsDue: number | undefined;
  /** True once the time to answer, or to come back, is over; until then the timer `grace` runs. */
  graceOver: boolean;
  /** Since when somebody may wait for a confirmation; `undefined` once the time for it is over. */
  unsettledSince: number | undefined;
  /** People whose documents turn to unknown next. */
  sweep: readonly SipUri[];
  /** How many of `sweep` had their turn. */
  sweptUpTo: number;
  /** Documents that say more than is confirmed. */
  doubtful: number;
  /** Why the timer `flush` runs: it ends the window, or the batch is full. */
  flush: 'window' | 'now' | undefined;
  stopping: boolean;
  /** True once the documents were read in this turn at writing, so that `epoch` is above theirs. */
  stamped: boolean;
  epoch: number;
  seq: number;
  heartbeatAt: number | undefined;
  /** The newest heartbeat that was sent, and whether its answer is still to come. */
  beat: { readonly connected: boolean; readonly pending: boolean; readonly at: number } | undefined;
  /** A heartbeat waits for the answer to the write under way. */
  beatDue: boolean;
  readonly refusedDocuments: Map<SipKey, Refusal>;
}

export function createState(config: EngineConfig, now: number): EngineState {
  const counts = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>;
  const none = { duplicates: 0, conflicts: 0, spoilt: 0, overtaken: 0, fenced: 0, gaps: 0, reconciles: 0 };
  return {
    config,
    entries: new Map(),
    seats: new Map(),
    changedLists: new Set(),
    counts,
    pending: new PendingQueue(),
    flapping: new Flapping(config),
    counters: { observations: 0, changes: 0, coalesced: 0, written: 0, unchanged: 0, failedDocuments: 0, ...none },
    touched: new Set(),
    startedAt: now,
    started: false,
    rosterKnown: false,
    role: { state: 'active', epoch: 0 },
    roleSince: now,
    source: { state: 'starting', since: now },
    store: { state: 'starting', since: now },
    storeAttempts: 0,
    reading: undefined,
    reconciled: undefined,
    inFlight: undefined,
    lastCall: 'write',
    fence: 'open',
    leaving: new Set(),
    optedOut: new Set(),
    consents: new Map(),
    spokenFor: new Set(),
    assertionsDue: undefined,
    graceOver: false,
    unsettledSince: undefined,
    sweep: [],
    sweptUpTo: 0,
    doubtful: 0,
    flush: undefined,
    stopping: false,
    stamped: false,
    epoch: 0,
    seq: 0,
    heartbeatAt: undefined,
    beat: undefined,
    beatDue: false,
    refusedDocuments: new Map(),
  };
}
