import type { SipUri } from '../../presence/ids.js';
import { converge, type Step, type SubscriptionContext } from './subscription-converge.js';
import { isLimit } from './subscription-refusal.js';
import { closed, onRejected, onResumed, onSuspended, onTerminated, onUnanswered } from './subscription-setbacks.js';
import {
  granted,
  type SubscriptionState,
  sharedWith,
  toldAfter,
  withoutDialog,
  withoutPeople,
} from './subscription-state.js';
import type { ResourceVerdict, SubscribeRequest, SubscriptionEffect, SubscriptionEvent } from './subscription-words.js';

/** Notifications count the seconds down; only a real cut moves the refresh. */
const SHORTENED_BY_MS = 5_000;
/** Where notifications extend the period, so much more is worth setting the timer anew. */
const EXTENDED_BY_MS = 60_000;
/** However often notifications are missed, all is asked for again this often at most. */
const GAP_PAUSE_MS = 60_000;

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
      return converge({ ...state, people: sharedWith(state.told ?? state.people, event.people) }, [], context);
    case 'accepted':
      return onAccepted(state, event, context);
    case 'rejected':
      return onRejected(state, event, context);
    case 'unanswered':
      return onUnanswered(state, context);
    case 'resources':
      return onResources(state, event.resources, context);
    case 'alive':
      return onAlive(state, event.expires, context);
    case 'gap':
      return onGap(state, context);
    case 'terminated':
      return onTerminated(state, event.reason, event.retryAfter, context);
    case 'suspend':
      return onSuspended(state, event.until, context);
    case 'resume':
      return onResumed(state, context);
    case 'timer':
      return onTimer(state, context);
  }
}

function onAccepted(
  state: SubscriptionState,
  { expires, resources, autoextend = false }: Extract<SubscriptionEvent, { type: 'accepted' }>,
  context: SubscriptionContext,
): Step {
  const request = state.inFlight;
  if (request === undefined) return { state, effects: [] };
  const opened = request.action === 'open' ? { openedAt: context.now } : {};
  const idle: SubscriptionState = { ...state, ...opened, inFlight: undefined, suspended: false };
  if (request.action === 'close') return closed(idle, context);
  if (expires === 0) return onTerminated(idle, 'timeout', undefined, context);
  const told = toldAfter(request, state);
  const extendsBy = autoextend ? expires : undefined;
  const times = granted(expires, context.now, context.unit);
  const refreshAt = stillOwed(request, state, context.now) ?? times.refreshAt;
  return onResources({ ...idle, failures: 0, waitUntil: 0, told, extendsBy, ...times, refreshAt }, resources, context);
}

/** Who is added or taken off says nothing of the others: what was to be asked about them still is. */
function stillOwed({ action }: SubscribeRequest, state: SubscriptionState, now: number): number | undefined {
  if (action !== 'add' && action !== 'remove') return undefined;
  const isDue = state.refreshAt !== undefined && state.refreshAt <= now;
  return isDue || owesRefresh(state) ? state.refreshAt : undefined;
}

/**
 * People whom the server cannot serve here leave this subscription; the refused ones stay and are asked for at the next
 * refresh, and so do those who have not decided yet.
 */
function onResources(
  state: SubscriptionState,
  resources: readonly ResourceVerdict[],
  context: SubscriptionContext,
): Step {
  const lost = new Map<string, SipUri[]>();
  const moved = new Map<string | undefined, SipUri[]>();
  const polled: SipUri[] = [];
  for (const { uri, state: verdict, pool, reason, diagnostics } of resources) {
    if (!state.people.has(uri)) continue;
    if (verdict === 'terminated' && isLimit(diagnostics ?? reason)) polled.push(uri);
    // A single subscription that is sent on without a pool would go round in circles.
    else if (verdict !== 'resubscribe' || (state.kind === 'single' && pool === undefined)) {
      put(lost, reason ?? verdict, uri);
    } else put(moved, pool, uri);
  }
  const effects: SubscriptionEffect[] = [];
  for (const [reason, people] of lost) effects.push({ type: 'lost', people, reason });
  for (const [pool, people] of moved) effects.push({ type: 'move', people, pool });
  if (polled.length > 0) effects.push({ type: 'poll', people: polled });
  return converge(withoutPeople(state, [...polled, ...[...moved.values()].flat()]), effects, context);
}

function put<K>(groups: Map<K, SipUri[]>, key: K, uri: SipUri): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [uri]);
  else group.push(uri);
}

/** The time that is left is what the last notification says; a longer one counts only where that is agreed. */
function onAlive(state: SubscriptionState, expires: number | undefined, context: SubscriptionContext): Step {
  const { told, confirmedUntil, extendsBy } = state;
  const seconds = expires ?? extendsBy;
  if (told === undefined || confirmedUntil === undefined || seconds === undefined) return { state, effects: [] };
  const next = granted(seconds, context.now, context.unit);
  const shorter = next.confirmedUntil <= confirmedUntil - SHORTENED_BY_MS;
  const longer = extendsBy !== undefined && next.confirmedUntil >= confirmedUntil + EXTENDED_BY_MS;
  if (!shorter && !longer) return { state, effects: [] };
  const owed = owesRefresh(state) ? Math.min(state.refreshAt ?? next.refreshAt, next.refreshAt) : next.refreshAt;
  return converge({ ...state, ...next, refreshAt: owed }, [], context);
}

/** A gap was noticed, and everything is to be asked for again when the pause is over. */
function owesRefresh({ refreshAt, gapHeededFrom }: SubscriptionState): boolean {
  return refreshAt !== undefined && refreshAt === gapHeededFrom - GAP_PAUSE_MS;
}

function onGap(state: SubscriptionState, context: SubscriptionContext): Step {
  const { told, refreshAt, gapHeededFrom, suspended } = state;
  const at = Math.max(context.now, gapHeededFrom);
  if (told === undefined || suspended || (refreshAt !== undefined && refreshAt <= at)) return { state, effects: [] };
  return converge({ ...state, refreshAt: at, gapHeededFrom: at + GAP_PAUSE_MS }, [], context);
}

function onTimer(state: SubscriptionState, context: SubscriptionContext): Step {
  const expired = state.confirmedUntil !== undefined && context.now >= state.confirmedUntil;
  if (!expired) return converge(state, [], context);
  return converge(withoutDialog(state), [{ type: 'lost', people: [...state.people], reason: 'expired' }], context);
}
