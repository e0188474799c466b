import type { RequestDraft } from './core.js';
import type { SubscribeScope, SubscriptionDialect, SubscriptionKind } from './dialects/dialect.js';
import { type Dialog, routeOf } from './dialog.js';
import type { SubscribeRequest } from './subscription-words.js';

/** What all subscriptions of one client have in common. */
export interface SubscribeTerms extends SubscribeScope {
  /** Contact value with brackets. */
  readonly contact: string;
  readonly dialect: SubscriptionDialect;
}

/** SUBSCRIBE for presence (RFC 6665 §4.1) in the words of the server's dialect. */
export function subscribeRequest(
  kind: SubscriptionKind,
  request: SubscribeRequest,
  dialog: Dialog,
  terms: SubscribeTerms,
): RequestDraft {
  const { action } = request;
  const words = action === 'close' ? { supported: [], headers: [] } : terms.dialect.words(kind, request, terms);
  const headers = [`Contact: ${terms.contact}`, 'Event: presence', ...words.headers];
  const expires = expiresOf(request, terms.dialect);
  if (expires !== undefined) headers.push(`Expires: ${expires}`);
  return {
    method: 'SUBSCRIBE',
    ...routeOf(dialog),
    to: dialog.remoteUri,
    toTag: dialog.remoteTag,
    fromTag: dialog.localTag,
    callId: dialog.callId,
    cseq: dialog.sequence,
    ...words,
    headers,
  };
}

function expiresOf(
  { action, minExpires }: SubscribeRequest,
  { askedExpires }: SubscriptionDialect,
): number | undefined {
  if (action === 'close' || action === 'fetch') return 0;
  return minExpires === undefined ? askedExpires : Math.max(minExpires, askedExpires ?? 0);
}
