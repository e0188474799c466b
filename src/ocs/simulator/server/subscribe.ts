import type { SipUri } from '../../../presence/ids.js';
import { parseSipUri } from '../../../presence/ids.js';
import { bad, ok, type Result } from '../../../presence/result.js';
import { readAddress } from '../codec/address.js';
import { cseqOf, headerList, headerOf, type SipRequest, type SipResponse, tokensOf } from '../codec/message.js';
import { type BatchAction, readBatch } from '../documents/batch-subscription.js';
import type { TypedBody } from '../documents/presence-list.js';
import { ROAMING_SELF_TYPE, roamingSelfDocument } from '../documents/roaming-self.js';
import { readXml, type XmlElement } from '../documents/xml-tree.js';
import { newTag, type ServerContext } from './context.js';
import { type Dialog, EVENTS, type EventName, type Wanted } from './dialog.js';
import { ownState, watchedState } from './event-state.js';
import { diagnostics, respond } from './responses.js';
import type { Session } from './session.js';

/** Categories for a subscription that names none. */
const DEFAULT_CATEGORIES: Wanted = new Set(['contactCard', 'note', 'state']);
const BENOTIFY_TAG = 'ms-benotify';
const PIGGYBACK_TAG = 'ms-piggyback-first-notify';
/** Watchers that may wait for one person's confirmation. */
const MAX_PROMPTS = 200;

type Answer = { readonly response: SipResponse; readonly afterwards?: () => void };

/** SUBSCRIBE, first and in a dialog (RFC 6665, MS-PRES 3.1). `afterwards` is to be run once the response is sent. */
export function handleSubscribe(context: ServerContext, session: Session, request: SipRequest): Answer {
  context.counters.subscribes += 1;
  const event = EVENTS.find((name) => name === (headerOf(request, 'event') ?? '').split(';')[0]?.trim());
  if (!event) return refuse(request, 489, newTag(context), headerList(['Allow-Events', EVENTS.join(',')]));
  const to = readAddress(headerOf(request, 'to') ?? '');
  const toTag = to.params.get('tag');
  const fromTag = readAddress(headerOf(request, 'from') ?? '').params.get('tag') ?? '';
  const known =
    toTag === undefined ? undefined : context.subscriptions.find(headerOf(request, 'call-id') ?? '', toTag, fromTag);
  if (toTag !== undefined && (known?.session !== session || known.event !== event)) return refuse(request, 481, toTag);
  const target = parseSipUri(to.uri);
  if (!target.ok) return refuse(request, 400, newTag(context));
  const plan = planOf(context, session, request, event, target.value);
  if (!plan.ok) {
    context.settings.log.debug('simulator.subscribe-refused', { event, reason: plan.reason });
    return refuse(request, 400, known?.localTag ?? newTag(context));
  }
  const problem = limitProblem(context, session, known, plan.value);
  if (problem) return refuse(request, problem.status, known?.localTag ?? newTag(context), problem.headers);
  return accept(context, request, known ?? newDialog(context, session, request, event, target.value), plan.value);
}

/** What a SUBSCRIBE asks for, read and checked before anything changes. */
interface Plan {
  readonly actions: readonly BatchAction[];
  readonly document: XmlElement | undefined;
  readonly form: 'list' | 'single';
  readonly expires: number;
}

function planOf(
  context: ServerContext,
  session: Session,
  request: SipRequest,
  event: EventName,
  target: SipUri,
): Result<Plan> {
  const { limits, subscriptionSeconds } = context.settings;
  const document =
    request.body.length === 0
      ? undefined
      : readXml(request.body, { depth: limits.xmlDepth, elements: limits.xmlElements });
  if (document && !document.ok) return document;
  const asked = Number(headerOf(request, 'expires') ?? subscriptionSeconds);
  if (!Number.isInteger(asked) || asked < 0) return bad('Expires is not a number');
  const common = { document: document?.value, expires: Math.min(asked, subscriptionSeconds) };
  if (event !== 'presence') {
    return target === session.account.uri
      ? ok({ ...common, actions: [], form: 'list' })
      : bad('this event is for oneself');
  }
  const isList = tokensOf(request, 'require').has('adhoclist');
  const form = isList ? 'list' : 'single';
  if (document?.value.name === 'batchSub') {
    const actions = readBatch(document.value);
    return actions.ok ? ok({ ...common, actions: actions.value, form }) : actions;
  }
  const inDialog = readAddress(headerOf(request, 'to') ?? '').params.has('tag');
  const single: BatchAction = { kind: 'subscribe', resources: [{ uri: target, prompt: false }], categories: [] };
  return ok({ ...common, actions: inDialog ? [] : [single], form });
}

function limitProblem(
  context: ServerContext,
  session: Session,
  known: Dialog | undefined,
  plan: Plan,
): { readonly status: number; readonly headers?: ReturnType<typeof headerList> } | undefined {
  const { limits, hostName } = context.settings;
  const resources = plan.actions.flatMap((action) => action.resources);
  const tooMany = resources.length > limits.resourcesPerBatch;
  const tooManyDialogs = !known && context.subscriptions.of(session).size >= limits.subscriptionsPerEndpoint;
  if (tooMany || tooManyDialogs)
    return { status: 403, headers: [diagnostics(2012, hostName, 'Subscription limit exceeded')] };
  const [only] = resources;
  const missing = plan.form === 'single' && resources.length === 1 && only && !context.presence.find(only.uri);
  return missing ? { status: 404, headers: [diagnostics(1003, hostName, 'User does not exist')] } : undefined;
}

function newDialog(
  context: ServerContext,
  session: Session,
  request: SipRequest,
  event: EventName,
  target: SipUri,
): Dialog {
  const from = readAddress(headerOf(request, 'from') ?? '');
  return {
    session,
    event,
    callId: headerOf(request, 'call-id') ?? '',
    localTag: newTag(context),
    remoteTag: from.params.get('tag') ?? '',
    localUri: readAddress(headerOf(request, 'to') ?? target).uri,
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

function accept(context: ServerContext, request: SipRequest, dialog: Dialog, plan: Plan): Answer {
  const { session, event } = dialog;
  const changed = applyActions(context, dialog, plan.actions);
  const shown = plan.actions.length === 0 ? dialog.watched : changed;
  const fresh = event === 'presence' && shown.size === 0 ? undefined : stateFor(context, dialog, plan, shown);
  const ends = plan.expires === 0;
  if (ends) context.subscriptions.remove(dialog);
  else keep(context, dialog, plan.expires);
  // The first state of a one-shot subscription goes out, the last one of an ended subscription does not.
  const isEnd = ends && (cseqOf(request)?.number ?? 1) > 1;
  const body = isEnd ? undefined : fresh;
  const piggybacked = tokensOf(request, 'supported').has(PIGGYBACK_TAG) || ends ? body : undefined;
  if (piggybacked) dialog.cseq += 1;
  const response = respond(request, 200, {
    toTag: dialog.localTag,
    headers: headerList(
      [
        'Contact',
        `<sip:${context.settings.hostName}:${session.link.transport === 'TLS' ? 5061 : 5060};transport=${session.link.transport.toLowerCase()}>`,
      ],
      ['Expires', String(plan.expires)],
      ['Event', event],
      ['subscription-state', ends ? 'terminated;expires=0' : `active;expires=${plan.expires}`],
      // COMPAT(pidgin-sipe): without this header it ignores the body.
      ['ms-piggyback-cseq', piggybacked ? String(dialog.cseq) : undefined],
      ['Supported', `${BENOTIFY_TAG}, ${PIGGYBACK_TAG}`],
      ['Require', piggybacked?.type.startsWith('multipart/') ? 'eventlist' : undefined],
    ),
    ...(piggybacked ? { type: piggybacked.type, body: piggybacked.body } : {}),
  });
  if (!body || piggybacked) return { response };
  return { response, afterwards: () => context.notifier.notify(dialog, body.type, body.body) };
}

function stateFor(context: ServerContext, dialog: Dialog, plan: Plan, shown: ReadonlyMap<SipUri, Wanted>): TypedBody {
  const { session, event } = dialog;
  if (event === 'presence') return watchedState(context, session, shown, plan.form);
  return ownState(context, session, event, plan.document);
}

/** Changes what the dialog watches. Returns the people of whom the first state is due, unknown ones included. */
function applyActions(
  context: ServerContext,
  dialog: Dialog,
  actions: readonly BatchAction[],
): ReadonlyMap<SipUri, Wanted> {
  const shown = new Map<SipUri, Wanted>();
  for (const { kind, resources, categories } of actions) {
    const wanted: Wanted = categories.length > 0 ? new Set(categories) : DEFAULT_CATEGORIES;
    for (const { uri, prompt } of resources) {
      if (kind === 'unsubscribe') {
        context.subscriptions.unwatch(dialog, uri);
        shown.delete(uri);
        continue;
      }
      shown.set(uri, wanted);
      if (!context.presence.find(uri)) continue;
      context.subscriptions.watch(dialog, uri, wanted);
      if (prompt) announceWatcher(context, uri, dialog.session);
    }
  }
  return shown;
}

/** Tells somebody's own clients who added them, once. */
function announceWatcher(context: ServerContext, watched: SipUri, watcher: Session): void {
  const person = context.presence.find(watched);
  const { uri, displayName } = watcher.account;
  if (!person || watched === uri || person.confirmed.has(uri) || person.prompts.size >= MAX_PROMPTS) return;
  person.prompts.set(uri, displayName);
  for (const dialog of context.subscriptions.ofUser(watched, 'vnd-microsoft-roaming-self')) {
    context.notifier.notify(dialog, ROAMING_SELF_TYPE, roamingSelfDocument(person, ['subscribers']));
  }
}

function keep(context: ServerContext, dialog: Dialog, expires: number): void {
  const { clock } = context.settings;
  dialog.cancelExpiry();
  dialog.expiresAt = clock.now() + expires * 1000;
  dialog.cancelExpiry = clock.after(expires * 1000, () => context.notifier.terminate(dialog, 'timeout'));
  context.subscriptions.add(dialog);
}

function refuse(
  request: SipRequest,
  status: number,
  toTag: string,
  headers: ReturnType<typeof headerList> = [],
): Answer {
  return { response: respond(request, status, { toTag, headers }) };
}
