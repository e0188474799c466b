import { BridgeError } from '../../presence/errors.js';
import type { SipUri } from '../../presence/ids.js';
import { backoffDelay } from '../../presence/retry.js';
import { type Remedy, remedyAfterEnd, remedyFor } from './subscription-refusal.js';
import {
  betweenDialogs,
  granted,
  type SubscriptionState,
  toldAfter,
  without,
  withoutDialog,
} from './subscription-state.js';
import type { ResourceVerdict, SubscribeRequest, SubscriptionEffect, SubscriptionEvent } from './subscription-words.js';

export interface SubscriptionContext {
  /** Monotonic, milliseconds. */
  readonly now: number;
  /** Random number in [0, 1). */
  readonly unit: number;
}

interface Step {
  readonly state: SubscriptionState;
  readonly effects: readonly SubscriptionEffect[];
}

/** How long after a refusal that is meant for good the same is asked again. */
export const REST_MS = 3_600_000;
const RETRY = { baseMs: 2_000, capMs: 300_000 };
const MAX_UNANSWERED = 3;
const MAX_SIGN_INS = 3;
/** Notifications count the seconds down; only a real cut moves the refresh. */
const SHORTENED_BY_MS = 5_000;

/**
 * One presence subscription (MS-PRES, RFC 6665): keeps what the server has been told equal to the people wanted,
 * refreshes in time and finds its way after refusals. One request is under way at most.
 */
export function stepSubscription(
  state: SubscriptionState,
  event: SubscriptionEvent,
  context: SubscriptionContext,
): Step {
  if (state.ended) return { state, effects: [] };
  switch (event.type) {
    case 'people':
      return converge({ ...state, people: event.people }, [], context);
    case 'accepted':
      return onAccepted(state, event.expires, event.resources, context);
    case 'rejected':
      return onRejected(state, remedyFor(event.status, event.diagnostics), event, context);
    case 'unanswered':
      return onUnanswered(state, context);
    case 'resources':
      return onResources(state, event.resources, context);
    case 'shortened':
      return onShortened(state, event.expires, context);
    case 'terminated':
      return onTerminated(state, event.reason, event.retryAfter, context);
    case 'timer':
      return onTimer(state, context);
  }
}

/** Sends the next request that is due, or sets the timer for it. */
function converge(
  state: SubscriptionState,
  effects: readonly SubscriptionEffect[],
  context: SubscriptionContext,
): Step {
  if (state.inFlight !== undefined) return { state, effects };
  const request = nextRequest(state, context.now);
  if (request === 'end')
    return { state: { ...state, ended: true }, effects: [...effects, { type: 'disarm' }, { type: 'ended' }] };
  if (request !== undefined) {
    const send: SubscriptionEffect = { type: 'send', request };
    return { state: { ...state, inFlight: request }, effects: [...effects, { type: 'disarm' }, send] };
  }
  const next = context.now < state.waitUntil ? state.waitUntil : state.refreshAt;
  const due = Math.min(next ?? Number.POSITIVE_INFINITY, state.confirmedUntil ?? Number.POSITIVE_INFINITY);
  const timer: SubscriptionEffect =
    due === Number.POSITIVE_INFINITY ? { type: 'disarm' } : { type: 'arm', delay: Math.max(0, due - context.now) };
  return { state, effects: [...effects, timer] };
}

function nextRequest(state: SubscriptionState, now: number): SubscribeRequest | 'end' | undefined {
  const { people, told, benotify } = state;
  if (people.size === 0) return told === undefined ? 'end' : { action: 'close', people: [], benotify };
  if (now < state.waitUntil) return undefined;
  if (told === undefined) return { action: 'open', people: [...people], benotify };
  const gone = [...told].filter((uri) => !people.has(uri));
  if (gone.length > 0) return { action: 'remove', people: gone, benotify };
  const fresh = [...people].filter((uri) => !told.has(uri));
  if (fresh.length > 0) return { action: 'add', people: fresh, benotify };
  const due = state.refreshAt !== undefined && now >= state.refreshAt;
  return due ? { action: 'refresh', people: [...people], benotify } : undefined;
}

function onAccepted(
  state: SubscriptionState,
  expires: number,
  resources: readonly ResourceVerdict[],
  context: SubscriptionContext,
): Step {
  const request = state.inFlight;
  const idle: SubscriptionState = { ...state, inFlight: undefined, failures: 0, waitUntil: 0 };
  if (request === undefined) return { state, effects: [] };
  if (request.action === 'close') return converge({ ...idle, told: undefined, people: new Set() }, [], context);
  if (expires === 0) return onTerminated(idle, 'timeout', undefined, context);
  const told = toldAfter(request, state.told);
  return onResources({ ...idle, told, ...granted(expires, context.now) }, resources, context);
}

/**
 * People whom the server cannot serve here leave this subscription; the refused ones stay and are asked for at the next
 * refresh.
 */
function onResources(
  state: SubscriptionState,
  resources: readonly ResourceVerdict[],
  context: SubscriptionContext,
): Step {
  const effects: SubscriptionEffect[] = [];
  const people = new Set(state.people);
  const told = state.told && new Set(state.told);
  for (const { uri, state: verdict, pool, reason } of resources) {
    if (!people.has(uri)) continue;
    // A single subscription that is sent on without a pool would go round in circles.
    if (verdict === 'terminated' || (state.kind === 'single' && pool === undefined)) {
      effects.push({ type: 'lost', people: [uri], reason: reason ?? verdict });
    } else {
      people.delete(uri);
      told?.delete(uri);
      effects.push({ type: 'move', person: uri, pool });
    }
  }
  return converge({ ...state, people, told }, effects, context);
}

function onRejected(
  state: SubscriptionState,
  remedy: Remedy,
  { status, retryAfter }: { readonly status: number; readonly retryAfter: number | undefined },
  context: SubscriptionContext,
): Step {
  const request = state.inFlight;
  if (request === undefined) return { state, effects: [] };
  const idle: SubscriptionState = { ...state, inFlight: undefined, failures: state.failures + 1 };
  const reason = `refused with ${status}`;
  if (request.action === 'close') return converge({ ...idle, told: undefined, people: new Set() }, [], context);
  if (request.action === 'remove' && remedy === 'rest') {
    return converge({ ...idle, told: toldAfter(request, idle.told) }, [], context);
  }
  switch (remedy) {
    case 'sign-in':
      if (idle.failures <= MAX_SIGN_INS) return wait(idle, retryAfter, [{ type: 'sign-in' }], context);
      if (state.kind === 'single') return rest(idle, request, reason, context);
      return { state: idle, effects: [{ type: 'fail', error: refused(status) }] };
    case 'plain':
      return state.benotify
        ? converge({ ...betweenDialogs(idle, context.now), benotify: false }, [], context)
        : rest(idle, request, reason, context);
    case 'reopen':
      return idle.failures === 1
        ? converge(betweenDialogs(idle, context.now), [], context)
        : wait(withoutDialog(idle), retryAfter, [{ type: 'lost', people: [...idle.people], reason }], context);
    case 'split':
      return split(idle, request, reason, context);
    case 'wait':
      return wait(idle, retryAfter, [], context);
    case 'rest':
      return rest(idle, request, reason, context);
  }
}

function onUnanswered(state: SubscriptionState, context: SubscriptionContext): Step {
  const idle: SubscriptionState = { ...state, inFlight: undefined, failures: state.failures + 1 };
  if (state.inFlight?.action === 'close') return converge({ ...idle, told: undefined, people: new Set() }, [], context);
  // Where one person is served elsewhere, the silence is not our server's.
  if (state.kind === 'single' || idle.failures < MAX_UNANSWERED) return wait(idle, undefined, [], context);
  const error = new BridgeError('OCS_TIMEOUT', `The OCS server left ${idle.failures} SUBSCRIBE requests unanswered.`);
  return { state: idle, effects: [{ type: 'fail', error }] };
}

/** Tries again later; what is confirmed stays confirmed until its time is over. */
function wait(
  state: SubscriptionState,
  retryAfterSeconds: number | undefined,
  effects: readonly SubscriptionEffect[],
  { now, unit }: SubscriptionContext,
): Step {
  const asked = retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1000;
  const waitUntil = now + backoffDelay(state.failures - 1, unit, RETRY, asked);
  return converge({ ...state, waitUntil }, effects, { now, unit });
}

/**
 * Refused for good: the people asked for are lost, and asked for again after a long time. Others in the dialog stay.
 */
function rest(state: SubscriptionState, request: SubscribeRequest, reason: string, context: SubscriptionContext): Step {
  const lost: SubscriptionEffect = { type: 'lost', people: request.people, reason };
  if (request.action === 'add') {
    const refused: SubscriptionEffect = {
      type: 'split',
      groups: groupsOf(stillWanted(request, state)),
      delay: REST_MS,
    };
    return converge({ ...state, people: without(state.people, request.people) }, [lost, refused], context);
  }
  return converge({ ...withoutDialog(state), waitUntil: context.now + REST_MS }, [lost], context);
}

/** One bad address makes the server refuse the whole request, without saying which: halves find it in few steps. */
function split(
  state: SubscriptionState,
  request: SubscribeRequest,
  reason: string,
  context: SubscriptionContext,
): Step {
  const { action, people } = request;
  if (action !== 'open' && action !== 'add') return converge(betweenDialogs(state, context.now), [], context);
  if (action === 'open' && people.length <= 1) return rest(state, request, reason, context);
  const suspects = stillWanted(request, state);
  const middle = Math.ceil(suspects.length / 2);
  const groups = groupsOf(suspects.slice(0, middle), suspects.slice(middle));
  return converge({ ...state, people: without(state.people, people) }, [{ type: 'split', groups, delay: 0 }], context);
}

/** People may have left the roster while the request was under way. */
function stillWanted({ people }: SubscribeRequest, state: SubscriptionState): readonly SipUri[] {
  return people.filter((uri) => state.people.has(uri));
}

function groupsOf(...groups: readonly (readonly SipUri[])[]): readonly (readonly SipUri[])[] {
  return groups.filter((group) => group.length > 0);
}

function onShortened(state: SubscriptionState, expires: number, context: SubscriptionContext): Step {
  const next = granted(expires, context.now);
  if (state.told === undefined || state.confirmedUntil === undefined) return { state, effects: [] };
  if (next.confirmedUntil > state.confirmedUntil - SHORTENED_BY_MS) return { state, effects: [] };
  return converge({ ...state, ...next }, [], context);
}

function onTerminated(
  state: SubscriptionState,
  reason: string | undefined,
  retryAfter: number | undefined,
  context: SubscriptionContext,
): Step {
  const { remedy, delay } = remedyAfterEnd(reason, retryAfter);
  const lost: SubscriptionEffect = { type: 'lost', people: [...state.people], reason: reason ?? 'terminated' };
  const pause = remedy === 'rest' ? Math.max(REST_MS, delay) : backoffDelay(state.failures, context.unit, RETRY, delay);
  const next = {
    ...withoutDialog(state),
    inFlight: undefined,
    failures: state.failures + 1,
    waitUntil: context.now + pause,
  };
  return converge(next, [lost], context);
}

function onTimer(state: SubscriptionState, context: SubscriptionContext): Step {
  const expired = state.confirmedUntil !== undefined && context.now >= state.confirmedUntil;
  if (!expired) return converge(state, [], context);
  return converge(withoutDialog(state), [{ type: 'lost', people: [...state.people], reason: 'expired' }], context);
}

function refused(status: number): BridgeError {
  return new BridgeError('OCS_REJECTED', 'The OCS server keeps asking for a new sign-in.', { details: { status } });
}
