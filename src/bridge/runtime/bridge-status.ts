import { type Entry, isStale, shown, sourceOf } from '../engine/entry.js';
import type { EngineState } from '../engine/state.js';
import type { WatchCounts } from '../ports.js';
import type { BridgeStatus, PersonStatus } from '../status.js';

const MAX_REFUSED_SHOWN = 20;

/** What the engine does not know. Times in milliseconds since 1970. */
export interface RunFacts {
  readonly now: number;
  /** When the store is opened next; `undefined` while nothing waits for it. */
  readonly openAt: number | undefined;
  readonly watching: WatchCounts | undefined;
}

/** The state of the engine as the outside is told of it. */
export function bridgeStatus(state: EngineState, { now, openAt, watching }: RunFacts): BridgeStatus {
  const { role, pending } = state;
  const oldest = pending.oldest();
  return {
    bridge: state.config.bridge,
    version: state.config.version,
    startedAt: state.startedAt,
    epoch: state.epoch,
    role: { state: role.state, since: state.roleSince, holder: role.state === 'standby' ? role.holder : '' },
    ocs: state.source,
    notes: { ...state.store, ...(openAt === undefined ? {} : { retryAt: openAt }) },
    people: state.entries.size,
    counts: { ...state.counts },
    watching,
    pendingWrites: pending.size + (state.inFlight?.size ?? 0),
    oldestPendingMs: oldest === undefined ? 0 : Math.max(0, now - oldest),
    writtenTotal: state.counters.written,
    failedDocuments: state.counters.failedDocuments,
    heartbeatAt: state.heartbeatAt,
    doubtful: state.doubtful,
    reconciled: state.reconciled,
    refused: [...state.refusedDocuments].slice(0, MAX_REFUSED_SHOWN).map(([key, { code }]) => ({ key, code })),
  };
}

/** Everybody on the roster as the outside is told of them. */
export function personStatuses(state: EngineState): readonly PersonStatus[] {
  return [...state.entries.values()].map(personStatus);
}

export function personStatus(entry: Entry): PersonStatus {
  const { person, observedAt } = entry;
  const { status, activity, activityText, outOfOffice, note, since, displayName } = shown(entry);
  return {
    key: person.key,
    uri: person.uri,
    name: person.name,
    displayName: person.displayName || displayName,
    status,
    activity,
    activityText,
    outOfOffice,
    note,
    since,
    observedAt: entry.confirmed ? observedAt : undefined,
    source: sourceOf(entry),
    written: !isStale(entry),
  };
}
