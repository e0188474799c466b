import type { SipUri } from '../../presence/ids.js';
import type { ListEntry } from '../list-ports.js';
import { type Entry, shown } from './entry.js';
import { memberRank } from './list-status.js';
import type { EngineState } from './state.js';

/** Where a person has a place in a list that is shown as an entry. */
export interface Seat {
  /** Address of the entry. */
  readonly entry: SipUri;
  /** Place in the list, from 0. */
  readonly place: number;
}

/** What the entry of a list knows of its members. */
export interface ListTable extends Pick<ListEntry, 'list' | 'rule' | 'members'> {
  /** `memberRank` of each member, in the order of the list. */
  readonly ranks: Uint8Array;
}

export function newTable({ list, rule, members }: ListEntry, entries: EngineState['entries']): ListTable {
  const ranks = Uint8Array.from(members, (uri) => rankIn(entries.get(uri)));
  return { list, rule, members, ranks };
}

/** To be called after any change of a person: the lists that hold the person are settled at the end of the step. */
export function noteMember(state: EngineState, entry: Entry): void {
  const seats = state.seats.get(entry.person.uri);
  if (seats === undefined) return;
  const rank = rankIn(entry);
  for (const { entry: uri, place } of seats) {
    const table = state.entries.get(uri)?.list;
    if (table === undefined) continue;
    table.ranks[place] = rank;
    state.changedLists.add(uri);
  }
}

function rankIn(entry: Entry | undefined): number {
  return memberRank(entry?.confirmed ? shown(entry).status : undefined);
}
