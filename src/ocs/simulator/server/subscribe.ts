import type { SipUri } from '../../../presence/ids.js';
import { readAddress } from '../codec/address.js';
import { cseqOf, type Header, headerList, headerOf, type SipRequest, tokensOf } from '../codec/message.js';
import { BATCH_TYPE } from '../documents/batch-subscription.js';
import type { TypedBody } from '../documents/presence-list.js';
import { newTag, type ServerContext } from './context.js';
import { type Dialog, keepAlive } from './dialog.js';
import { ownState, watchedState } from './event-state.js';
import { nominalPort } from './link.js';
import { type EventName, eventsOf } from './own-events.js';
import { type Answer, diagnostics, respond } from './responses.js';
import type { Session } from './session.js';
import { planSubscribe, type SubscribePlan } from './subscribe-plan.js';
import { changeWatched, limitReached, type Verdict } from './watching.js';

const BENOTIFY_TAG = 'ms-benotify';
const PIGGYBACK_TAG = 'ms-piggyback-first-notify';
const AUTOEXTEND_TAG = 'com.microsoft.autoextend';

/** SUBSCRIBE, first and in a dialog (RFC 6665, MS-PRES 3.1). */
export function handleSubscribe(context: ServerContext, session: Session, request: SipRequest): Answer {
  context.counters.subscribes += 1;
  const offered = eventsOf(context.pools.of(session.link).dialect);
  const event = eventOf(request, offered);
  if (!event) return refuse(request, 489, newTag(context), headerList(['Allow-Events', offered.join(',')]));
  if (isForeignBatch(context, session, request)) return refuse(request, 415, newTag(context));
  const toTag = readAddress(headerOf(request, 'to') ?? '').params.get('tag');
  const known = toTag === undefined ? undefined : knownDialog(context, request, toTag);
  if (toTag !== undefined && (known?.session !== session || known.event !== event)) return refuse(request, 481, toTag);
  if (known && (cseqOf(request)?.number ?? 0) < known.remoteCseq) return refuse(request, 500, known.localTag);
  const plan = planSubscribe(context, session, request, event);
  const tag = known?.localTag ?? newTag(context);
  if (!plan.ok) {
    context.counters.malformed += 1;
    context.settings.log.debug('simulator.subscribe-refused', { event, reason: plan.reason });
    return refuse(request, 400, tag);
  }
  const dialog = known ?? newDialog(context, session, request, event, tag, plan.value);
  const problem = problemOf(context, dialog, known === undefined, plan.value);
  if (problem) return refuse(request, problem.status, tag, [problem.header]);
  dialog.remoteCseq = cseqOf(request)?.number ?? 0;
  return known ? renew(context, request, dialog, plan.value) : open(context, request, dialog, plan.value);
}

function eventOf(request: SipRequest, offered: readonly EventName[]): EventName | undefined {
  const name = (headerOf(request, 'event') ?? '').split(';')[0]?.trim();
  return offered.find((event) => event === name);
}

/** A server of LCS 2005 knows no lists with categories. */
function isForeignBatch({ pools }: ServerContext, { link }: Session, request: SipRequest): boolean {
  const type = (headerOf(request, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  return pools.of(link).dialect === 'lcs2005' && type === BATCH_TYPE;
}

function knownDialog(context: ServerContext, request: SipRequest, toTag: string): Dialog | undefined {
  const fromTag = readAddress(headerOf(request, 'from') ?? '').params.get('tag') ?? '';
  return context.subscriptions.find(headerOf(request, 'call-id') ?? '', toTag, fromTag);
}

function problemOf(
  context: ServerContext,
  dialog: Dialog,
  isNew: boolean,
  plan: SubscribePlan,
): { readonly status: number; readonly header: Header } | undefined {
  const { limits } = context.settings;
  const { hostName } = plan.pool;
  if (plan.asked !== undefined && plan.asked > 0 && plan.asked < limits.minExpiresSeconds) {
    return { status: 423, header: { name: 'Min-Expires', value: String(limits.minExpiresSeconds) } };
  }
  const resources = plan.actions.flatMap((action) => action.resources);
  const tooManyDialogs = isNew && context.subscriptions.of(dialog.session).size >= limits.subscriptionsPerEndpoint;
  if (tooManyDialogs || resources.length > limits.resourcesPerBatch) {
    return { status: 403, header: diagnostics(2012, hostName, 'Subscription limit exceeded') };
  }
  const [only] = resources;
  if (plan.form !== 'single' || resources.length !== 1 || !only) return undefined;
  const missing = !context.presence.find(only.uri);
  if (missing) return { status: 404, header: diagnostics(1003, hostName, 'User does not exist') };
  const limit = plan.expires === 0 ? undefined : limitReached(context, dialog, only.uri);
  return limit && { status: 403, header: { name: 'ms-diagnostics', value: limit.diagnostics ?? '' } };
}

function newDialog(
  context: ServerContext,
  session: Session,
  request: SipRequest,
  event: EventName,
  localTag: string,
  { pool, format, form }: SubscribePlan,
): Dialog {
  const supported = tokensOf(request, 'supported');
  const from = readAddress(headerOf(request, 'from') ?? '');
  return {
    session,
    event,
    pool,
    format,
    form,
    autoextend: supported.has(AUTOEXTEND_TAG) && (event !== 'presence' || format === 'presentity'),
    callId: headerOf(request, 'call-id') ?? '',
    localTag,
    remoteTag: from.params.get('tag') ?? '',
    localUri: readAddress(headerOf(request, 'to') ?? '').uri,
    remoteUri: from.uri,
    method: context.settings.benotify && supported.has(BENOTIFY_TAG) ? 'BENOTIFY' : 'NOTIFY',
    watched: new Map(),
    cseq: 0,
    remoteCseq: 0,
    lifetime: 0,
    expiresAt: 0,
    cancelExpiry: () => undefined,
    queue: [],
    cancelAnswerTimer: undefined,
  };
}

/** A new subscription; with Expires 0 it is a look at the present state and leaves nothing behind. */
function open(context: ServerContext, request: SipRequest, dialog: Dialog, plan: SubscribePlan): Answer {
  const state = currentState(context, dialog, plan);
  if (plan.expires === 0) context.subscriptions.remove(dialog);
  else keep(context, dialog, plan.expires);
  const { session, event, watched } = dialog;
  const facts = { user: session.account.uri, event, people: watched.size, expires: plan.expires };
  context.settings.log.debug('simulator.subscribed', facts);
  return answer(context, request, dialog, plan, state);
}

function renew(context: ServerContext, request: SipRequest, dialog: Dialog, plan: SubscribePlan): Answer {
  if (plan.expires === 0) {
    context.subscriptions.remove(dialog);
    return answer(context, request, dialog, plan, NOTHING_DUE);
  }
  const state = currentState(context, dialog, plan);
  keep(context, dialog, plan.expires);
  return answer(context, request, dialog, plan, state);
}

/** What the client is owed for a SUBSCRIBE. */
interface Due {
  /** Nothing after an unsubscribe. */
  readonly state: TypedBody | undefined;
  /** Why somebody of the list was refused, as a value of `ms-diagnostics`. */
  readonly diagnostics: string | undefined;
  /** The one person watched has not decided yet. */
  readonly isPending?: boolean;
}

const NOTHING_DUE: Due = { state: undefined, diagnostics: undefined };

/** Carries out the actions. */
function currentState(context: ServerContext, dialog: Dialog, plan: SubscribePlan): Due {
  const { session, event } = dialog;
  if (event !== 'presence') {
    return { state: ownState(context, session, event, plan.document), diagnostics: undefined };
  }
  const due = changeWatched(context, dialog, plan.actions, plan.expires === 0);
  const shown = plan.actions.length === 0 ? allWatched(dialog) : due;
  if (shown.size === 0) return NOTHING_DUE;
  const [only] = shown.keys();
  const isPending = dialog.form === 'single' && only !== undefined && isUndecided(context, dialog, only);
  if (isPending) return { ...NOTHING_DUE, isPending };
  const refused = [...shown.values()].find(
    (verdict) => verdict.kind === 'refused' && verdict.diagnostics !== undefined,
  );
  return {
    state: watchedState(context, dialog, shown),
    diagnostics: refused?.kind === 'refused' ? refused.diagnostics : undefined,
  };
}

function isUndecided({ presence }: ServerContext, { session }: Dialog, watched: SipUri): boolean {
  return presence.find(watched)?.undecided.has(session.account.uri) ?? false;
}

function allWatched({ watched }: Dialog): ReadonlyMap<SipUri, Verdict> {
  return new Map([...watched].map(([uri, wanted]) => [uri, { kind: 'watched', wanted }]));
}

function answer(
  context: ServerContext,
  request: SipRequest,
  dialog: Dialog,
  plan: SubscribePlan,
  { state, diagnostics: refusal, isPending = false }: Due,
): Answer {
  const ends = plan.expires === 0;
  const piggybacked = ends || tokensOf(request, 'supported').has(PIGGYBACK_TAG) ? state : undefined;
  if (piggybacked) dialog.cseq += 1;
  const response = respond(request, 200, {
    toTag: dialog.localTag,
    headers: headerList(
      ['Contact', ownContact(dialog)],
      ['Expires', String(plan.expires)],
      ['Event', dialog.event],
      [
        'subscription-state',
        ends ? 'terminated;expires=0' : `${isPending ? 'pending' : 'active'};expires=${plan.expires}`,
      ],
      // COMPAT(pidgin-sipe): without this header it ignores the body.
      ['ms-piggyback-cseq', piggybacked ? String(dialog.cseq) : undefined],
      ['Supported', extensionsFor(context, dialog)],
      ['ms-diagnostics', refusal],
      ['Require', piggybacked?.type.startsWith('multipart/') ? 'eventlist' : undefined],
    ),
    ...(piggybacked ? { type: piggybacked.type, body: piggybacked.body } : {}),
  });
  if (!state || piggybacked) return { response };
  return { response, afterwards: () => context.notifier.notify(dialog, state.type, state.body) };
}

function extensionsFor({ settings }: ServerContext, { autoextend }: Dialog): string {
  const tags = [settings.benotify ? BENOTIFY_TAG : '', PIGGYBACK_TAG, autoextend ? AUTOEXTEND_TAG : ''];
  return tags.filter(Boolean).join(', ');
}

function ownContact({ pool: { hostName }, session: { link } }: Dialog): string {
  return `<sip:${hostName}:${nominalPort(link.transport)};transport=${link.transport.toLowerCase()}>`;
}

function keep(context: ServerContext, dialog: Dialog, expires: number): void {
  dialog.lifetime = expires;
  keepAlive(context.settings.clock, dialog, () => context.notifier.terminate(dialog, 'timeout'));
  context.subscriptions.add(dialog);
}

function refuse(request: SipRequest, status: number, toTag: string, headers: readonly Header[] = []): Answer {
  return { response: respond(request, status, { toTag, headers }) };
}
