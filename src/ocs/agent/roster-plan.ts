import type { SipUri } from '../../presence/ids.js';

/** A subscription as the plan sees it. */
export interface Slot {
  readonly id: number;
  readonly people: ReadonlySet<SipUri>;
  /** More people may be put here, up to the size of a batch. */
  readonly open: boolean;
}

export interface RosterPlan {
  /** Subscriptions whose people change; an empty set ends one. */
  readonly changed: ReadonlyMap<number, ReadonlySet<SipUri>>;
  /** New batches. */
  readonly fresh: readonly (readonly SipUri[])[];
}

/**
 * Which subscriptions must change so that together they cover exactly the people wanted; as few requests as possible.
 */
export function planRoster(slots: readonly Slot[], wanted: ReadonlySet<SipUri>, batchSize: number): RosterPlan {
  const changed = new Map<number, ReadonlySet<SipUri>>();
  const missing = new Set(wanted);
  for (const { people } of slots) for (const uri of people) missing.delete(uri);
  const queue = [...missing];
  let next = 0;
  for (const { id, people, open } of slots) {
    const kept = staying(people, wanted);
    const room = open && kept > 0 ? Math.max(0, batchSize - kept) : 0;
    const joining = queue.slice(next, next + room);
    next += joining.length;
    if (kept === people.size && joining.length === 0) continue;
    changed.set(id, new Set([...[...people].filter((uri) => wanted.has(uri)), ...joining]));
  }
  const fresh: (readonly SipUri[])[] = [];
  for (; next < queue.length; next += batchSize) fresh.push(queue.slice(next, next + batchSize));
  return { changed, fresh };
}

/** How many of these are wanted. */
function staying(people: ReadonlySet<SipUri>, wanted: ReadonlySet<SipUri>): number {
  let count = 0;
  for (const uri of people) if (wanted.has(uri)) count++;
  return count;
}
