import type { SipKey, SipUri } from '../../presence/ids.js';
import type { ListConfig } from '../config/config.js';
import type { Entry } from '../engine/entry.js';
import type { EngineState } from '../engine/state.js';
import type { PersonList } from '../list-ports.js';
import type { Person, Roster } from '../ports.js';
import type { PersonExplanation, PersonResolution, PersonStatus } from '../status.js';
import type { Sees, WatchedPeople } from '../watched-ports.js';
import { personStatus, personStatuses } from './bridge-status.js';
import { personExplanation } from './person-explanation.js';
import { PersonIndex } from './person-index.js';
import { PersonLists } from './person-lists.js';

/** Of those who share a name, so many are told. */
const MAX_CANDIDATES = 20;

/** The reading side of an engine: statuses as they are at the moment of the question, names and lists as of the roster. */
export class Watched implements WatchedPeople {
  readonly #state: EngineState;
  readonly #index = new PersonIndex();
  readonly #listeners = new Set<(uris: Iterable<SipUri>) => void>();
  readonly #definitions: readonly ListConfig[];
  #lists: PersonLists;

  constructor(state: EngineState, definitions: readonly ListConfig[] = []) {
    this.#state = state;
    this.#definitions = definitions;
    this.#lists = new PersonLists([], { people: [], optedOut: new Set() }, this.#index);
  }

  /** To be called with each roster, before the engine takes it. Gives the lists that are to be shown as entries. */
  take(roster: Roster): Pick<PersonLists, 'entries' | 'hidden'> {
    this.#index.take(roster);
    const lists = new PersonLists(this.#definitions, roster, this.#index);
    this.#lists = lists;
    const entries = lists.people();
    if (entries.length > 0) this.#index.take({ ...roster, people: [...roster.people, ...entries] });
    return lists;
  }

  /** Tells everybody who listens whose presence is another. */
  tell(uris: Iterable<SipUri>): void {
    for (const listener of this.#listeners) listener(uris);
  }

  all(): readonly PersonStatus[] {
    return personStatuses(this.#state);
  }

  byAddress(uri: SipUri): PersonStatus | undefined {
    const entry = this.#state.entries.get(uri);
    return entry && personStatus(entry);
  }

  person(uri: SipUri): Person | undefined {
    return this.#index.byAddress(uri);
  }

  /** Whom the key of a document means. */
  byKey(key: SipKey): Person | undefined {
    return this.#index.person(key);
  }

  resolve(text: string, sees?: Sees): PersonResolution {
    const found = this.#index.resolve(text, sees);
    if (found.outcome === 'found') {
      const person = this.byAddress(found.uri);
      return person === undefined ? { outcome: 'not-found' } : { ...found, person };
    }
    if (found.outcome !== 'ambiguous') return found;
    const entries = found.uris.slice(0, MAX_CANDIDATES).map((uri) => this.#state.entries.get(uri));
    return {
      outcome: 'ambiguous',
      by: found.by,
      candidates: entries.filter((entry): entry is Entry => entry !== undefined).map(personStatus),
    };
  }

  explain(uri: SipUri): PersonExplanation | undefined {
    const entry = this.#state.entries.get(uri);
    return entry && personExplanation(this.#state, entry);
  }

  lists(): readonly PersonList[] {
    return this.#lists.all();
  }

  isOnList(list: string, uri: SipUri): boolean {
    return this.#lists.has(list, uri);
  }

  revision(): number {
    return this.#index.revision;
  }

  onPresence(listener: (uris: Iterable<SipUri>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
