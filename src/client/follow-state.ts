import type { ClockOffset } from './clock-offset.js';
import type { Asked, BridgeStatusMessage, PersonPresence } from './messages.js';
import type { PresenceError } from './presence-error.js';
import type { Subscription } from './subscription.js';

/**
 * - `connecting`: nothing is known of this connection's people yet.
 * - `live`: all changes come.
 * - `lost`: no connection; the next attempt is due at `retryAt`.
 * - `refused`: the bridge does not allow it; nothing is tried until the subscription changes.
 * - `stopped`: by the application.
 */
export type FollowPhase = 'connecting' | 'live' | 'lost' | 'refused' | 'stopped';

/** A snapshot whose last part has not come. */
export interface Collecting {
  readonly asked: readonly Asked[];
  readonly people: Map<string, PersonPresence>;
  readonly since: number;
  parts: number;
}

/** All that following people knows. Belongs to `stepFollow`, which changes it in place. Times are the steady clock's. */
export interface FollowState {
  phase: FollowPhase;
  subscription: Subscription;
  /** Number of the newest connection; what others say does not count any more. */
  turn: number;
  /** Attempts that failed one after the other. */
  attempt: number;
  retryAt: number;
  /** The bridge said when to come back: being online again is no reason to come earlier. */
  mustWait: boolean;
  /** When silence means that the connection is dead. */
  silentAt: number;
  liveSince: number;
  cursor: string | undefined;
  people: Map<string, PersonPresence>;
  asked: ReadonlyMap<string, Asked>;
  collecting: Collecting | undefined;
  /** Whether `people` is what the bridge knows, of this connection and subscription. */
  synced: boolean;
  offset: ClockOffset | undefined;
  /** Until when `people` may be shown. */
  freshUntil: number;
  /** What a status of the bridge before the people came said of that. */
  promised: number;
  /** What the application was told last. */
  fresh: boolean;
  bridge: BridgeStatusMessage | undefined;
  error: PresenceError | undefined;
}

export function startState(subscription: Subscription): FollowState {
  return {
    phase: 'connecting',
    subscription,
    turn: 0,
    attempt: 0,
    retryAt: 0,
    mustWait: false,
    silentAt: Number.POSITIVE_INFINITY,
    liveSince: Number.POSITIVE_INFINITY,
    cursor: undefined,
    people: new Map(),
    asked: new Map(),
    collecting: undefined,
    synced: false,
    offset: undefined,
    freshUntil: Number.NEGATIVE_INFINITY,
    promised: Number.NEGATIVE_INFINITY,
    fresh: false,
    bridge: undefined,
    error: undefined,
  };
}
