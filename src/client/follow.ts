import type { FollowEffect, FollowEvent } from './follow-events.js';
import { type FollowPhase, startState } from './follow-state.js';
import { dueAt, stepFollow } from './follow-step.js';
import type { Asked, BridgeStatusMessage, IncomingTextMessage, PersonPresence } from './messages.js';
import { PresenceError } from './presence-error.js';
import { readMessage } from './read-message.js';
import { checkedSubscription, type Subscription } from './subscription.js';
import type { Connection, Transport } from './transport.js';
import { unknownPresence } from './unknown-presence.js';

/** Who reads otherwise than before. */
export interface PeopleChange {
  /** As they are now; everybody after a snapshot, and when statuses begin or end to be confirmed. */
  readonly changed: readonly PersonPresence[];
  /** Addresses of those who are not followed any more, or not there any more. */
  readonly removed: readonly string[];
}

/** What an application wants to be told; all at its leisure, since `Follow` holds the newest of everything. */
export interface FollowListener {
  onPeople?(change: PeopleChange, follow: Follow): void;
  onState?(state: FollowPhase, follow: Follow): void;
  onMessage?(message: IncomingTextMessage, follow: Follow): void;
  onBridge?(status: BridgeStatusMessage, follow: Follow): void;
  /** Something was refused, and the stream goes on. */
  onError?(error: PresenceError, follow: Follow): void;
}

/** People who are followed. */
export interface Follow {
  readonly state: FollowPhase;
  /** Why it is `lost` or `refused`, until it is `live` again. */
  readonly error: PresenceError | undefined;
  /** What the bridge said of itself last. */
  readonly bridge: BridgeStatusMessage | undefined;
  /** Everybody by SIP address as of this moment. Whom nothing confirms any longer is `unknown`. */
  people(): Map<string, PersonPresence>;
  /** One of them by SIP address or by the text that was asked; `undefined` for nobody. */
  person(asked: string): PersonPresence | undefined;
  /** What the texts that were asked stand for. */
  asked(): ReadonlyMap<string, Asked>;
  /** Follows others from now on. Those whom both name stay as they are meanwhile. Throws `CLIENT_USAGE`. */
  update(subscription: Subscription): void;
  /** Ends it; nothing is told any more, nothing is kept. */
  stop(): void;
}

export interface FollowOptions {
  readonly transport: Transport;
  readonly subscription: Subscription;
  readonly listener: FollowListener;
  /** A clock that never goes back, milliseconds. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** Calls back when the machine has a network again; the returned function ends that. */
  readonly onOnline: (listener: () => void) => () => void;
}

/** Timers that wait longer than some weeks go off at once. */
const MAX_TIMER_MS = 3_600_000;

/** Carries out what `stepFollow` decides. */
export function startFollow(options: FollowOptions): Follow {
  const { transport, listener, now, random } = options;
  const state = startState(checkedSubscription(options.subscription));
  const events: FollowEvent[] = [];
  let connection: Connection | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let stopped = false;

  const shown = (person: PersonPresence): PersonPresence => {
    return now() < state.freshUntil ? person : unknownPresence(person);
  };

  /** One after the other: a listener may call back while it is told something. */
  const happen = (event: FollowEvent): void => {
    events.push(event);
    if (running) return;
    running = true;
    try {
      for (let next = events.shift(); next !== undefined; next = events.shift()) {
        const moment = { now: now(), random: random(), resubscribes: transport.resubscribes };
        for (const effect of stepFollow(state, next, moment)) carryOut(effect);
      }
    } finally {
      running = false;
    }
    clearTimeout(timer);
    const due = dueAt(state);
    if (due === Number.POSITIVE_INFINITY) return;
    timer = setTimeout(() => happen({ type: 'time' }), Math.min(MAX_TIMER_MS, Math.max(0, due - now())));
  };

  /** A mistake in a listener is the application's; it must not end what is followed. */
  const tell = (call: () => void): void => {
    if (stopped) return;
    try {
      call();
    } catch (thrown) {
      queueMicrotask(() => {
        throw thrown;
      });
    }
  };

  const carryOut = (effect: FollowEffect): void => {
    switch (effect.type) {
      case 'connect': {
        const { turn, message } = effect;
        connection = transport.open(message, {
          onText: (text) => happen(read(text, turn)),
          onLoss: (error) => happen({ type: 'loss', turn, error }),
        });
        break;
      }
      case 'subscribe':
        connection?.subscribe?.(effect.message);
        break;
      case 'disconnect':
        connection?.close();
        connection = undefined;
        break;
      case 'state':
        tell(() => listener.onState?.(state.phase, follow));
        break;
      case 'bridge':
        tell(() => state.bridge && listener.onBridge?.(state.bridge, follow));
        break;
      case 'people': {
        const addresses = effect.changed === 'everybody' ? [...state.people.keys()] : effect.changed;
        const changed = addresses.flatMap((address) => state.people.get(address) ?? []).map(shown);
        tell(() => listener.onPeople?.({ changed, removed: effect.removed }, follow));
        break;
      }
      case 'message':
        tell(() => listener.onMessage?.(effect.message, follow));
        break;
      case 'error':
        tell(() => listener.onError?.(effect.error, follow));
        break;
    }
  };

  const stopListening = options.onOnline(() => happen({ type: 'online' }));
  const follow: Follow = {
    get state() {
      return state.phase;
    },
    get error() {
      return state.error;
    },
    get bridge() {
      return state.bridge;
    },
    people: () => new Map([...state.people].map(([address, person]) => [address, shown(person)])),
    person(asked) {
      const meant = state.asked.get(asked);
      const person = state.people.get(meant !== undefined && 'address' in meant ? meant.address : asked);
      return person && shown(person);
    },
    asked: () => state.asked,
    update: (subscription) => happen({ type: 'update', subscription: checkedSubscription(subscription) }),
    stop() {
      stopped = true;
      stopListening();
      happen({ type: 'stop' });
    },
  };
  // The caller has it in hand before the first word.
  queueMicrotask(() => happen({ type: 'start' }));
  return follow;
}

function read(text: string, turn: number): FollowEvent {
  try {
    const message = readMessage(text);
    return message === undefined ? { type: 'heard', turn } : { type: 'message', turn, message };
  } catch (thrown) {
    return { type: 'loss', turn, error: PresenceError.from(thrown) };
  }
}
