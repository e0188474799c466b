import type { SipUri } from '../../presence/ids.js';
import { type WatchedCategory, writeBatchSubscribe } from '../documents/batch-subscribe.js';
import type { RequestDraft } from './core.js';
import { type Dialog, routeOf } from './dialog.js';
import type { SubscribeRequest } from './subscription-words.js';

/** What all subscriptions of one client have in common. */
export interface SubscribeTerms {
  readonly account: SipUri;
  /** Contact value with brackets. */
  readonly contact: string;
  readonly categories: readonly WatchedCategory[];
}

const ACCEPT = 'application/msrtc-event-categories+xml, application/rlmi+xml, multipart/related';
const BODY_TYPE = 'application/msrtc-adrl-categorylist+xml';
/** Any number will do; this one is what clients in the field send. */
const ACTION_ID = '63792024';

/** SUBSCRIBE for presence (MS-PRES batched subscription, MS-SIP BENOTIFY and piggybacked first notification). */
export function subscribeRequest(
  kind: 'batch' | 'single',
  { action, people, benotify }: SubscribeRequest,
  dialog: Dialog,
  terms: SubscribeTerms,
): RequestDraft {
  const common = {
    method: 'SUBSCRIBE',
    ...routeOf(dialog),
    to: dialog.remoteUri,
    toTag: dialog.remoteTag,
    fromTag: dialog.localTag,
    callId: dialog.callId,
    cseq: dialog.sequence,
  };
  const headers = [`Contact: ${terms.contact}`, 'Event: presence'];
  if (action === 'close') return { ...common, supported: [], headers: [...headers, 'Expires: 0'] };

  headers.push(`Accept: ${ACCEPT}`);
  if (benotify) headers.push('Supported: ms-benotify', 'Proxy-Require: ms-benotify');
  // With these a subscription to one person would only be sent on again (MS-PRES, resubscribe).
  if (kind === 'batch') headers.push('Require: adhoclist, categoryList', 'Supported: eventlist');
  const content = writeBatchSubscribe({
    self: terms.account,
    action: action === 'remove' ? 'unsubscribe' : 'subscribe',
    uris: people,
    categories: terms.categories,
    id: ACTION_ID,
  });
  return {
    ...common,
    supported: ['ms-piggyback-first-notify'],
    headers,
    body: { contentType: BODY_TYPE, content },
  };
}
