import { type AdhocListAction, writeAdhocList } from '../../documents/adhoc-list.js';
import type { SubscribeAction, SubscribeRequest } from '../subscription-words.js';
import { wireUri } from '../wire-uri.js';
import {
  benotifyHeaders,
  FOREIGN_DOCUMENTS,
  type SubscribeScope,
  type SubscribeWords,
  type SubscriptionDialect,
  type SubscriptionKind,
} from './dialect.js';

const LIST_ACTIONS: Readonly<Partial<Record<SubscribeAction, AdhocListAction>>> = { add: 'add', remove: 'delete' };

/**
 * COMPAT(lcs2005): batches as ad-hoc lists, one document of all devices per person (MS-PRES, MS-SIP 2005 presence).
 * Without support of lists one subscription for each person.
 */
export function lcsDialect(kind: SubscriptionKind): SubscriptionDialect {
  return { name: 'lcs', kind, askedExpires: undefined, categoriesPerPerson: () => 0, words };
}

function words(
  kind: SubscriptionKind,
  { action, people, benotify }: SubscribeRequest,
  { account }: SubscribeScope,
): SubscribeWords {
  const supported = ['com.microsoft.autoextend', 'ms-piggyback-first-notify'];
  const headers = [...benotifyHeaders(benotify)];
  if (kind === 'single') return { supported, headers: [`Accept: ${FOREIGN_DOCUMENTS}`, ...headers] };
  headers.push(`Accept: application/rlmi+xml, multipart/related, ${FOREIGN_DOCUMENTS}`);
  headers.push('Require: adhoclist', 'Supported: eventlist');
  const content = writeAdhocList({
    self: wireUri(account),
    action: LIST_ACTIONS[action] ?? 'create',
    uris: people.map(wireUri),
  });
  return { supported, headers, body: { contentType: 'application/adrl+xml', content } };
}
