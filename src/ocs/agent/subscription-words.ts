import type { BridgeError } from '../../presence/errors.js';
import type { SipUri } from '../../presence/ids.js';

/** What a request in a subscription's dialog does. `open` starts a dialog, `close` ends it. */
export type SubscribeAction = 'open' | 'refresh' | 'add' | 'remove' | 'close';

export interface SubscribeRequest {
  readonly action: SubscribeAction;
  /** The people it names. */
  readonly people: readonly SipUri[];
  /** Ask for notifications without answer (MS-SIP BENOTIFY). */
  readonly benotify: boolean;
}

/** What a resource list said about one person of the subscription (RFC 4662, MS-PRES). */
export interface ResourceVerdict {
  readonly uri: SipUri;
  readonly state: 'resubscribe' | 'terminated';
  /** Pool that serves the person, for `resubscribe`. */
  readonly pool: string | undefined;
  readonly reason: string | undefined;
}

export type SubscriptionEvent =
  /** Whom it shall cover from now on; nobody: it ends. */
  | { readonly type: 'people'; readonly people: ReadonlySet<SipUri> }
  /** 2xx; `expires` in seconds. */
  | { readonly type: 'accepted'; readonly expires: number; readonly resources: readonly ResourceVerdict[] }
  | {
      readonly type: 'rejected';
      readonly status: number;
      readonly diagnostics: string | undefined;
      readonly retryAfter: number | undefined;
    }
  | { readonly type: 'unanswered' }
  /** A notification said something besides presence. */
  | { readonly type: 'resources'; readonly resources: readonly ResourceVerdict[] }
  | { readonly type: 'shortened'; readonly expires: number }
  | { readonly type: 'terminated'; readonly reason: string | undefined; readonly retryAfter: number | undefined }
  | { readonly type: 'timer' };

/** Effects that concern the whole roster. */
export type RosterEffect =
  | { readonly type: 'lost'; readonly people: readonly SipUri[]; readonly reason: string }
  /** The person must be subscribed to in another way, and is no longer part of this subscription. */
  | { readonly type: 'move'; readonly person: SipUri; readonly pool: string | undefined }
  /** These people go to subscriptions of their own, each group by itself, not before `delay` milliseconds. */
  | { readonly type: 'split'; readonly groups: readonly (readonly SipUri[])[]; readonly delay: number }
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
