import type { PersonList } from '../../src/bridge/list-ports.js';
import type { Person } from '../../src/bridge/ports.js';
import type { FoundBy, PersonExplanation, PersonResolution, PersonStatus } from '../../src/bridge/status.js';
import type { Sees, WatchedPeople } from '../../src/bridge/watched-ports.js';
import { type NotesName, parseNotesName, parseSipUri, type SipUri } from '../../src/presence/ids.js';
import { abbreviated, foldName } from '../../src/presence/name-keys.js';

/** A person of the stand-in: who it is, and of the status what a test cares for. Nobody confirms it without `observedAt`. */
export type FakePerson = Person & Partial<Omit<PersonStatus, keyof Person>>;

/** People and lists in memory, as a running bridge would show them; a test sets them. */
export class FakeWatchedPeople implements WatchedPeople {
  readonly #people = new Map<SipUri, FakePerson>();
  readonly #listeners = new Set<(uris: Iterable<SipUri>) => void>();
  #lists: readonly PersonList[] = [];
  #revision = 1;

  constructor(people: readonly FakePerson[] = []) {
    for (const person of people) this.#people.set(person.uri, person);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Another roster; tells nobody but by the revision. */
  set(people: readonly FakePerson[]): void {
    this.#people.clear();
    for (const person of people) this.#people.set(person.uri, person);
    this.#revision++;
  }

  /** Other lists than `everybody`, which is always there. */
  setLists(...lists: readonly PersonList[]): void {
    this.#lists = lists;
    this.#revision++;
  }

  /** Other statuses of people who are there; others are left out. */
  change(...people: readonly (Pick<Person, 'uri'> & Partial<FakePerson>)[]): void {
    const changed: SipUri[] = [];
    for (const person of people) {
      const known = this.#people.get(person.uri);
      if (known === undefined) continue;
      this.#people.set(person.uri, { ...known, ...person });
      changed.push(person.uri);
    }
    for (const listener of this.#listeners) listener(changed);
  }

  all(): readonly PersonStatus[] {
    return [...this.#people.values()].map(statusOf);
  }

  byAddress(uri: SipUri): PersonStatus | undefined {
    const person = this.#people.get(uri);
    return person && statusOf(person);
  }

  person(uri: SipUri): Person | undefined {
    return this.#people.get(uri);
  }

  resolve(text: string, sees: Sees = () => true): PersonResolution {
    const asked = text.trim().replace(/\s+/g, ' ');
    if (asked === '' || asked.length > 1024 || /\p{Cc}/u.test(asked)) return { outcome: 'not-a-name' };
    const seen = [...this.#people.values()].filter(sees);
    for (const [by, isMeant] of rulesFor(asked)) {
      const [first, ...others] = seen.filter(isMeant).map(statusOf);
      if (first === undefined) continue;
      if (others.length === 0) return { outcome: 'found', by, person: first };
      return { outcome: 'ambiguous', by, candidates: [first, ...others].slice(0, 20) };
    }
    return { outcome: 'not-found' };
  }

  explain(uri: SipUri): PersonExplanation | undefined {
    const person = this.byAddress(uri);
    if (person === undefined) return undefined;
    const confirmed = person.observedAt !== undefined;
    const rule = confirmed ? 'ocs-says-so' : 'not-confirmed';
    return { person, rule, ocs: confirmed ? person : undefined, application: undefined, list: undefined };
  }

  lists(): readonly PersonList[] {
    const everybody = { id: 'everybody', title: 'Everybody', kind: 'everybody', members: [...this.#people.keys()] };
    const watched = this.#lists.map((list) => ({
      ...list,
      members: list.members.filter((uri) => this.#people.has(uri)),
    }));
    return [everybody as PersonList, ...watched];
  }

  isOnList(list: string, uri: SipUri): boolean {
    const known = this.lists().find(({ id }) => id === list);
    return known !== undefined && (known.members.includes(uri) || known.entry?.uri === uri);
  }

  revision(): number {
    return this.#revision;
  }

  onPresence(listener: (uris: Iterable<SipUri>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function statusOf({ uri, key, name, displayName, ...said }: FakePerson): PersonStatus {
  const confirmed = said.observedAt !== undefined;
  return {
    key,
    uri,
    name,
    displayName,
    status: confirmed ? (said.status ?? 'available') : 'unknown',
    activity: confirmed ? (said.activity ?? '') : '',
    activityText: confirmed ? (said.activityText ?? '') : '',
    outOfOffice: confirmed && said.outOfOffice === true,
    note: confirmed ? (said.note ?? '') : '',
    since: confirmed ? said.since : undefined,
    observedAt: said.observedAt,
    source: confirmed ? (said.source ?? 'ocs') : 'none',
    written: said.written ?? true,
  };
}

type Rule = readonly [by: FoundBy, isMeant: (person: Person) => boolean];

function rulesFor(asked: string): readonly Rule[] {
  const name = parseNotesName(asked);
  const key = name.ok ? folded(name.value) : undefined;
  const address = parseSipUri(asked.replace(/^mailto:/i, ''));
  const common = foldName(asked.replace(/^CN=/i, ''));
  const isCommon = (one: NotesName): boolean => folded(one).split('/')[0] === common;
  return [
    ['notes-name', (person) => person.name !== undefined && folded(person.name) === key],
    ['other-name', ({ otherNames = [] }) => otherNames.some((other) => folded(other) === key)],
    ['address', ({ uri }) => address.ok && uri === address.value],
    ['mail-address', ({ mailAddresses = [] }) => address.ok && mailAddresses.includes(address.value.slice(4))],
    ['common-name', ({ name: own, otherNames = [] }) => [...(own ? [own] : []), ...otherNames].some(isCommon)],
  ];
}

function folded(name: NotesName): string {
  return foldName(abbreviated(name));
}
