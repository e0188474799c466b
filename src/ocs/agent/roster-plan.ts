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
  for (const { id, people, open } of slots) {
    const kept = [...people].filter((uri) => wanted.has(uri));
    const joining = open && kept.length > 0 ? queue.splice(0, Math.max(0, batchSize - kept.length)) : [];
    if (kept.length < people.size || joining.length > 0) changed.set(id, new Set([...kept, ...joining]));
  }
  const fresh: (readonly SipUri[])[] = [];
  while (queue.length > 0) fresh.push(queue.splice(0, batchSize));
  return { changed, fresh };
}
