import type { ListEntry, ListRule } from '../../src/bridge/list-ports.js';
import type { Person, Roster } from '../../src/bridge/ports.js';
import { person } from './people.js';

/** A list that is shown as one entry, as it is resolved against any roster. */
export function entryOf(list: string, members: readonly Person[], rule: ListRule = 'best') {
  const shown = person(`sip:${list}@lists.invalid`, `CN=${list}/O=Contoso`);
  return {
    person: shown,
    /** What arrives with this roster: members who are watched, in the order of the list. */
    with({ people, optedOut }: Roster): ListEntry {
      const watched = new Set(people.filter(({ key }) => !optedOut.has(key)).map(({ uri }) => uri));
      return { list, rule, person: shown, members: members.map(({ uri }) => uri).filter((uri) => watched.has(uri)) };
    },
  };
}
