import type { Lease, Role, StoredLease } from '../lease-ports.js';
import type { LeaseTimes } from './lease-times.js';

/** Who competes, and for what. */
export interface LeaseTerms {
  /** Identity of this process, stable over its restarts. */
  readonly instance: string;
  /** Where it runs, for people. */
  readonly instanceName: string;
  /** See `LeaseStore.isConditional`. */
  readonly isConditional: boolean;
  readonly times: LeaseTimes;
}

/** How a call ended. */
export type LeaseAnswer =
  | { readonly type: 'read'; readonly call: number; readonly found: StoredLease | undefined }
  | { readonly type: 'wrote'; readonly call: number; readonly result: 'written' | 'changed' }
  /** What a write did that failed is unknown. `passes` tells whether waiting may mend it. */
  | { readonly type: 'failed'; readonly call: number; readonly passes: boolean };

export type LeaseEvent =
  | LeaseAnswer
  | { readonly type: 'start' }
  | { readonly type: 'timer' }
  | { readonly type: 'stop' };

/** Why a role changed: for the log. */
export type RoleReason = 'taken' | 'held-by-other' | 'unreachable' | 'claiming' | 'fenced' | 'changed';

export type LeaseEffect =
  | { readonly type: 'read'; readonly call: number }
  | {
      readonly type: 'write';
      readonly call: number;
      readonly lease: Lease;
      readonly expected: StoredLease | undefined;
    }
  /** Takes the place of the timer before. */
  | { readonly type: 'timer'; readonly delayMs: number }
  | { readonly type: 'role'; readonly role: Role; readonly reason: RoleReason }
  /** Nothing is left to do; no event is expected any more. */
  | { readonly type: 'stopped' };

export interface LeaseCall {
  readonly id: number;
  readonly kind: 'read' | 'claim' | 'renew' | 'release';
  /** Monotonic. */
  readonly sentAt: number;
}

/** One contender. Times are its own monotonic clock's. `step` changes it in place; nobody else does. */
export interface LeaseState {
  readonly terms: LeaseTerms;
  /** `settling`: the lease was claimed and is renewed, but does not give the right to write yet. */
  phase: 'watching' | 'settling' | 'active' | 'stopped';
  stopping: boolean;
  /** Of the present turn or the last claim; 0 before the first. */
  epoch: number;
  /** Highest epoch that was ever seen or claimed. */
  highestEpoch: number;
  /** From here on the last renewal gives no right any more. */
  fenceAt: number;
  /** When a claim has stood long enough. */
  settledAt: number;
  /** The present claim may have overwritten another one that nobody saw. */
  isDoubtful: boolean;
  hasRead: boolean;
  /** When the last answered read was sent. */
  readAt: number;
  found: StoredLease | undefined;
  /** The last lease that was there, in one text, and since when it stands still. */
  mark: string;
  seen: Lease | undefined;
  seenAt: number;
  call: LeaseCall | undefined;
  calls: number;
  /** When the next call is due. */
  nextAt: number;
  told: Role | undefined;
}

export function createLeaseState(terms: LeaseTerms): LeaseState {
  return {
    terms,
    phase: 'watching',
    stopping: false,
    epoch: 0,
    highestEpoch: 0,
    fenceAt: Number.NEGATIVE_INFINITY,
    settledAt: 0,
    isDoubtful: false,
    hasRead: false,
    readAt: Number.NEGATIVE_INFINITY,
    found: undefined,
    mark: '',
    seen: undefined,
    seenAt: Number.NEGATIVE_INFINITY,
    call: undefined,
    calls: 0,
    nextAt: Number.POSITIVE_INFINITY,
    told: undefined,
  };
}

/** Whether this contender may write at this moment of its monotonic clock. */
export function mayWrite(state: LeaseState, now: number): boolean {
  return state.phase === 'active' && !state.stopping && now < state.fenceAt;
}
