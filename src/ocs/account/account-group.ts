import type { LinkReport, LinkState } from '../../bridge/ports.js';
import type { SipUri } from '../../presence/ids.js';

/** One of several accounts that share a roster. */
export interface Member {
  /** False when its people should be watched by others. */
  readonly usable: boolean;
  /** Whom it watches. */
  readonly people: ReadonlySet<SipUri>;
}

export interface Assignment {
  /** Whom each member shall watch, in the order of the members. */
  readonly shares: readonly ReadonlySet<SipUri>[];
  /** People for whom no usable member has room; they stay with one that is not usable, if they were there. */
  readonly homeless: readonly SipUri[];
}

/**
 * Shares a roster among accounts. Whoever is watched by a usable member stays there, so that a change of the roster or
 * the return of an account costs nobody a gap; the others go where fewest people are. No member gets more than
 * `capacity` people. Pure.
 */
export function assignPeople(members: readonly Member[], wanted: ReadonlySet<SipUri>, capacity: number): Assignment {
  const shares = members.map(() => new Set<SipUri>());
  const placed = new Set<SipUri>();
  for (const [index, { usable, people }] of members.entries()) {
    const share = shares[index];
    if (!usable || share === undefined) continue;
    for (const person of people) {
      if (!wanted.has(person) || placed.has(person) || share.size >= capacity) continue;
      share.add(person);
      placed.add(person);
    }
  }
  const rooms = shares.filter((_, index) => members[index]?.usable === true);
  const homeless: SipUri[] = [];
  for (const person of wanted) {
    if (placed.has(person)) continue;
    const emptiest = rooms.reduce<Set<SipUri> | undefined>(
      (best, room) => (room.size < (best?.size ?? capacity) ? room : best),
      undefined,
    );
    if (emptiest === undefined) homeless.push(person);
    else emptiest.add(person);
  }
  keepWaiting(members, shares, homeless, capacity);
  return { shares, homeless };
}

/** People whom nobody else can take wait for an account to come back: their own one, or any that has room then. */
function keepWaiting(
  members: readonly Member[],
  shares: readonly Set<SipUri>[],
  homeless: readonly SipUri[],
  capacity: number,
): void {
  const waiting = members.map((member, index) => ({ ...member, share: shares[index] })).filter(({ usable }) => !usable);
  for (const person of homeless) {
    const home =
      waiting.find(({ people, share }) => people.has(person) && share !== undefined && share.size < capacity) ??
      waiting.find(({ share }) => share !== undefined && share.size < capacity);
    home?.share?.add(person);
  }
}

/** What several links are together: connected while one is; otherwise how it stands with the most hopeful one. */
export function combinedLink(reports: readonly LinkReport[]): LinkReport | undefined {
  return reports.reduce<LinkReport | undefined>((best, report) => {
    if (best === undefined) return report;
    const difference = HOPE[report.state] - HOPE[best.state];
    if (difference !== 0) return difference > 0 ? report : best;
    return (report.retryAt ?? Number.POSITIVE_INFINITY) < (best.retryAt ?? Number.POSITIVE_INFINITY) ? report : best;
  }, undefined);
}

const HOPE: Readonly<Record<LinkState, number>> = {
  connected: 7,
  'transient-disconnect': 6,
  connecting: 5,
  starting: 4,
  'untrusted-peer': 3,
  'bad-credentials': 2,
  refused: 1,
  stopped: 0,
};
