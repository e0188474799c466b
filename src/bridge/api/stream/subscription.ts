import { createHash } from 'node:crypto';
import type { Asked } from '../../../client/messages.js';
import type { SipUri } from '../../../presence/ids.js';
import type { Vocabulary } from '../../../presence/vocabularies.js';
import type { Sees, WatchedPeople } from '../../watched-ports.js';
import type { Grant } from '../access/grant.js';

/** The one list that is always there. */
const EVERYBODY_LIST = 'everybody';

/** Who and what is followed, as asked. */
export interface Subscription {
  readonly people: readonly string[];
  readonly lists: readonly string[];
  readonly words: readonly Vocabulary[];
}

/** Whom a subscription stands for as of one roster, for those with one filter. */
export interface Meaning {
  /** Each once: first those who are named, then members of lists, in the order asked. */
  readonly members: readonly SipUri[];
  /** One for each name, and one for each list of which nobody is there. */
  readonly asked: readonly Asked[];
  /** The same for the same meaning, of the same words. */
  readonly key: string;
}

/** The same for everybody who asks the same with tokens that see the same people, so that what was made for one serves all. */
export function groupKeyOf({ people, lists, words }: Subscription, { filter }: Pick<Grant, 'filter'>): string {
  return hashOf([filter.key, people, lists, [...new Set(words)].sort()]);
}

/** Looks up people and lists of one audience, each name once. To be made anew with each roster. */
export class Resolver {
  readonly #watched: WatchedPeople;
  readonly #sees: Sees | undefined;
  readonly #asked = new Map<string, Asked>();
  readonly #lists = new Map<string, readonly SipUri[]>();

  constructor(watched: WatchedPeople, grant: Pick<Grant, 'filter' | 'sees'>) {
    this.#watched = watched;
    this.#sees = grant.filter.everybody ? undefined : (person) => grant.sees(person);
  }

  /** People outside of the filter are not there: not in lists, and a list that holds nobody else is like no list. */
  meaningOf({ people, lists, words }: Subscription): Meaning {
    const asked = people.map((text) => this.#resolve(text));
    const members = new Set(asked.flatMap((one) => ('address' in one ? [one.address as SipUri] : [])));
    for (const id of lists) {
      const list = this.#membersOf(id);
      for (const uri of list) members.add(uri);
      if (list.length === 0 && id !== EVERYBODY_LIST) asked.push({ query: id, reason: 'not-found' });
    }
    const all = [...members];
    return { members: all, asked, key: hashOf([all, asked, [...new Set(words)].sort()]) };
  }

  #resolve(query: string): Asked {
    const known = this.#asked.get(query);
    if (known !== undefined) return known;
    const found = this.#watched.resolve(query, this.#sees);
    const asked: Asked =
      found.outcome === 'found' ? { query, address: found.person.uri } : { query, reason: found.outcome };
    this.#asked.set(query, asked);
    return asked;
  }

  #membersOf(id: string): readonly SipUri[] {
    const known = this.#lists.get(id);
    if (known !== undefined) return known;
    const { members = [] } = this.#watched.lists().find((list) => list.id === id) ?? {};
    const seen = members.filter((uri) => this.#isSeen(uri));
    this.#lists.set(id, seen);
    return seen;
  }

  #isSeen(uri: SipUri): boolean {
    if (this.#sees === undefined) return true;
    const person = this.#watched.person(uri);
    return person !== undefined && this.#sees(person);
  }
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value), 'utf8').digest('base64url');
}
