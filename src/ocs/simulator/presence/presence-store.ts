import type { Clock } from '../../../bridge/ports.js';
import type { SipUri } from '../../../presence/ids.js';
import { afterLong } from '../long-delay.js';
import { CONTAINER, type Member, withMembers } from './containers.js';
import { Person } from './person.js';
import type { PublicationRequest } from './publication.js';
import { dropEndpoint, dropExpired, type PublishOutcome, publish } from './publish.js';
import { type SimulatedPresence, samePresence } from './simulated-presence.js';

export interface PresenceChange {
  readonly person: Person;
  /** Categories that watchers must be told about. */
  readonly categories: ReadonlySet<string>;
}

/** What a person lets a watcher see. */
export type Access = 'allowed' | 'blocked' | 'undecided';

export type TruthListener = (uri: SipUri, presence: SimulatedPresence) => void;

/** Everybody's presence. Watchers are told through `onChange`; `onTruth` is for whoever compares. */
export class PresenceStore {
  readonly #people = new Map<SipUri, Person>();
  readonly #truth = new Map<SipUri, SimulatedPresence>();
  readonly #expiries = new Map<Person, () => void>();
  readonly #truthListeners = new Set<TruthListener>();
  readonly #clock: Clock;
  readonly #capacity: number;
  readonly #notify: (change: PresenceChange) => void;

  constructor(clock: Clock, publicationsPerUser: number, notify: (change: PresenceChange) => void) {
    this.#clock = clock;
    this.#capacity = publicationsPerUser;
    this.#notify = notify;
  }

  people(): IterableIterator<Person> {
    return this.#people.values();
  }

  find(uri: SipUri): Person | undefined {
    return this.#people.get(uri);
  }

  add(uri: SipUri, displayName: string): Person {
    const person = new Person(uri, displayName, this.#clock.now());
    this.#people.set(uri, person);
    this.#truth.set(uri, person.presence());
    return person;
  }

  /** Sets the presence of somebody without a client; a signed-in client's own publications go before it. */
  assign(uri: SipUri, presence: SimulatedPresence): void {
    const person = this.#people.get(uri) ?? this.add(uri, presence.displayName);
    const renamed = person.displayName !== presence.displayName;
    person.assigned = { presence, at: Math.max(this.#clock.now(), person.assigned?.at ?? 0) };
    this.announce(person, new Set(renamed ? ['contactCard'] : []));
  }

  /** Stores publications. When the outcome is good, `announce` must follow once the publisher has its answer. */
  publish(person: Person, endpoint: string, requests: readonly PublicationRequest[]): PublishOutcome {
    const outcome = publish(person, requests, { endpoint, now: this.#clock.now(), capacity: this.#capacity });
    if (outcome.kind !== 'published') return outcome;
    if (requests.some(({ expireType }) => expireType === 'time')) this.#waitForExpiry(person);
    return outcome;
  }

  /** To be called when an endpoint of this person came or went. */
  setEndpoints(person: Person, count: number, gone?: string): void {
    person.endpoints = count;
    this.announce(person, gone === undefined ? new Set() : dropEndpoint(person, gone));
  }

  setMembers(person: Person, container: number, added: readonly Member[], removed: readonly Member[]): void {
    person.containers = withMembers(person.containers, container, added, removed);
  }

  /** What this person decided about a watcher, who is told at once: seeing, being blocked, or neither yet. */
  setAccess(person: Person, watcher: SipUri, access: Access): void {
    const member = { type: 'user', value: watcher } as const;
    const isBlocked = access === 'blocked';
    this.setMembers(person, CONTAINER.blocked, isBlocked ? [member] : [], isBlocked ? [] : [member]);
    person.prompts.delete(watcher);
    if (access === 'allowed') person.confirmed.add(watcher);
    else person.confirmed.delete(watcher);
    if (access === 'undecided') person.undecided.add(watcher);
    else person.undecided.delete(watcher);
  }

  onTruth(listener: TruthListener): () => void {
    this.#truthListeners.add(listener);
    return () => this.#truthListeners.delete(listener);
  }

  /**
   * Finds out what a change means. `state` and `note` count only when their outcome differs from what was last told, so a
   * publication that loses in the aggregation stays invisible; other categories are passed on as they are.
   */
  announce(person: Person, touched: ReadonlySet<string>): void {
    const before = this.#truth.get(person.uri);
    const after = person.presence();
    const categories = new Set([...touched].filter((category) => category !== 'state'));
    if (!before || before.availability !== after.availability || before.activity !== after.activity) {
      person.stateChanged(this.#clock.now());
      categories.add('state');
    }
    if (!before || before.note !== after.note || before.outOfOffice !== after.outOfOffice) categories.add('note');
    if (before && samePresence(before, after)) {
      if (categories.size > 0) this.#notify({ person, categories });
      return;
    }
    this.#truth.set(person.uri, after);
    for (const listener of this.#truthListeners) listener(person.uri, after);
    this.#notify({ person, categories });
  }

  /** Who may see what has changed: every watcher gets all again as far as it may. */
  announceRights(person: Person): void {
    this.#notify({ person, categories: new Set(['contactCard', 'state', 'note']) });
  }

  /** Stops all timers. */
  clear(): void {
    for (const cancel of this.#expiries.values()) cancel();
    this.#expiries.clear();
  }

  /** One timer per person, for the publication that ends first. */
  #waitForExpiry(person: Person): void {
    this.#expiries.get(person)?.();
    this.#expiries.delete(person);
    const ends = [...person.publications.values()].flatMap(({ expiresAt }) => expiresAt ?? []);
    if (ends.length === 0) return;
    const wait = Math.max(0, Math.min(...ends) - this.#clock.now());
    this.#expiries.set(
      person,
      afterLong(this.#clock, wait, () => {
        const categories = dropExpired(person, this.#clock.now());
        this.#waitForExpiry(person);
        if (categories.size > 0) this.announce(person, categories);
      }),
    );
  }
}
