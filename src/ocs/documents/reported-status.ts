import { type Activity, availabilityOf, type Status } from '../../presence/availability.js';
import type { ObservedState } from '../../presence/snapshot.js';

/** What a document of a foreign format says, in our own words. */
export interface ReportedStatus {
  readonly status: Status;
  readonly activity: Activity | '';
}

/** As the state that OCS would have sent for it: the number that is published for the status. */
export function reportedState({ status, activity }: ReportedStatus): ObservedState {
  return { availability: numberOf(status), activity };
}

/** Number of a status; 0, which every reader takes for unknown, for `unknown`. */
export function numberOf(status: Status): number {
  return availabilityOf(status) ?? 0;
}

/** A way to reach somebody, and how reachable it makes them. */
export interface Reachability {
  readonly open: boolean;
  /** 0 to 1. */
  readonly priority: number;
  readonly status: Status;
}

/**
 * Of several ways to reach a person the one that decides: among those that are open the ones of highest priority,
 * among these the most reachable; the first one when none is open.
 */
export function mostReachable<T extends Reachability>(ways: readonly T[]): T | undefined {
  let best: T | undefined;
  for (const way of ways) if (best === undefined || isBetter(way, best)) best = way;
  return best;
}

function isBetter(way: Reachability, best: Reachability): boolean {
  if (way.open !== best.open) return way.open;
  if (!way.open) return false;
  if (way.priority !== best.priority) return way.priority > best.priority;
  return reach(way.status) < reach(best.status);
}

/** Unknown last: it must not win over what is known. */
function reach(status: Status): number {
  return numberOf(status) || Number.POSITIVE_INFINITY;
}

/**
 * Priority of a contact (RFC 3863 §4.1.3): 0 to 1, the lowest when none is given or it is no number.
 * COMPAT(asterisk): old versions write the decimal point of their locale, `0,8`.
 */
export function contactPriority(text: string | undefined): number {
  const written = text?.trim() ?? '';
  return /^[01](?:[.,]\d{1,9})?$/.test(written) ? Math.min(1, Number(written.replace(',', '.'))) : 0;
}
