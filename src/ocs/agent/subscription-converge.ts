import type { SipUri } from '../../presence/ids.js';
import type { SubscriptionState } from './subscription-state.js';
import type { SubscribeAction, SubscribeRequest, SubscriptionEffect } from './subscription-words.js';

export interface SubscriptionContext {
  /** Monotonic, milliseconds. */
  readonly now: number;
  /** Random number in [0, 1). */
  readonly unit: number;
}

export interface Step {
  readonly state: SubscriptionState;
  readonly effects: readonly SubscriptionEffect[];
}

/** Sends the next request that is due, or sets the timer for it. */
export function converge(
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
  const { people, told } = state;
  if (people.size === 0) return told === undefined ? 'end' : requestOf(state, 'close', []);
  if (now < state.waitUntil) return undefined;
  if (told === undefined) return requestOf(state, 'open', [...people]);
  if (told !== people) {
    const gone = [...told].filter((uri) => !people.has(uri));
    if (gone.length > 0) return requestOf(state, 'remove', gone);
    const fresh = [...people].filter((uri) => !told.has(uri));
    if (fresh.length > 0) return requestOf(state, 'add', fresh);
  }
  const due = state.refreshAt !== undefined && now >= state.refreshAt;
  return due ? requestOf(state, 'refresh', [...people]) : undefined;
}

function requestOf(
  { benotify, minExpires }: SubscriptionState,
  action: SubscribeAction,
  people: readonly SipUri[],
): SubscribeRequest {
  return { action, people, benotify, ...(minExpires !== undefined && { minExpires }) };
}
