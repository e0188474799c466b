import { OFFLINE_AVAILABILITY } from './simulated-presence.js';
import type { PublishedState } from './state-publication.js';

export interface AggregateState {
  readonly availability: number;
  readonly activity: string;
}

const OFFLINE: AggregateState = { availability: OFFLINE_AVAILABILITY, activity: '' };

/** Lowest numbers of the ranges that the rules tell apart (MS-PRES, aggregateState). */
const IDLE = 4500;
const BUSY = 6000;
const BUSY_IDLE = 7500;
const DO_NOT_DISTURB = 9000;
const BE_RIGHT_BACK = 12_000;
const GONE = 18_000;

/**
 * The server's aggregation, as far as the published rules go:
 *
 * - nobody signed in, or nothing published: offline;
 * - several machines: the most active one counts;
 * - the user's own choice beats the machine, except that an idle machine makes Available idle or away and Busy idle;
 * - a user who chose "appear offline" is offline whatever else is published;
 * - calendar and phone make an available person busy, never a do-not-disturb or absent one reachable.
 */
export function aggregate(states: readonly PublishedState[], endpoints: number): AggregateState {
  if (endpoints === 0) return OFFLINE;
  const machine = least(states, 'machineState');
  const user = newest(states, 'userState');
  if (user && user.availability >= GONE) return OFFLINE;
  const base = user ? withMachine(user, machine) : (machine ?? OFFLINE);
  if (base.availability >= GONE) return OFFLINE;
  return withCalls(base, states);
}

/** A machine left alone tones the user's choice down; a missing machine state says nothing. */
function withMachine(user: AggregateState, machine: AggregateState | undefined): AggregateState {
  if (!machine || machine.availability < IDLE) return user;
  const unattended = machine.availability < BUSY || machine.availability >= BE_RIGHT_BACK;
  if (!unattended) return user;
  if (user.availability < IDLE) return machine.availability >= GONE ? user : machine;
  const isBusy = user.availability >= BUSY && user.availability < BUSY_IDLE;
  return isBusy ? { ...user, availability: BUSY_IDLE } : user;
}

function withCalls(base: AggregateState, states: readonly PublishedState[]): AggregateState {
  const calls = states.filter(({ kind }) => kind === 'calendarState' || kind === 'phoneState');
  return calls.reduce<AggregateState>(
    (current, call) =>
      current.availability < DO_NOT_DISTURB &&
      call.availability >= BUSY &&
      call.availability < BE_RIGHT_BACK &&
      call.availability > current.availability
        ? call
        : current,
    base,
  );
}

function least(states: readonly PublishedState[], kind: PublishedState['kind']): PublishedState | undefined {
  return best(states, kind, (state, other) => state.availability < other.availability);
}

function newest(states: readonly PublishedState[], kind: PublishedState['kind']): PublishedState | undefined {
  return best(states, kind, (state, other) => state.publishedAt > other.publishedAt);
}

function best(
  states: readonly PublishedState[],
  kind: PublishedState['kind'],
  better: (state: PublishedState, other: PublishedState) => boolean,
): PublishedState | undefined {
  return states
    .filter((state) => state.kind === kind)
    .reduce<PublishedState | undefined>((found, state) => (!found || better(state, found) ? state : found), undefined);
}
