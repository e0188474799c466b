import { parseSipUri, type SipUri } from '../../../presence/ids.js';
import { bad, ok, type Result } from '../../../presence/result.js';
import { readAddress } from '../codec/address.js';
import { headerOf, type SipRequest, tokensOf } from '../codec/message.js';
import { type BatchAction, readBatch } from '../documents/batch-subscription.js';
import { readXml, type XmlElement } from '../documents/xml-tree.js';
import type { ServerContext } from './context.js';
import type { EventName } from './dialog.js';
import type { Session } from './session.js';

/** What a SUBSCRIBE asks for, read and checked before anything changes. */
export interface SubscribePlan {
  /** Target of the subscription: the user's own address, or the one person watched. */
  readonly target: SipUri;
  readonly actions: readonly BatchAction[];
  readonly document: XmlElement | undefined;
  readonly form: 'list' | 'single';
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
  const { limits, subscriptionSeconds } = context.settings;
  const to = readAddress(headerOf(request, 'to') ?? '');
  const target = parseSipUri(to.uri);
  if (!target.ok) return target;
  const xmlLimits = { depth: limits.xmlDepth, elements: limits.xmlElements };
  const document = request.body.length === 0 ? undefined : readXml(request.body, xmlLimits);
  if (document && !document.ok) return document;
  const asked = Number(headerOf(request, 'expires') ?? subscriptionSeconds);
  if (!Number.isInteger(asked) || asked < 0) return bad('Expires is not a number');
  const common = {
    target: target.value,
    document: document?.value,
    expires: Math.min(asked, subscriptionSeconds),
    form: tokensOf(request, 'require').has('adhoclist') ? ('list' as const) : ('single' as const),
  };
  if (event !== 'presence') {
    const isOwn = target.value === session.account.uri;
    return isOwn ? ok({ ...common, actions: [] }) : bad('this event is for oneself');
  }
  if (document) {
    const actions = readBatch(document.value);
    return actions.ok ? ok({ ...common, actions: actions.value }) : actions;
  }
  // In a dialog, a SUBSCRIBE without a list renews what is watched already.
  const isRenewal = to.params.has('tag');
  return ok({ ...common, actions: isRenewal ? [] : [watchOnly(target.value)] });
}

function watchOnly(uri: SipUri): BatchAction {
  return { kind: 'subscribe', resources: [{ uri, prompt: false }], categories: [] };
}
