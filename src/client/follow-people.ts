import { ownTime } from './clock-offset.js';
import type { FollowEffect } from './follow-events.js';
import type { FollowState } from './follow-state.js';
import type { ChangesMessage, PersonPresence, SnapshotMessage } from './messages.js';
import { PresenceError } from './presence-error.js';

/** More than the largest site has. */
const MAX_PEOPLE = 200_000;
const MAX_PARTS = 10_000;

/**
 * A part of everything anew. What was known before counts until the last part is there. `CLIENT_LIMIT` when it is too much.
 */
export function takeSnapshot(
  state: FollowState,
  message: SnapshotMessage,
  now: number,
): FollowEffect[] | PresenceError {
  // The names stand in the first part only: another first part means that the bridge began anew.
  const begun = message.asked === undefined ? state.collecting : undefined;
  const collecting = begun ?? { asked: message.asked ?? [], people: new Map(), since: now, parts: 0 };
  collecting.parts++;
  put(collecting.people, message.people);
  if (collecting.parts > MAX_PARTS || collecting.people.size > MAX_PEOPLE) return tooMuch();
  state.collecting = collecting;
  if (message.more === true) return [];
  const removed = [...state.people.keys()].filter((address) => !collecting.people.has(address));
  state.collecting = undefined;
  state.people = collecting.people;
  state.asked = new Map(collecting.asked.map((asked) => [asked.query, asked]));
  state.cursor = message.cursor;
  state.synced = true;
  if (state.offset !== undefined) state.freshUntil = ownTime(state.offset, message.freshUntil);
  return [{ type: 'people', changed: 'everybody', removed }];
}

/** Who changed. `CLIENT_LIMIT` when it is too much. */
export function takeChanges(state: FollowState, message: ChangesMessage): FollowEffect[] | PresenceError {
  const { collecting } = state;
  if (collecting !== undefined) {
    // It belongs to the state that is being told; its cursor does not hold before that is complete.
    put(collecting.people, message.people);
    if (collecting.people.size > MAX_PEOPLE) return tooMuch();
  } else if (message.resumed === true || state.synced) {
    state.synced = true;
    state.cursor = message.cursor;
  }
  const changed = state.synced ? message.people : message.people.filter(({ address }) => state.people.has(address));
  put(state.people, changed);
  if (state.people.size > MAX_PEOPLE) return tooMuch();
  if (changed.length === 0) return [];
  return [{ type: 'people', changed: changed.map(({ address }) => address), removed: [] }];
}

function put(people: Map<string, PersonPresence>, told: readonly PersonPresence[]): void {
  for (const person of told) people.set(person.address, person);
}

function tooMuch(): PresenceError {
  return new PresenceError({ code: 'CLIENT_LIMIT', message: `more than ${MAX_PEOPLE} people` });
}
