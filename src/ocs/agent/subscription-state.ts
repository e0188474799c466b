import type { SipUri } from '../../presence/ids.js';
import type { SubscribeRequest } from './subscription-words.js';

/** Times are those of the monotonic clock, in milliseconds. */
export interface SubscriptionState {
  /** `batch` covers many people of our own or of another pool, `single` exactly one directly. */
  readonly kind: 'batch' | 'single';
  readonly people: ReadonlySet<SipUri>;
  /** Whom the server has been told in the present dialog; `undefined` without a dialog. */
  readonly told: ReadonlySet<SipUri> | undefined;
  readonly inFlight: SubscribeRequest | undefined;
  /** No request but `close` is sent before this moment. */
  readonly waitUntil: number;
  /**
   * Until when statuses count as confirmed: the end of what the server granted, or, while another dialog takes the place
   * of the one that is gone, a short time; `undefined` when nothing is confirmed.
   */
  readonly confirmedUntil: number | undefined;
  readonly refreshAt: number | undefined;
  readonly benotify: boolean;
  /** Requests in a row that failed. */
  readonly failures: number;
  readonly ended: boolean;
}

/** What a new subscription takes over. */
export interface SubscriptionStart {
  /** For people of whom nothing good is to be expected soon. */
  readonly waitUntil?: number | undefined;
  /** For people whose status was confirmed by another subscription until now. */
  readonly confirmedUntil?: number | undefined;
}

/** How long a status may outlive its dialog while another one is being opened. */
export const HANDOVER_MS = 30_000;
/** Refresh so long before the end, but not before half of the time has passed. */
const REFRESH_MARGIN_MS = 120_000;
/** However long the server grants: a timer must be able to hold it, and a day is often enough to be asked. Seconds. */
const MAX_LIFETIME = 86_400;

export function newSubscription(
  kind: 'batch' | 'single',
  people: Iterable<SipUri>,
  { waitUntil = 0, confirmedUntil }: SubscriptionStart = {},
): SubscriptionState {
  return {
    kind,
    people: new Set(people),
    told: undefined,
    inFlight: undefined,
    waitUntil,
    confirmedUntil,
    refreshAt: undefined,
    benotify: true,
    failures: 0,
    ended: false,
  };
}

/** Whom the server has been told when it has accepted the request. */
export function toldAfter(
  { action, people }: SubscribeRequest,
  told: ReadonlySet<SipUri> | undefined,
): ReadonlySet<SipUri> {
  if (action === 'remove') return without(told ?? new Set(), people);
  return new Set(action === 'add' ? [...(told ?? []), ...people] : people);
}

/** The times that follow from a lifetime granted now, in seconds. */
export function granted(expires: number, now: number): { readonly confirmedUntil: number; readonly refreshAt: number } {
  const lifetime = Math.min(expires, MAX_LIFETIME) * 1000;
  return {
    confirmedUntil: now + lifetime,
    refreshAt: now + Math.max(lifetime / 2, lifetime - REFRESH_MARGIN_MS),
  };
}

export function without(people: ReadonlySet<SipUri>, leaving: readonly SipUri[]): ReadonlySet<SipUri> {
  const kept = new Set(people);
  for (const uri of leaving) kept.delete(uri);
  return kept;
}

/** The dialog is gone, and with it all that it confirmed. */
export function withoutDialog(state: SubscriptionState): SubscriptionState {
  return { ...state, told: undefined, confirmedUntil: undefined, refreshAt: undefined };
}

/** The dialog is gone, and another one is opened at once. */
export function betweenDialogs(state: SubscriptionState, now: number): SubscriptionState {
  const { confirmedUntil } = state;
  const bound = confirmedUntil === undefined ? undefined : Math.min(confirmedUntil, now + HANDOVER_MS);
  return { ...withoutDialog(state), confirmedUntil: bound };
}
