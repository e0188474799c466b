import { writeBatchSubscribe } from '../../documents/batch-subscribe.js';
import type { SubscribeRequest } from '../subscription-words.js';
import { wireUri } from '../wire-uri.js';
import {
  benotifyHeaders,
  FOREIGN_DOCUMENTS,
  type SubscribeScope,
  type SubscribeWords,
  type SubscriptionDialect,
  type SubscriptionKind,
} from './dialect.js';

const ACCEPT = 'application/msrtc-event-categories+xml, application/rlmi+xml, multipart/related';
const BODY_TYPE = 'application/msrtc-adrl-categorylist+xml';
/** Any number will do; this one is what clients in the field send. */
const ACTION_ID = '63792024';

/** OCS 2007 and later: batches of people and the categories of each (MS-PRES batched subscription). */
export function categoriesDialect(kind: SubscriptionKind): SubscriptionDialect {
  return {
    name: 'categories',
    kind,
    askedExpires: undefined,
    categoriesPerPerson: ({ categories }) => categories.length,
    words,
  };
}

function words(
  kind: SubscriptionKind,
  { action, people, benotify }: SubscribeRequest,
  { account, categories }: SubscribeScope,
): SubscribeWords {
  // Whoever cannot be served in a batch may be served by another kind of server.
  const headers = [`Accept: ${kind === 'batch' ? ACCEPT : `${ACCEPT}, ${FOREIGN_DOCUMENTS}`}`];
  headers.push(...benotifyHeaders(benotify));
  // With these a subscription to one person would only be sent on again (MS-PRES, resubscribe).
  if (kind === 'batch') headers.push('Require: adhoclist, categoryList', 'Supported: eventlist');
  const content = writeBatchSubscribe({
    self: wireUri(account),
    action: action === 'remove' ? 'unsubscribe' : 'subscribe',
    uris: people.map(wireUri),
    categories,
    id: ACTION_ID,
  });
  return { supported: ['ms-piggyback-first-notify'], headers, body: { contentType: BODY_TYPE, content } };
}
