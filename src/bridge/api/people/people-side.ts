import type { Clock } from '../../ports.js';
import type { BridgeStatus } from '../../status.js';
import type { WatchedPeople } from '../../watched-ports.js';
import { type Doubt, doubtOf } from './person-answer.js';

/** What routes about people ask. */
export interface PeopleSide {
  readonly watched: WatchedPeople;
  readonly status: () => Pick<BridgeStatus, 'role' | 'ocs'>;
  /** How long an answer may be shown, milliseconds. */
  readonly freshMs: number;
  readonly clock: Clock;
}

/** What all answers of one moment have in common; milliseconds since 1970. */
export interface Moment {
  readonly at: number;
  readonly freshUntil: number;
  readonly doubt: Doubt;
}

export function momentOf({ status, freshMs, clock }: Omit<PeopleSide, 'watched'>): Moment {
  const at = clock.now();
  return { at, freshUntil: at + freshMs, doubt: doubtOf(status()) };
}
