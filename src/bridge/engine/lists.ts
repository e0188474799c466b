import type { SipUri } from '../../presence/ids.js';
import type { ListEntry } from '../list-ports.js';
import { type Entry, shown, told } from './entry.js';
import { follow } from './follow.js';
import { newTable, type Seat } from './list-seats.js';
import { decide, listSnapshot } from './list-status.js';
import type { EngineState } from './state.js';

/** Gives the entries of lists their members anew. To be called after each roster, when everybody has an entry. */
export function takeLists(state: EngineState, lists: readonly ListEntry[], now: number): void {
  state.seats = seatsOf(lists);
  for (const list of lists) {
    const entry = state.entries.get(list.person.uri);
    if (entry === undefined) continue;
    entry.list = newTable(list, state.entries);
    // Of a former member nothing may stay, be it for the grace: who left the list may have opted out.
    settle(state, entry, 'at-once', now);
  }
  state.changedLists.clear();
}

/** Works out the lists one of whose members changed in this step: once each, however many did. */
export function settleLists(state: EngineState, now: number): void {
  for (const uri of state.changedLists) {
    const entry = state.entries.get(uri);
    if (entry !== undefined) settle(state, entry, 'after-the-grace', now);
  }
  state.changedLists.clear();
}

function settle(state: EngineState, entry: Entry, toUnknown: 'at-once' | 'after-the-grace', now: number): void {
  const { list } = entry;
  if (list === undefined) return;
  const before = told(entry);
  const wasConfirmed = entry.confirmed;
  const place = decide(list.rule, list.ranks)?.place ?? -1;
  const member = state.entries.get(list.members[place] ?? entry.person.uri);
  if (place >= 0 && member !== undefined) {
    entry.snapshot = listSnapshot(entry.person.uri, shown(member), wasConfirmed ? entry.snapshot : undefined);
    entry.confirmed = true;
    entry.overdue = false;
    entry.tolerated = false;
    entry.observedAt = member.observedAt;
  } else {
    entry.confirmed = false;
    const isHopeless = (): boolean => state.graceOver || isGivenUp(state, list.members);
    if (wasConfirmed) {
      // OCS stands, or all would have been doubted: the document is good for the grace, as those of its members are.
      entry.tolerated = true;
      entry.overdue = toUnknown === 'at-once' || isHopeless();
    } else if (toUnknown === 'at-once' && state.role.state === 'active') entry.overdue ||= isHopeless();
  }
  follow(state, entry, before, now);
}

/** True when nobody waits for any of them: an entry without members is unknown and stays so. */
function isGivenUp({ entries }: EngineState, members: readonly SipUri[]): boolean {
  return members.every((uri) => entries.get(uri)?.overdue ?? true);
}

function seatsOf(lists: readonly ListEntry[]): ReadonlyMap<SipUri, readonly Seat[]> {
  const seats = new Map<SipUri, Seat[]>();
  for (const { person, members } of lists) {
    for (const [place, uri] of members.entries()) {
      const seat = { entry: person.uri, place };
      const known = seats.get(uri);
      if (known === undefined) seats.set(uri, [seat]);
      else known.push(seat);
    }
  }
  return seats;
}
