import type { SipUri } from '../../presence/ids.js';
import { foldName } from '../../presence/name-keys.js';
import type { ListConfig } from '../config/config.js';
import type { ListEntry, PersonList } from '../list-ports.js';
import type { Person, Roster } from '../ports.js';
import { type ListRoster, listMembers } from './list-members.js';
import type { PersonIndex } from './person-index.js';

const EVERYBODY = 'everybody';

/** A list that cannot be shown as an entry, since somebody on the roster has its name or its address. */
export interface HiddenEntry {
  readonly list: string;
  readonly taken: 'address' | 'name';
}

/**
 * The lists of one roster: everybody, watched groups, and those of the configuration, whose members are sought when somebody
 * wants to know them. Only people who are watched and did not opt out are on lists; entries that stand for lists are on none but
 * `everybody`.
 */
export class PersonLists {
  readonly #definitions: readonly ListConfig[];
  readonly #roster: ListRoster;
  readonly #members = new Map<string, readonly SipUri[]>();
  readonly #sets = new Map<string, ReadonlySet<SipUri>>();
  readonly #shown: ReadonlyMap<string, NonNullable<ListConfig['entry']>>;
  readonly #entries: ReadonlySet<SipUri>;
  /** Lists that would be shown as entries if nobody else had their names. */
  readonly hidden: readonly HiddenEntry[];
  #all: readonly PersonList[] | undefined;

  /** `index` must know the roster and nobody else; the entries may be added afterwards. */
  constructor(definitions: readonly ListConfig[], { people, optedOut, groups = [] }: Roster, index: PersonIndex) {
    const watched = people.filter(({ key }) => !optedOut.has(key));
    this.#definitions = definitions;
    this.#roster = {
      people: watched,
      groups,
      find: (text) => {
        const found = index.resolve(text, ({ uri }) => !this.#isEntry(uri));
        return found.outcome === 'found' ? found.uri : undefined;
      },
      has: (uri) => index.byAddress(uri) !== undefined && !this.#isEntry(uri),
    };
    const shown = new Map<string, NonNullable<ListConfig['entry']>>();
    const hidden: HiddenEntry[] = [];
    for (const { id, entry } of definitions) {
      if (entry === undefined || optedOut.has(entry.person.key)) continue;
      const taken = takenBy(entry.person, index);
      if (taken === undefined) shown.set(id, entry);
      else hidden.push({ list: id, taken });
    }
    this.#shown = shown;
    this.#entries = new Set([...shown.values()].map(({ person }) => person.uri));
    this.hidden = hidden;
  }

  /** Lists that are shown as entries, for the engine. */
  entries(): readonly ListEntry[] {
    return [...this.#shown].map(([list, entry]) => ({ list, ...entry, members: this.#membersOf(list) }));
  }

  /** Who stands for them. */
  people(): readonly Person[] {
    return [...this.#shown.values()].map(({ person }) => person);
  }

  all(): readonly PersonList[] {
    this.#all ??= [
      { id: EVERYBODY, title: 'Everybody', kind: 'everybody', members: this.#everybody() },
      ...this.#roster.groups.map(({ name }): PersonList => {
        const id = `group:${name}`;
        return { id, title: name, kind: 'group', members: this.#membersOf(id) };
      }),
      ...this.#definitions.map(({ id, title }): PersonList => {
        const entry = this.#shown.get(id);
        const list = { id, title, kind: 'list', members: this.#membersOf(id) } as const;
        return entry === undefined ? list : { ...list, entry: { uri: entry.person.uri, rule: entry.rule } };
      }),
    ];
    return this.#all;
  }

  /** Whether a list holds somebody, or is shown as this entry. Group names may stand in any spelling. */
  has(list: string, uri: SipUri): boolean {
    const id = foldName(list);
    let members = this.#sets.get(id);
    if (members === undefined) {
      const entry = this.#shown.get(id)?.person.uri;
      members = new Set([...this.#membersOf(list), ...(entry === undefined ? [] : [entry])]);
      this.#sets.set(id, members);
    }
    return members.has(uri);
  }

  #isEntry(uri: SipUri): boolean {
    return this.#entries.has(uri);
  }

  #everybody(): readonly SipUri[] {
    return [...this.#roster.people.map(({ uri }) => uri), ...this.#entries];
  }

  #membersOf(list: string): readonly SipUri[] {
    const id = foldName(list);
    let members = this.#members.get(id);
    if (members === undefined) {
      members = this.#seek(id);
      this.#members.set(id, members);
    }
    return members;
  }

  #seek(id: string): readonly SipUri[] {
    if (id === EVERYBODY) return this.#everybody();
    if (id.startsWith('group:')) {
      return listMembers([{ kind: 'group', group: id.slice('group:'.length) }], this.#roster);
    }
    const definition = this.#definitions.find((one) => one.id === id);
    return definition === undefined ? [] : listMembers(definition.members, this.#roster);
  }
}

function takenBy({ uri, name }: Person, index: PersonIndex): HiddenEntry['taken'] | undefined {
  if (index.byAddress(uri) !== undefined) return 'address';
  if (name === undefined) return undefined;
  const found = index.resolve(name);
  return (found.outcome === 'found' || found.outcome === 'ambiguous') && found.by === 'notes-name' ? 'name' : undefined;
}
