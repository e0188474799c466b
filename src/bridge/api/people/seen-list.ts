import { STATUSES, type Status } from '../../../presence/availability.js';
import type { SipUri } from '../../../presence/ids.js';
import type { Vocabulary } from '../../../presence/vocabularies.js';
import type { PersonList } from '../../list-ports.js';
import type { PersonStatus } from '../../status.js';
import type { WatchedPeople } from '../../watched-ports.js';
import type { Grant } from '../access/grant.js';
import { inSlices } from '../http/in-slices.js';
import type { ListHead, Member } from './list-schemas.js';
import type { Moment } from './people-side.js';
import { personPresence, shownStatus } from './person-answer.js';

/** A list as one caller may see it: as if its members were those only whom the filter lets through. */
export interface SeenList {
  readonly list: PersonList;
  /** Who was on it and seen when it was looked through. */
  readonly members: readonly SipUri[];
  readonly counts: Readonly<Record<Status, number>>;
}

type Sees = Grant['sees'];

/**
 * Looks a list through. `undefined` when the caller sees nobody of it: then it is not there, but for the list of everybody,
 * which is always.
 */
export async function seenList(
  list: PersonList,
  watched: Pick<WatchedPeople, 'byAddress'>,
  sees: Sees,
): Promise<SeenList | undefined> {
  const members: SipUri[] = [];
  const counts = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>;
  for await (const slice of inSlices(list.members)) {
    for (const uri of slice) {
      const person = watched.byAddress(uri);
      if (person === undefined || !sees(person)) continue;
      members.push(uri);
      counts[shownStatus(person)]++;
    }
  }
  return members.length === 0 && list.kind !== 'everybody' ? undefined : { list, members, counts };
}

/** What is told of a list as a whole. */
export function headOf(
  { list: { id, title, kind, entry }, members }: SeenList,
  watched: Pick<WatchedPeople, 'byAddress'>,
  { sees, doubt, words = [] }: { readonly sees: Sees; readonly words?: readonly Vocabulary[] } & Pick<Moment, 'doubt'>,
): ListHead {
  const person = entry && watched.byAddress(entry.uri);
  const shown =
    entry === undefined || person === undefined || !sees(person)
      ? {}
      : { entry: { ...memberOf(person, doubt, words), rule: entry.rule } };
  return { id, title, kind, people: members.length, ...shown };
}

export function memberOf(person: PersonStatus, doubt: Moment['doubt'], words: readonly Vocabulary[]): Member {
  return { key: person.key, ...personPresence(person, doubt, words) };
}
