import type {
  Asked,
  BridgeStatusMessage,
  IncomingTextMessage,
  PeopleMessage,
  PersonPresence,
} from '../../client/messages.js';

/** How the connection to the bridge is; `resumed` and `reloaded` tell how it came back. */
export type Connection = 'connecting' | 'connected' | 'resumed' | 'reloaded' | 'lost';

/** What happens to somebody who watches: messages of the bridge, and what becomes of the connection. */
export type WatchEvent =
  | PeopleMessage
  | { readonly type: 'connection'; readonly state: Connection; readonly reason?: string }
  /** Time went on. */
  | { readonly type: 'tick' };

/** Everything that is known. Times of people and of the bridge are those of its clock, others of the local one. */
export interface WatchState {
  readonly asked: readonly Asked[];
  /** In the order in which they came. */
  readonly people: ReadonlyMap<string, PersonPresence>;
  /** Parts of a snapshot whose end is not there yet. */
  readonly arriving: ReadonlyMap<string, PersonPresence> | undefined;
  readonly connection: Connection;
  readonly connectionSince: number;
  readonly lostBecause: string | undefined;
  readonly bridge: BridgeStatusMessage | undefined;
  /** Until when statuses may be shown. */
  readonly freshUntil: number;
  /** Clock of the bridge less the local one, milliseconds. */
  readonly ahead: number;
  /** True once the statuses may not be shown any more; until the bridge is heard again. */
  readonly isSilent: boolean;
  /** The newest last. */
  readonly messages: readonly IncomingTextMessage[];
}

/** Incoming messages that are kept to be shown. */
const MESSAGES_KEPT = 5;

export function nothingKnown(now: number): WatchState {
  return {
    asked: [],
    people: new Map(),
    arriving: undefined,
    connection: 'connecting',
    connectionSince: now,
    lostBecause: undefined,
    bridge: undefined,
    freshUntil: 0,
    ahead: 0,
    isSilent: false,
    messages: [],
  };
}

/** What is known after an event; `now` by the local clock. */
export function watchStep(state: WatchState, event: WatchEvent, now: number): WatchState {
  return aged(taken(state, event, now), now);
}

function taken(state: WatchState, event: WatchEvent, now: number): WatchState {
  switch (event.type) {
    case 'snapshot': {
      const begun = event.asked === undefined ? (state.arriving ?? new Map()) : new Map();
      const people = merged(begun, event.people);
      const told = { ...state, asked: event.asked ?? state.asked, ahead: event.at - now };
      if (event.more) return { ...told, arriving: people };
      return { ...told, people, arriving: undefined, freshUntil: event.freshUntil };
    }
    case 'changes':
      if (state.arriving !== undefined) {
        return { ...state, arriving: merged(state.arriving, event.people), people: merged(state.people, event.people) };
      }
      return { ...state, people: merged(state.people, event.people), ahead: event.at - now };
    case 'status':
      return { ...state, bridge: event, freshUntil: event.freshUntil, ahead: event.now - now };
    case 'message':
      return { ...state, messages: [...state.messages, event].slice(-MESSAGES_KEPT) };
    case 'connection':
      return {
        ...state,
        connection: event.state,
        connectionSince: state.connection === event.state ? state.connectionSince : now,
        lostBecause: event.state === 'lost' ? (event.reason ?? state.lostBecause) : undefined,
        // What had begun to arrive begins anew.
        arriving: event.state === 'lost' ? undefined : state.arriving,
      };
    default:
      return state;
  }
}

function merged(people: ReadonlyMap<string, PersonPresence>, changed: readonly PersonPresence[]) {
  const all = new Map(people);
  for (const person of changed) all.set(person.address, person);
  return all;
}

function aged(state: WatchState, now: number): WatchState {
  const isSilent = state.freshUntil > 0 && now + state.ahead >= state.freshUntil;
  return isSilent === state.isSilent ? state : { ...state, isSilent };
}

/** Why a status that was told is not shown: the bridge was not heard for too long. */
export const NOT_HEARD = 'bridge-not-heard';

/** A person as may be shown now, with the reason of an unknown status. */
export type ShownPerson = Omit<PersonPresence, 'reason'> & { readonly reason?: string };

/** What is shown of a person: nobody stays as they were while the bridge is not heard. */
export function shownOf(person: PersonPresence, { isSilent }: Pick<WatchState, 'isSilent'>): ShownPerson {
  if (!isSilent) return person;
  const { address, name, displayName } = person;
  return {
    address,
    ...(name === undefined ? {} : { name }),
    ...(displayName === undefined ? {} : { displayName }),
    status: 'unknown',
    outOfOffice: false,
    source: 'none',
    confirmed: false,
    reason: NOT_HEARD,
  };
}
