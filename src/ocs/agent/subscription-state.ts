import type { SipUri } from '../../presence/ids.js';
import type { SubscriptionKind } from './dialects/dialect.js';
import type { SubscribeRequest } from './subscription-words.js';

/** Times are those of the monotonic clock, in milliseconds. */
export interface SubscriptionState {
  readonly kind: SubscriptionKind;
  readonly people: ReadonlySet<SipUri>;
  /**
   * Whom the server has been told in the present dialog; `undefined` without a dialog. The very set `people` when it is
   * just these: that takes half of the space and no comparing.
   */
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
  /** Seconds that every notification starts anew (MS-SIP autoextend); `undefined` where none does. */
  readonly extendsBy: number | undefined;
  /** Seconds that the server wants to be asked for at least. */
  readonly minExpires: number | undefined;
  readonly benotify: boolean;
  /** The service behind the server is down: everybody is lost, the dialog is kept, nothing is asked for. */
  readonly suspended: boolean;
  /** Requests in a row that failed. */
  readonly failures: number;
  /** Dialogs in a row that the server ended soon, and when the present one was opened. */
  readonly ends: number;
  readonly openedAt: number;
  /** Before this moment a missed notification causes no refresh. */
  readonly gapHeededFrom: number;
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
/** However long the server grants: a timer must be able to hold it, and a day is often enough to be asked. Seconds. */
const MAX_LIFETIME = 86_400;
/** However short: a server cannot make us ask more often than twice in this time. Seconds. */
const MIN_LIFETIME = 30;
/**
 * Refresh in this part of the lifetime: late enough to be rare, early enough that one lost answer costs nothing, and
 * not all subscriptions at the same moment.
 */
const REFRESH_FROM = 0.5;
const REFRESH_TO = 0.75;

export function newSubscription(
  kind: SubscriptionKind,
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
    extendsBy: undefined,
    minExpires: undefined,
    benotify: true,
    suspended: false,
    failures: 0,
    ends: 0,
    openedAt: 0,
    gapHeededFrom: 0,
    ended: false,
  };
}

/** Whom the server has been told when it has accepted the request. */
export function toldAfter(
  { action, people }: SubscribeRequest,
  { told, people: wanted }: SubscriptionState,
): ReadonlySet<SipUri> {
  const after =
    action === 'remove'
      ? without(told ?? new Set(), people)
      : new Set(action === 'add' ? [...(told ?? []), ...people] : people);
  return sharedWith(wanted, after);
}

/** The first of two sets when they are equal. */
export function sharedWith(set: ReadonlySet<SipUri>, other: ReadonlySet<SipUri>): ReadonlySet<SipUri> {
  if (set.size !== other.size) return other;
  for (const uri of other) if (!set.has(uri)) return other;
  return set;
}

/** The times that follow from a lifetime granted now, in seconds; `unit` is random in [0, 1). */
export function granted(
  expires: number,
  now: number,
  unit: number,
): { readonly confirmedUntil: number; readonly refreshAt: number } {
  const lifetime = Math.min(Math.max(expires, MIN_LIFETIME), MAX_LIFETIME) * 1000;
  const part = REFRESH_FROM + unit * (REFRESH_TO - REFRESH_FROM);
  return { confirmedUntil: now + lifetime, refreshAt: Math.round(now + lifetime * part) };
}

export function without(people: ReadonlySet<SipUri>, leaving: readonly SipUri[]): ReadonlySet<SipUri> {
  const kept = new Set(people);
  for (const uri of leaving) kept.delete(uri);
  return kept;
}

/** The subscription without some of its people, whom the server does not serve in its dialog any more. */
export function withoutPeople(state: SubscriptionState, leaving: readonly SipUri[]): SubscriptionState {
  if (leaving.length === 0) return state;
  const people = without(state.people, leaving);
  return { ...state, people, told: state.told && sharedWith(people, without(state.told, leaving)) };
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
