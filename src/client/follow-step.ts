import { backoff } from './backoff.js';
import { offsetAfter, ownTime } from './clock-offset.js';
import type { FollowEffect, FollowEvent } from './follow-events.js';
import { takeChanges, takeSnapshot } from './follow-people.js';
import type { FollowState } from './follow-state.js';
import type { BridgeStatusMessage, PeopleMessage, RefusedMessage, SubscribeMessage } from './messages.js';
import { isRefusal, PresenceError } from './presence-error.js';

/** What a step knows besides state and event. */
export interface FollowMoment {
  /** Of the steady clock. */
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
  /** True when a connection takes another subscription. */
  readonly resubscribes: boolean;
}

/** The bridge speaks at least every 15 s; two words may be late. */
const SILENCE_MS = 35_000;
/** After the network changed a connection may be dead and not know it. */
const DOUBT_MS = 16_000;
/** From the first part of a snapshot to its last. */
const SNAPSHOT_MS = 60_000;
/** A connection that holds so long was a good one. */
const GOOD_MS = 10_000;
const MAX_WAIT_MS = 10 * 60_000;

/** What an event changes in `state`, and what has to be done about it. Pure but for `state`, which belongs to it. */
export function stepFollow(state: FollowState, event: FollowEvent, moment: FollowMoment): FollowEffect[] {
  const effects = effectsOf(state, event, moment);
  const fresh = moment.now < state.freshUntil;
  if (fresh === state.fresh) return effects;
  state.fresh = fresh;
  if (state.people.size === 0) return effects;
  const removed = effects.flatMap((effect) => (effect.type === 'people' ? effect.removed : []));
  const others = effects.filter((effect) => effect.type !== 'people');
  return [...others, { type: 'people', changed: 'everybody', removed }];
}

/** When something is due next, by the steady clock; infinity for never. */
export function dueAt({ phase, retryAt, silentAt, collecting, fresh, freshUntil }: FollowState): number {
  const isOpen = phase === 'connecting' || phase === 'live';
  return Math.min(
    phase === 'lost' ? retryAt : Number.POSITIVE_INFINITY,
    isOpen ? silentAt : Number.POSITIVE_INFINITY,
    isOpen && collecting !== undefined ? collecting.since + SNAPSHOT_MS : Number.POSITIVE_INFINITY,
    fresh ? freshUntil : Number.POSITIVE_INFINITY,
  );
}

function effectsOf(state: FollowState, event: FollowEvent, moment: FollowMoment): FollowEffect[] {
  if (state.phase === 'stopped') return [];
  switch (event.type) {
    case 'start':
      return connect(state, moment);
    case 'stop':
      forget(state);
      state.phase = 'stopped';
      return [{ type: 'disconnect' }, { type: 'state' }];
    case 'update':
      return update(state, event.subscription, moment);
    case 'online':
      if (state.phase === 'lost' && !state.mustWait) return connect(state, moment);
      state.silentAt = Math.min(state.silentAt, moment.now + DOUBT_MS);
      return [];
    case 'time':
      return atTime(state, moment);
    case 'loss':
      return event.turn === state.turn && isOpen(state) ? lose(state, event.error, moment) : [];
    case 'heard':
    case 'message':
      if (event.turn !== state.turn || !isOpen(state)) return [];
      state.silentAt = moment.now + SILENCE_MS;
      return event.type === 'heard' ? [] : takeMessage(state, event.message, moment);
  }
}

function isOpen({ phase }: FollowState): boolean {
  return phase === 'connecting' || phase === 'live';
}

function connect(state: FollowState, { now }: FollowMoment): FollowEffect[] {
  state.phase = 'connecting';
  state.turn++;
  state.silentAt = now + SILENCE_MS;
  state.mustWait = false;
  state.synced = false;
  state.collecting = undefined;
  // Behind the address there may be another bridge now, with a clock of its own.
  state.offset = undefined;
  state.promised = Number.NEGATIVE_INFINITY;
  return [{ type: 'connect', turn: state.turn, message: subscribeMessage(state) }, { type: 'state' }];
}

function subscribeMessage({ subscription, cursor }: FollowState): SubscribeMessage {
  return { type: 'subscribe', ...subscription, ...(cursor === undefined ? {} : { cursor }) };
}

function update(state: FollowState, subscription: FollowState['subscription'], moment: FollowMoment): FollowEffect[] {
  state.subscription = subscription;
  // What is known is not what is asked now; it is shown until the bridge has told the new people.
  state.cursor = undefined;
  if (state.phase === 'lost') return [];
  if (state.phase === 'refused') return connect(state, moment);
  if (!moment.resubscribes) return [{ type: 'disconnect' }, ...connect(state, moment)];
  // A connection that is being opened sent or will send the old one first; the bridge takes the newest.
  state.synced = false;
  state.collecting = undefined;
  return [{ type: 'subscribe', message: subscribeMessage(state) }];
}

function atTime(state: FollowState, moment: FollowMoment): FollowEffect[] {
  const { now } = moment;
  if (state.phase === 'lost') return now >= state.retryAt ? connect(state, moment) : [];
  if (!isOpen(state)) return [];
  if (now >= state.silentAt) return lose(state, unheard('the bridge is silent'), moment);
  if (state.collecting && now >= state.collecting.since + SNAPSHOT_MS) {
    return lose(state, unheard('the bridge did not tell everybody in time'), moment);
  }
  return [];
}

function unheard(message: string): PresenceError {
  return new PresenceError({ code: 'API_UNREACHABLE', message });
}

function lose(state: FollowState, error: PresenceError | undefined, { now, random }: FollowMoment): FollowEffect[] {
  state.turn++;
  state.synced = false;
  state.collecting = undefined;
  state.error = error;
  const wasGood = now - state.liveSince >= GOOD_MS;
  state.liveSince = Number.POSITIVE_INFINITY;
  if (error !== undefined && isRefusal(error)) {
    const removed = [...state.people.keys()];
    forget(state);
    state.phase = 'refused';
    return [{ type: 'disconnect' }, { type: 'state' }, { type: 'people', changed: [], removed }];
  }
  state.phase = 'lost';
  state.attempt = wasGood ? 0 : state.attempt;
  const asked = Math.min(MAX_WAIT_MS, (error?.retryAfterSeconds ?? 0) * 1_000);
  state.mustWait = asked > 0;
  state.retryAt = now + Math.max(asked, backoff(state.attempt++, random));
  return [{ type: 'disconnect' }, { type: 'state' }];
}

/** Who may not see people any more keeps nothing of them. */
function forget(state: FollowState): void {
  state.people = new Map();
  state.asked = new Map();
  state.collecting = undefined;
  state.cursor = undefined;
  state.bridge = undefined;
  state.freshUntil = Number.NEGATIVE_INFINITY;
}

function takeMessage(state: FollowState, message: PeopleMessage, moment: FollowMoment): FollowEffect[] {
  switch (message.type) {
    case 'snapshot':
    case 'changes': {
      state.offset = offsetAfter(state.offset, message.at, moment.now);
      const wasSynced = state.synced;
      const taken =
        message.type === 'snapshot' ? takeSnapshot(state, message, moment.now) : takeChanges(state, message);
      if (taken instanceof PresenceError) return lose(state, taken, moment);
      return wasSynced || !state.synced ? taken : [...becomeLive(state, moment), ...taken];
    }
    case 'status':
      return takeStatus(state, message, moment);
    case 'message':
      return [{ type: 'message', message }];
    case 'error':
      return takeRefusal(state, message, moment);
  }
}

function becomeLive(state: FollowState, { now }: FollowMoment): FollowEffect[] {
  state.freshUntil = Math.max(state.freshUntil, state.promised);
  if (state.phase === 'live') return [];
  state.phase = 'live';
  state.liveSince = now;
  state.error = undefined;
  return [{ type: 'state' }];
}

function takeStatus(state: FollowState, message: BridgeStatusMessage, { now }: FollowMoment): FollowEffect[] {
  state.bridge = message;
  state.offset = offsetAfter(state.offset, message.now, now);
  state.promised = ownTime(state.offset, message.freshUntil);
  // It speaks of what this connection told, which the people of an earlier one are not.
  if (state.synced) state.freshUntil = state.promised;
  return [{ type: 'bridge' }];
}

function takeRefusal(state: FollowState, { code, message }: RefusedMessage, moment: FollowMoment): FollowEffect[] {
  const error = new PresenceError({ code, message });
  return state.synced ? [{ type: 'error', error }] : lose(state, error, moment);
}
