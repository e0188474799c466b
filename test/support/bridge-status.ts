import type { BridgeStatus } from '../../src/bridge/status.js';
import { STATUSES, type Status } from '../../src/presence/availability.js';

/** A healthy bridge at the given time; `change` overrides single facts. */
export function bridgeStatus(now: number, change: Partial<BridgeStatus> = {}): BridgeStatus {
  return {
    bridge: 'bridge-1',
    version: '0.1.0',
    startedAt: now - 3_600_000,
    epoch: 3,
    role: { state: 'active', since: now - 3_600_000, holder: '' },
    ocs: { state: 'connected', since: now - 3_590_000 },
    notes: { state: 'connected', since: now - 3_595_000 },
    people: 2,
    counts: statusCounts({ available: 1, away: 1 }),
    watching: { dialogs: 1, subscribed: 2, categorySubscriptions: 2, polled: 0 },
    pendingWrites: 0,
    oldestPendingMs: 0,
    writtenTotal: 120,
    failedDocuments: 0,
    heartbeatAt: now - 10_000,
    doubtful: 0,
    reconciled: undefined,
    refused: [],
    ...change,
  };
}

export function statusCounts(counts: Partial<Record<Status, number>>): Record<Status, number> {
  return { ...(Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>), ...counts };
}
