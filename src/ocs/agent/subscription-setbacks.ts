import { BridgeError } from '../../presence/errors.js';
import type { SipUri } from '../../presence/ids.js';
import { backoffDelay } from '../../presence/retry.js';
import { converge, type Step, type SubscriptionContext } from './subscription-converge.js';
import { remedyAfterEnd, remedyFor } from './subscription-refusal.js';
import {
  betweenDialogs,
  type SubscriptionState,
  toldAfter,
  without,
  withoutDialog,
  withoutPeople,
} from './subscription-state.js';
import type { SubscribeRejection, SubscribeRequest, SubscriptionEffect } from './subscription-words.js';

/** How long after a refusal that is meant for good the same is asked again. */
export const REST_MS = 3_600_000;
/** How long a service that is down is left alone when it does not show that it is back. */
export const OUTAGE_MS = 900_000;
/** After an outage not all subscriptions come back in the same moment. */
const OUTAGE_SPREAD_MS = 60_000;
export const RETRY = { baseMs: 2_000, capMs: 300_000 };
const MAX_UNANSWERED = 3;
const MAX_SIGN_INS = 3;
/** Longest time that we ask for when a server wants to be asked for more, seconds. */
const MAX_MIN_EXPIRES = 86_400;
/** A dialog that the server ends sooner than this was no success. */
const SHORT_LIVED_MS = 60_000;

/** The next step after a request that was refused. */
export function onRejected(
  state: SubscriptionState,
  rejection: SubscribeRejection,
  context: SubscriptionContext,
): Step {
  const { status, diagnostics, retryAfter, minExpires = 0 } = rejection;
  const request = state.inFlight;
  if (request === undefined) return { state, effects: [] };
  const remedy = remedyFor(status, diagnostics);
  const idle: SubscriptionState = { ...state, inFlight: undefined, failures: state.failures + 1 };
  const reason = `refused with ${status}`;
  if (request.action === 'close') return closed(idle, context);
  if (request.action === 'remove' && remedy === 'rest') {
    return converge({ ...idle, told: toldAfter(request, idle) }, [], context);
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
        : wait(withoutDialog(idle), retryAfter, [lost(idle, reason)], context);
    case 'longer':
      if (minExpires <= (state.minExpires ?? 0) || minExpires > MAX_MIN_EXPIRES)
        return rest(idle, request, reason, context);
      return idle.failures === 1
        ? converge({ ...idle, minExpires }, [], context)
        : wait({ ...idle, minExpires }, retryAfter, [], context);
    case 'split':
    case 'poll':
      return split(idle, request, reason, remedy === 'poll', context);
    case 'outage':
      return outage(idle, true, context);
    case 'wait':
      return wait(idle, retryAfter, [], context);
    case 'rest':
      return rest(idle, request, reason, context);
  }
}

/** The next step when no answer came. */
export function onUnanswered(state: SubscriptionState, context: SubscriptionContext): Step {
  const idle: SubscriptionState = { ...state, inFlight: undefined, failures: state.failures + 1 };
  if (state.inFlight?.action === 'close') return closed(idle, context);
  // Where one person is served elsewhere, the silence is not our server's.
  if (state.kind === 'single' || idle.failures < MAX_UNANSWERED) return wait(idle, undefined, [], context);
  const error = new BridgeError('OCS_TIMEOUT', `The OCS server left ${idle.failures} SUBSCRIBE requests unanswered.`);
  return { state: idle, effects: [{ type: 'fail', error }] };
}

/** The next step when the server ended the dialog. */
export function onTerminated(
  state: SubscriptionState,
  reason: string | undefined,
  retryAfter: number | undefined,
  context: SubscriptionContext,
): Step {
  const { remedy, delay } = remedyAfterEnd(state.kind, reason, retryAfter);
  const ends = context.now - state.openedAt < SHORT_LIVED_MS ? state.ends + 1 : 1;
  const idle = { ...withoutDialog(state), inFlight: undefined, failures: state.failures + 1, ends };
  if (remedy === 'outage') return outage(idle, false, context);
  const pause = remedy === 'rest' ? Math.max(REST_MS, delay) : backoffDelay(ends - 1, context.unit, RETRY, delay);
  return converge({ ...idle, waitUntil: context.now + pause }, [lost(state, reason ?? 'terminated')], context);
}

/**
 * The service behind the server is down (as UCMA does it): everybody is lost, the dialog stays, nothing is asked for
 * until the service shows that it is back, or for a long time. `all`: the other subscriptions to it are in the same
 * position.
 */
function outage(state: SubscriptionState, all: boolean, context: SubscriptionContext): Step {
  const until = context.now + OUTAGE_MS;
  const step = onSuspended(state, until, context);
  return { ...step, effects: [{ type: 'outage', until, all }, ...step.effects] };
}

export function onSuspended(state: SubscriptionState, until: number, context: SubscriptionContext): Step {
  const waitUntil = Math.round(until + context.unit * OUTAGE_SPREAD_MS);
  const refreshAt = state.told === undefined ? undefined : waitUntil;
  const next = { ...state, suspended: true, confirmedUntil: undefined, waitUntil, refreshAt };
  return converge(next, state.suspended ? [] : [lost(state, 'user services down')], context);
}

/** The service is back: ask for everything again, soon but not all at once. */
export function onResumed(state: SubscriptionState, context: SubscriptionContext): Step {
  if (!state.suspended) return { state, effects: [] };
  const waitUntil = context.now + backoffDelay(state.failures, context.unit, RETRY);
  const refreshAt = state.told === undefined ? undefined : waitUntil;
  return converge({ ...state, suspended: false, waitUntil, refreshAt }, [], context);
}

/** Nobody is left, and the dialog is closed as well as it will ever be. */
export function closed(state: SubscriptionState, context: SubscriptionContext): Step {
  return converge({ ...state, told: undefined, people: new Set() }, [], context);
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
  const gone: SubscriptionEffect = { type: 'lost', people: request.people, reason };
  if (request.action === 'add') {
    const groups = groupsOf(stillWanted(request, state));
    const refusedOnes: SubscriptionEffect = { type: 'split', groups, delay: REST_MS, limit: false };
    return converge({ ...state, people: without(state.people, request.people) }, [gone, refusedOnes], context);
  }
  return converge({ ...withoutDialog(state), waitUntil: context.now + REST_MS }, [gone], context);
}

/**
 * One bad address, or one person with too many watchers (`limit`), makes the server refuse the whole request without
 * saying which: halves find it in few steps.
 */
function split(
  state: SubscriptionState,
  request: SubscribeRequest,
  reason: string,
  limit: boolean,
  context: SubscriptionContext,
): Step {
  const { action, people } = request;
  if (action !== 'open' && action !== 'add') return converge(betweenDialogs(state, context.now), [], context);
  const suspects = stillWanted(request, state);
  if (limit && suspects.length <= 1) {
    const poll: SubscriptionEffect = { type: 'poll', people: suspects };
    return converge(withoutPeople(state, suspects), [poll], context);
  }
  if (action === 'open' && people.length <= 1) return rest(state, request, reason, context);
  const middle = Math.ceil(suspects.length / 2);
  const groups = groupsOf(suspects.slice(0, middle), suspects.slice(middle));
  const halves: SubscriptionEffect = { type: 'split', groups, delay: 0, limit };
  return converge({ ...state, people: without(state.people, people) }, [halves], context);
}

/** People may have left the roster while the request was under way. */
function stillWanted({ people }: SubscribeRequest, state: SubscriptionState): readonly SipUri[] {
  return people.filter((uri) => state.people.has(uri));
}

function groupsOf(...groups: readonly (readonly SipUri[])[]): readonly (readonly SipUri[])[] {
  return groups.filter((group) => group.length > 0);
}

function lost({ people }: SubscriptionState, reason: string): SubscriptionEffect {
  return { type: 'lost', people: [...people], reason };
}

function refused(status: number): BridgeError {
  return new BridgeError('OCS_REJECTED', 'The OCS server keeps asking for a new sign-in.', { details: { status } });
}
