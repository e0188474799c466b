import { STATUSES, type Status } from '../../presence/availability.js';
import type { SipKey, SipUri } from '../../presence/ids.js';
import { type Snapshot, samePresence, unknownSnapshot } from '../../presence/snapshot.js';
import type { Role } from '../lease-ports.js';
import type { LinkReport, Person, PersonRecord } from '../ports.js';
import { Flapping, type FlappingLimits } from './flapping.js';
import { PendingQueue } from './pending.js';
import type { ReconcileFacts } from './reconcile-facts.js';

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
  readonly heartbeatMs: number;
  /** How long a refused document is left alone, milliseconds. */
  readonly refusedMs: number;
  readonly notes: boolean;
}

export const DEFAULT_ENGINE_CONFIG = {
  windowMs: 250,
  batchSize: 100,
  graceMs: 20_000,
  answerMs: 30_000,
  heartbeatMs: 30_000,
  refusedMs: 60_000,
  flapChanges: 20,
  restMs: 5_000,
} as const;

/** What the engine knows of one person. */
export interface Entry {
  readonly person: Person;
  /** What OCS said last. */
  snapshot: Snapshot;
  /** True while a living subscription stands behind `snapshot`. */
  confirmed: boolean;
  /** True when nobody waits any longer for a confirmation, or OCS refuses it: unknown in the document too. */
  overdue: boolean;
  observedAt: number | undefined;
  /** What stands in the person's document; `undefined` when there is none, or when nobody knows. */
  stored: Snapshot | undefined;
}

export interface Counters {
  observations: number;
  changes: number;
  /** Changes that a newer one overtook before they were written. */
  coalesced: number;
  written: number;
  unchanged: number;
  failedDocuments: number;
}

/**
 * Everything the engine knows. It is changed in place by `step` and belongs to one runner: with tens of thousands of
 * people a copy for each event would cost more than the event.
 */
export interface EngineState {
  readonly config: EngineConfig;
  readonly entries: Map<SipUri, Entry>;
  readonly counts: Record<Status, number>;
  readonly pending: PendingQueue;
  readonly flapping: Flapping;
  readonly counters: Counters;
  readonly startedAt: number;
  role: Role;
  roleSince: number;
  source: LinkReport;
  store: LinkReport;
  /** Attempts to open the store since something was last written: opening alone proves little. */
  storeAttempts: number;
  /** Records of the write under way. */
  inFlight: ReadonlyMap<SipKey, PersonRecord> | undefined;
  /** Keys of documents to delete: of people who left the roster. */
  readonly leaving: Set<SipKey>;
  /** True once the time to answer, or to come back, is over; until then the timer `grace` runs. */
  graceOver: boolean;
  /** Since when somebody may wait for a confirmation; `undefined` once the time for it is over. */
  unsettledSince: number | undefined;
  flushScheduled: boolean;
  stopping: boolean;
  epoch: number;
  seq: number;
  heartbeatAt: number | undefined;
  /** Documents that Domino refused, and whose they are. */
  readonly refusedDocuments: Map<SipKey, SipUri | undefined>;
  doubtful: number;
  reconciled: ReconcileFacts | undefined;
}

export function createState(config: EngineConfig, now: number): EngineState {
  const counts = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>;
  return {
    config,
    entries: new Map(),
    counts,
    pending: new PendingQueue(),
    flapping: new Flapping(config),
    counters: { observations: 0, changes: 0, coalesced: 0, written: 0, unchanged: 0, failedDocuments: 0 },
    startedAt: now,
    role: { state: 'active', epoch: 0 },
    roleSince: now,
    reconciled: undefined,
    doubtful: 0,
    source: { state: 'starting', since: now },
    store: { state: 'starting', since: now },
    storeAttempts: 0,
    inFlight: undefined,
    leaving: new Set(),
    graceOver: false,
    unsettledSince: undefined,
    flushScheduled: false,
    stopping: false,
    epoch: 0,
    seq: 0,
    heartbeatAt: undefined,
    refusedDocuments: new Map(),
  };
}

/** What people are told now: the snapshot while it is confirmed, else unknown. */
export function shown(entry: Entry): Snapshot {
  return entry.confirmed ? entry.snapshot : unknownSnapshot(entry.person.uri, entry.snapshot.displayName);
}

/** What the document should say now; `undefined` leaves it as it is, while a short interruption may still end. */
export function wanted(entry: Entry): Snapshot | undefined {
  return entry.confirmed || entry.overdue ? shown(entry) : undefined;
}

/** True when the document says something else than it should. */
export function isStale(entry: Entry): boolean {
  const target = wanted(entry);
  if (target === undefined) return false;
  const { stored, person } = entry;
  if (stored === undefined || !samePresence(stored, target)) return true;
  // Documents hold a display name only for people without a Notes name.
  return person.name === undefined && displayed(stored, person) !== displayed(target, person);
}

function displayed(snapshot: Snapshot, person: Person): string {
  return snapshot.displayName || person.displayName;
}
