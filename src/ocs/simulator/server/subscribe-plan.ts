import { parseSipUri, type SipUri } from '../../../presence/ids.js';
import { bad, ok, type Result } from '../../../presence/result.js';
import { readAddress } from '../codec/address.js';
import { headerOf, type SipRequest, tokensOf } from '../codec/message.js';
import { type BatchAction, readAdhocList, readBatch } from '../documents/batch-subscription.js';
import { CATEGORIES_TYPE } from '../documents/categories.js';
import { PRESENTITY_TYPE } from '../documents/presentity.js';
import { readXml, type XmlElement } from '../documents/xml-tree.js';
import type { ServerContext } from './context.js';
import type { PresenceFormat } from './dialog.js';
import type { EventName } from './own-events.js';
import type { Pool } from './pools.js';
import type { Session } from './session.js';

/** What a SUBSCRIBE asks for, read and checked before anything changes. */
export interface SubscribePlan {
  /** The pool that is asked: one that `To` names, otherwise the client's own. */
  readonly pool: Pool;
  readonly actions: readonly BatchAction[];
  readonly document: XmlElement | undefined;
  readonly form: 'list' | 'single';
  readonly format: PresenceFormat;
  /** Seconds that the client asks for; `undefined` leaves it to the server. */
  readonly asked: number | undefined;
  /** Seconds granted; 0 ends the subscription. */
  readonly expires: number;
}

/** Reads a SUBSCRIBE. The reason of a refusal is for the log; the client gets 400. */
export function planSubscribe(
  context: ServerContext,
  session: Session,
  request: SipRequest,
  event: EventName,
): Result<SubscribePlan> {
  const { pools } = context;
  const { limits, subscriptionSeconds } = context.settings;
  const to = readAddress(headerOf(request, 'to') ?? '');
  const named = pools.named(to.uri);
  const target = named ? ok(session.account.uri) : parseSipUri(to.uri);
  if (!target.ok) return target;
  const xmlLimits = { depth: limits.xmlDepth, elements: limits.xmlElements };
  const read = request.body.length === 0 ? undefined : readXml(request.body, xmlLimits);
  if (read && !read.ok) return read;
  const document = read?.value;
  const header = headerOf(request, 'expires');
  const asked = header === undefined ? undefined : Number(header);
  if (asked !== undefined && (!Number.isInteger(asked) || asked < 0)) return bad('Expires is not a number');
  // In a dialog, a SUBSCRIBE without a list renews what is watched already.
  const isRenewal = to.params.has('tag') && !document;
  const actions = event !== 'presence' || isRenewal ? ok([]) : readActions(document, target.value);
  if (!actions.ok) return actions;
  if (event !== 'presence' && target.value !== session.account.uri) return bad('this event is for oneself');
  const pool = named ?? pools.of(session.link);
  return ok({
    pool,
    document,
    actions: actions.value,
    asked,
    expires: Math.min(asked ?? subscriptionSeconds, subscriptionSeconds),
    form: tokensOf(request, 'require').has('adhoclist') ? 'list' : 'single',
    format: formatOf(context, request, pool, document, actions.value),
  });
}

function readActions(document: XmlElement | undefined, target: SipUri): Result<readonly BatchAction[]> {
  if (!document) return ok([{ kind: 'subscribe', resources: [{ uri: target, prompt: false }], categories: [] }]);
  return document.name === 'adhoclist' ? readAdhocList(document) : readBatch(document);
}

/** Categories between two sides that both know them; otherwise the documents of LCS 2005. */
function formatOf(
  { pools }: ServerContext,
  request: SipRequest,
  pool: Pool,
  document: XmlElement | undefined,
  actions: readonly BatchAction[],
): PresenceFormat {
  const accepted = tokensOf(request, 'accept');
  const takesLegacy = accepted.has(PRESENTITY_TYPE);
  const takesCategories = accepted.size === 0 || accepted.has(CATEGORIES_TYPE);
  if (pool.dialect === 'lcs2005' || document?.name === 'adhoclist') return 'presentity';
  const [only, ...others] = actions.flatMap(({ resources }) => resources);
  const home = only && others.length === 0 ? pools.homeOf(only.uri) : pool;
  const isLegacy = home !== 'federated' && home.dialect === 'lcs2005';
  return takesLegacy && (isLegacy || !takesCategories) ? 'presentity' : 'categories';
}
