import { STATUSES, type Status } from '../../../presence/availability.js';
import type { BridgeStatus, PersonStatus } from '../../status.js';
import type { Grant } from './grant.js';

/**
 * The bridge's state as if there were only the people whom a grant sees. With numbers over everybody, whoever may see
 * all but one could reckon what that one does. What cannot be told for some people alone is left out or nought.
 */
export function narrowStatus(status: BridgeStatus, people: () => readonly PersonStatus[], grant: Grant): BridgeStatus {
  if (grant.filter.everybody) return status;
  const seen = people().filter((person) => grant.sees(person));
  const keys = new Set(seen.map(({ key }) => key));
  const counts = Object.fromEntries(STATUSES.map((word) => [word, 0])) as Record<Status, number>;
  for (const person of seen) counts[person.status]++;
  const refused = status.refused.filter(({ key }) => keys.has(key));
  return {
    ...status,
    people: seen.length,
    counts,
    watching: undefined,
    pendingWrites: seen.filter(({ written }) => !written).length,
    oldestPendingMs: 0,
    writtenTotal: 0,
    failedDocuments: refused.length,
    doubtful: 0,
    reconciled: undefined,
    refused,
  };
}
