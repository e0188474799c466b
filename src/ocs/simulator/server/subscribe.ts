import { readAddress } from '../codec/address.js';
import { type Header, headerList, headerOf, type SipRequest, tokensOf } from '../codec/message.js';
import type { TypedBody } from '../documents/presence-list.js';
import { newTag, type ServerContext } from './context.js';
import { type Dialog, EVENTS, type EventName } from './dialog.js';
import { ownState, watchedState } from './event-state.js';
import { nominalPort } from './link.js';
import { type Answer, diagnostics, respond } from './responses.js';
import type { Session } from './session.js';
import { planSubscribe, type SubscribePlan } from './subscribe-plan.js';
import { changeWatched } from './watching.js';

const BENOTIFY_TAG = 'ms-benotify';
const PIGGYBACK_TAG = 'ms-piggyback-first-notify';

/** SUBSCRIBE, first and in a dialog (RFC 6665, MS-PRES 3.1). */
export function handleSubscribe(context: ServerContext, session: Session, request: SipRequest): Answer {
  context.counters.subscribes += 1;
  const event = eventOf(request);
  if (!event) return refuse(request, 489, newTag(context), headerList(['Allow-Events', EVENTS.join(',')]));
  const toTag = readAddress(headerOf(request, 'to') ?? '').params.get('tag');
  const known = toTag === undefined ? undefined : knownDialog(context, request, toTag);
  if (toTag !== undefined && (known?.session !== session || known.event !== event)) return refuse(request, 481, toTag);
  const plan = planSubscribe(context, session, request, event);
  const tag = known?.localTag ?? newTag(context);
  if (!plan.ok) {
    context.counters.malformed += 1;
    context.settings.log.debug('simulator.subscribe-refused', { event, reason: plan.reason });
    return refuse(request, 400, tag);
  }
  const problem = problemOf(context, session, known, plan.value);
  if (problem) return refuse(request, problem.status, tag, [problem.header]);
  if (known) return renew(context, request, known, plan.value);
  return open(context, request, newDialog(session, request, event, tag), plan.value);
}

function eventOf(request: SipRequest): EventName | undefined {
  const name = (headerOf(request, 'event') ?? '').split(';')[0]?.trim();
  return EVENTS.find((event) => event === name);
}

function knownDialog(context: ServerContext, request: SipRequest, toTag: string): Dialog | undefined {
  const fromTag = readAddress(headerOf(request, 'from') ?? '').params.get('tag') ?? '';
  return context.subscriptions.find(headerOf(request, 'call-id') ?? '', toTag, fromTag);
}

function problemOf(
  context: ServerContext,
  session: Session,
  known: Dialog | undefined,
  plan: SubscribePlan,
): { readonly status: number; readonly header: Header } | undefined {
  const { limits, hostName } = context.settings;
  const resources = plan.actions.flatMap((action) => action.resources);
  const tooManyDialogs = !known && context.subscriptions.of(session).size >= limits.subscriptionsPerEndpoint;
  if (tooManyDialogs || resources.length > limits.resourcesPerBatch) {
    return { status: 403, header: diagnostics(2012, hostName, 'Subscription limit exceeded') };
  }
  const [only] = resources;
  const missing = plan.form === 'single' && resources.length === 1 && only && !context.presence.find(only.uri);
  return missing ? { status: 404, header: diagnostics(1003, hostName, 'User does not exist') } : undefined;
}

function newDialog(session: Session, request: SipRequest, event: EventName, localTag: string): Dialog {
  const from = readAddress(headerOf(request, 'from') ?? '');
  return {
    session,
    event,
    callId: headerOf(request, 'call-id') ?? '',
    localTag,
    remoteTag: from.params.get('tag') ?? '',
    localUri: readAddress(headerOf(request, 'to') ?? '').uri,
    remoteUri: from.uri,
    method: tokensOf(request, 'supported').has(BENOTIFY_TAG) ? 'BENOTIFY' : 'NOTIFY',
    watched: new Map(),
    cseq: 0,
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
    return answer(context, request, dialog, plan, undefined);
  }
  const state = currentState(context, dialog, plan);
  keep(context, dialog, plan.expires);
  return answer(context, request, dialog, plan, state);
}

/** Carries out the actions; gives the state that the client is owed for them, or nothing after an unsubscribe. */
function currentState(context: ServerContext, dialog: Dialog, plan: SubscribePlan): TypedBody | undefined {
  const { session, event } = dialog;
  if (event !== 'presence') return ownState(context, session, event, plan.document);
  const due = changeWatched(context, dialog, plan.actions);
  const shown = plan.actions.length === 0 ? dialog.watched : due;
  return shown.size === 0 ? undefined : watchedState(context, session, shown, plan.form);
}

function answer(
  context: ServerContext,
  request: SipRequest,
  dialog: Dialog,
  plan: SubscribePlan,
  state: TypedBody | undefined,
): Answer {
  const ends = plan.expires === 0;
  const piggybacked = ends || tokensOf(request, 'supported').has(PIGGYBACK_TAG) ? state : undefined;
  if (piggybacked) dialog.cseq += 1;
  const response = respond(request, 200, {
    toTag: dialog.localTag,
    headers: headerList(
      ['Contact', ownContact(context, dialog.session)],
      ['Expires', String(plan.expires)],
      ['Event', dialog.event],
      ['subscription-state', ends ? 'terminated;expires=0' : `active;expires=${plan.expires}`],
      // COMPAT(pidgin-sipe): without this header it ignores the body.
      ['ms-piggyback-cseq', piggybacked ? String(dialog.cseq) : undefined],
      ['Supported', `${BENOTIFY_TAG}, ${PIGGYBACK_TAG}`],
      ['Require', piggybacked?.type.startsWith('multipart/') ? 'eventlist' : undefined],
    ),
    ...(piggybacked ? { type: piggybacked.type, body: piggybacked.body } : {}),
  });
  if (!state || piggybacked) return { response };
  return { response, afterwards: () => context.notifier.notify(dialog, state.type, state.body) };
}

function ownContact(context: ServerContext, { link }: Session): string {
  const { hostName } = context.settings;
  return `<sip:${hostName}:${nominalPort(link.transport)};transport=${link.transport.toLowerCase()}>`;
}

function keep(context: ServerContext, dialog: Dialog, expires: number): void {
  const { clock } = context.settings;
  dialog.cancelExpiry();
  dialog.expiresAt = clock.now() + expires * 1000;
  dialog.cancelExpiry = clock.after(expires * 1000, () => context.notifier.terminate(dialog, 'timeout'));
  context.subscriptions.add(dialog);
}

function refuse(request: SipRequest, status: number, toTag: string, headers: readonly Header[] = []): Answer {
  return { response: respond(request, status, { toTag, headers }) };
}
