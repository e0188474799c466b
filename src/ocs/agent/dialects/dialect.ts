import type { SipUri } from '../../../presence/ids.js';
import type { WatchedCategory } from '../../documents/batch-subscribe.js';
import type { SubscribeRequest } from '../subscription-words.js';

/** `batch`: many people in one subscription, by our own address or a pool's; `single`: one person, by theirs. */
export type SubscriptionKind = 'batch' | 'single';

/** What a SUBSCRIBE says besides what all of them say. */
export interface SubscribeWords {
  /** Option tags of the first Supported header. */
  readonly supported: readonly string[];
  /** Further header lines. */
  readonly headers: readonly string[];
  readonly body?: { readonly contentType: string; readonly content: Buffer };
}

/** Who asks, and for what. */
export interface SubscribeScope {
  readonly account: SipUri;
  readonly categories: readonly WatchedCategory[];
}

/** How presence is subscribed to at one kind of server. */
export interface SubscriptionDialect {
  readonly name: 'categories' | 'lcs' | 'pidf';
  /** Whether people may share a subscription; without that each of them has one. */
  readonly kind: SubscriptionKind;
  /** Seconds to ask for; `undefined` leaves the choice to the server. */
  readonly askedExpires: number | undefined;
  /**
   * Categories that the subscription to one person takes from what that person may be watched by (MS-PRES, presence
   * policy); 0 where there is no such bound.
   */
  readonly categoriesPerPerson: (scope: SubscribeScope) => number;
  /** Words of a request; `close` is the same everywhere and does not come here. */
  readonly words: (kind: SubscriptionKind, request: SubscribeRequest, scope: SubscribeScope) => SubscribeWords;
}

/** Documents about one person that servers of older times and other makers send (MS-PRES, RFC 3863). */
export const FOREIGN_DOCUMENTS = 'text/xml+msrtc.pidf, application/pidf+xml, application/xpidf+xml';

/** Headers that ask for notifications without answer (MS-SIP BENOTIFY). */
export function benotifyHeaders(benotify: boolean): readonly string[] {
  return benotify ? ['Supported: ms-benotify', 'Proxy-Require: ms-benotify'] : [];
}
