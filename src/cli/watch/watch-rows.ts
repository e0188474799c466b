import type { Asked } from '../../client/messages.js';
import type { NotesName } from '../../presence/ids.js';
import { abbreviated } from '../../presence/name-keys.js';
import { harmless } from '../output.js';
import { type ShownPerson, shownOf, type WatchState } from './watch-state.js';

/** One line for each who is followed, and for each who was asked for in vain. */
export type WatchRow =
  | { readonly kind: 'person'; readonly person: ShownPerson }
  | { readonly kind: 'nobody'; readonly query: string; readonly reason: string };

/** Those who were asked for, in their order; after them those of lists, by name. Each person once. */
export function watchRows(state: Pick<WatchState, 'asked' | 'people' | 'isSilent'>): readonly WatchRow[] {
  const left = new Map(state.people);
  const rows = state.asked.flatMap((asked): WatchRow[] => {
    if (!isFound(asked)) return [{ kind: 'nobody', query: asked.query, reason: asked.reason }];
    const person = left.get(asked.address);
    left.delete(asked.address);
    return person === undefined ? [] : [{ kind: 'person', person: shownOf(person, state) }];
  });
  const others = [...left.values()]
    .map((person) => ({ key: nameOf(person), person }))
    .sort((one, other) => one.key.localeCompare(other.key))
    .map(({ person }): WatchRow => ({ kind: 'person', person: shownOf(person, state) }));
  return [...rows, ...others];
}

export function isFound(asked: Asked): asked is Extract<Asked, { readonly address: string }> {
  return 'address' in asked;
}

/** What a person is called: the Notes name in short, else a name of the directory, else the address. */
export function nameOf({ name, displayName, address }: Pick<ShownPerson, 'name' | 'displayName' | 'address'>): string {
  return harmless(name === undefined ? (displayName ?? address) : abbreviated(name as NotesName));
}

/** What somebody does beside the status, and what hinders them: `in-a-meeting, out of office`. */
export function activityText({ activity, activityText: words, outOfOffice }: ShownPerson): string {
  const activityWords = words === undefined ? activity : harmless(words);
  return [...(activityWords ? [activityWords] : []), ...(outOfOffice ? ['out of office'] : [])].join(', ');
}
