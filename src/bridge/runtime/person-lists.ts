import type { PersonList } from '../list-ports.js';
import type { Roster } from '../ports.js';

/** All lists of a roster: everybody, and the groups that are watched. People who opted out are in none. */
export function personLists({ people, optedOut, groups = [] }: Roster): readonly PersonList[] {
  const members = people.filter(({ key }) => !optedOut.has(key)).map(({ uri }) => uri);
  const watched = new Set(members);
  return [
    { id: 'everybody', title: 'Everybody', kind: 'everybody', members },
    ...groups.map(
      (group): PersonList => ({
        id: `group:${group.name}`,
        title: group.name,
        kind: 'group',
        members: group.members.filter((uri) => watched.has(uri)),
      }),
    ),
  ];
}
