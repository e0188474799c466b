import type { BridgeError } from '../../presence/errors.js';
import type { SipUri } from '../../presence/ids.js';

/**
 * What a request in a subscription's dialog does. `open` starts a dialog, `close` ends it; `fetch` asks once for the
 * present state and leaves no dialog behind (RFC 6665 §4.4.3).
 */
export type SubscribeAction = 'open' | 'refresh' | 'add' | 'remove' | 'close' | 'fetch';

export interface SubscribeRequest {
  readonly action: SubscribeAction;
  /** The people it names. */
  readonly people: readonly SipUri[];
  /** Ask for notifications without answer (MS-SIP BENOTIFY). */
  readonly benotify: boolean;
  /** Seconds that the server wants to be asked for at least (423). */
  readonly minExpires?: number;
}

/** What a resource list said about one person of the subscription (RFC 4662, MS-PRES). */
export interface ResourceVerdict {
  readonly uri: SipUri;
  /** `pending`: the person, or their server, has not decided yet. */
  readonly state: 'resubscribe' | 'terminated' | 'pending';
  /** Pool that serves the person, for `resubscribe`. */
  readonly pool: string | undefined;
  readonly reason: string | undefined;
  /** Value of `ms-diagnostics` for this person. */
  readonly diagnostics?: string | undefined;
}

export type SubscriptionEvent =
  /** Whom it shall cover from now on; nobody: it ends. */
  | { readonly type: 'people'; readonly people: ReadonlySet<SipUri> }
  /** 2xx; `expires` in seconds; `autoextend`: each notification starts the period anew (MS-SIP). */
  | {
      readonly type: 'accepted';
      readonly expires: number;
      readonly resources: readonly ResourceVerdict[];
      readonly autoextend?: boolean;
    }
  | ({ readonly type: 'rejected' } & SubscribeRejection)
  | { readonly type: 'unanswered' }
  /** A notification said something besides presence. */
  | { readonly type: 'resources'; readonly resources: readonly ResourceVerdict[] }
  /** A notification of a living subscription; seconds left, when it tells. */
  | { readonly type: 'alive'; readonly expires: number | undefined }
  /** Notifications have been missed: ask for everything again. */
  | { readonly type: 'gap' }
  | { readonly type: 'terminated'; readonly reason: string | undefined; readonly retryAfter: number | undefined }
  /** The service behind the server is down, or back again, as another subscription has learnt. */
  | { readonly type: 'suspend'; readonly until: number }
  | { readonly type: 'resume' }
  | { readonly type: 'timer' };

/** A final response other than success. Times in seconds. */
export interface SubscribeRejection {
  readonly status: number;
  readonly diagnostics: string | undefined;
  readonly retryAfter: number | undefined;
  /** Of a 423. */
  readonly minExpires?: number | undefined;
}

/** Effects that concern the whole roster. */
export type RosterEffect =
  | { readonly type: 'lost'; readonly people: readonly SipUri[]; readonly reason: string }
  /** These people must be subscribed to in another way, and are no longer part of this subscription. */
  | { readonly type: 'move'; readonly people: readonly SipUri[]; readonly pool: string | undefined }
  /** These people have as many watchers as they may: they are asked about from time to time instead. */
  | { readonly type: 'poll'; readonly people: readonly SipUri[] }
  /**
   * The service behind the server is down; it is not asked before `until`, unless it shows that it is back; `all`: it
   * will have no answer for other subscriptions either.
   */
  | { readonly type: 'outage'; readonly until: number; readonly all: boolean }
  /**
   * These people go to subscriptions of their own, each group by itself, not before `delay` milliseconds; `limit`:
   * because somebody has too many watchers.
   */
  | {
      readonly type: 'split';
      readonly groups: readonly (readonly SipUri[])[];
      readonly delay: number;
      readonly limit: boolean;
    }
  | { readonly type: 'sign-in' }
  /** The connection is of no use any more. */
  | { readonly type: 'fail'; readonly error: BridgeError }
  /** It is over; forget it. */
  | { readonly type: 'ended' };

export type SubscriptionEffect =
  | { readonly type: 'send'; readonly request: SubscribeRequest }
  /** Replaces the timer of this subscription. Milliseconds. */
  | { readonly type: 'arm'; readonly delay: number }
  | { readonly type: 'disarm' }
  | RosterEffect;
