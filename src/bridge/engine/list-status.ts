import { rankOf, type Status } from '../../presence/availability.js';
import type { SipUri } from '../../presence/ids.js';
import { type Snapshot, unknownSnapshot } from '../../presence/snapshot.js';
import type { ListRule, WhyRule } from '../list-ports.js';

/*
 * The status of a list that is shown as one entry, made of the statuses of its members. The rules, in full:
 *
 * 1. Only members whose status is confirmed count, with what is shown of them. While there is none, the list is not
 *    confirmed, and so it is unknown.
 * 2. `best`: the most reachable status of a member, in the order of `STATUSES`. Of several members who have it the earliest
 *    in the list decides.
 * 3. `first-reachable`: the earliest member in the list who is `available` or `available-idle` decides; if nobody is, the
 *    list is as with `best`.
 * 4. Status and activity are those of the member who decides. Out of office, notes and own words are personal, and are
 *    never taken over.
 * 5. The list is as old as the status of the member who decided first: `since` stays while the status stays, whoever has
 *    it, so that a list of many is not written anew whenever another of them has the same status.
 *
 * It follows that a list is green only while a confirmed member is.
 */

/** Rank of a member who does not count; all others have the rank of their status. */
export const NOT_CONFIRMED = 0xff;

const RANKS: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const AVAILABLE = rankOf('available');
const AVAILABLE_IDLE = rankOf('available-idle');

/** What a member is to a list: a number that fits an octet, so that ten thousand are searched in a microsecond. */
export function memberRank(status: Status | undefined): number {
  return status === undefined ? NOT_CONFIRMED : rankOf(status);
}

export interface ListDecision {
  /** Place of the member in the list, from 0. */
  readonly place: number;
  readonly rule: Extract<WhyRule, 'list-best' | 'list-first-reachable'>;
}

/** Which member decides (rules 1 to 3); `undefined` when none is confirmed. `ranks` in the order of the list. */
export function decide(rule: ListRule, ranks: Uint8Array): ListDecision | undefined {
  if (rule === 'first-reachable') {
    const place = firstOf(ranks.indexOf(AVAILABLE), ranks.indexOf(AVAILABLE_IDLE));
    if (place >= 0) return { place, rule: 'list-first-reachable' };
  }
  for (const rank of RANKS) {
    const place = ranks.indexOf(rank);
    if (place >= 0) return { place, rule: 'list-best' };
  }
  return undefined;
}

/** What is shown of the list (rules 4 and 5). `before` is what was shown, if it was confirmed. */
export function listSnapshot(uri: SipUri, member: Snapshot, before: Snapshot | undefined): Snapshot {
  const { status, activity, since } = member;
  // An activity that says out of office is the flag by another name.
  const shown = activity === 'out-of-office' ? '' : activity;
  const began = before?.status === status ? (before.since ?? since) : since;
  return { ...unknownSnapshot(uri), status, activity: shown, since: began };
}

function firstOf(one: number, other: number): number {
  if (one < 0) return other;
  return other < 0 ? one : Math.min(one, other);
}
