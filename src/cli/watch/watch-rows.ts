import type { Asked, PersonPresence } from '../../client/messages.js';
import type { NotesName } from '../../presence/ids.js';
import { abbreviated } from '../../presence/name-keys.js';
import { harmless } from '../output.js';
import type { WatchView } from './watch-view.js';

/** One line for each who is followed, and for each who was asked for in vain. */
export type WatchRow =
  | { readonly kind: 'person'; readonly person: PersonPresence }
  | { readonly kind: 'nobody'; readonly query: string; readonly reason: string };

/** Those who were asked for, in their order; after them those of lists, by name. Each person once. */
export function watchRows({ asked, people }: Pick<WatchView, 'asked' | 'people'>): readonly WatchRow[] {
  const left = new Map(people.map((person) => [person.address, person]));
  const rows = asked.flatMap((one): WatchRow[] => {
    if (!isFound(one)) return [{ kind: 'nobody', query: one.query, reason: one.reason }];
    const person = left.get(one.address);
    left.delete(one.address);
    return person === undefined ? [] : [{ kind: 'person', person }];
  });
  const others = [...left.values()]
    .map((person) => ({ key: nameOf(person), person }))
    .sort((one, other) => one.key.localeCompare(other.key))
    .map(({ person }): WatchRow => ({ kind: 'person', person }));
  return [...rows, ...others];
}

export function isFound(asked: Asked): asked is Extract<Asked, { readonly address: string }> {
  return 'address' in asked;
}

/** What a person is called: the Notes name in short, else a name of the directory, else the address. */
export function nameOf({
  name,
  displayName,
  address,
}: Pick<PersonPresence, 'name' | 'displayName' | 'address'>): string {
  return harmless(name === undefined ? (displayName ?? address) : abbreviated(name as NotesName));
}

/** What somebody does beside the status, and what hinders them: `in-a-meeting, out of office`. */
export function activityText({ activity, activityText: words, outOfOffice }: PersonPresence): string {
  const activityWords = words === undefined ? activity : harmless(words);
  return [...(activityWords ? [activityWords] : []), ...(outOfOffice ? ['out of office'] : [])].join(', ');
}
