import { parseNotesName, parseSipUri, type SipKey, type SipUri } from '../../presence/ids.js';
import { abbreviated, foldName } from '../../presence/name-keys.js';
import { hasSameNames } from '../engine/roster.js';
import type { Person, Roster } from '../ports.js';
import type { FoundBy } from '../status.js';
import type { Sees } from '../watched-ports.js';

export type FoundUri =
  | { readonly outcome: 'found'; readonly by: FoundBy; readonly uri: SipUri }
  /** All who have the name. */
  | { readonly outcome: 'ambiguous'; readonly by: FoundBy; readonly uris: readonly SipUri[] }
  | { readonly outcome: 'not-found' | 'not-a-name' };

/** Longer texts are no names; whoever sends them wants to keep us busy. */
const MAX_LENGTH = 1024;

type Keys = Map<string, Set<SipUri>>;
type Candidates = readonly [by: FoundBy, uris: ReadonlySet<SipUri> | undefined];

/**
 * Finds people of the roster by a hierarchical Notes name in any spelling, a SIP address, a mail address or a common
 * name. Present names go before alternate and previous ones, which somebody else may bear by now; what several people
 * have is ambiguous. Kept from one roster to the next: only those who came, left or changed are touched, and nobody
 * before the first question.
 */
export class PersonIndex {
  readonly #people = new Map<SipUri, Person>();
  readonly #byKey = new Map<SipKey, Person>();
  readonly #names: Keys = new Map();
  readonly #otherNames: Keys = new Map();
  readonly #addresses: Keys = new Map();
  readonly #commonNames: Keys = new Map();
  #waiting: Roster | undefined;
  #revision = 0;

  /** Another number after each roster. */
  get revision(): number {
    return this.#revision;
  }

  take(roster: Roster): void {
    this.#waiting = roster;
    this.#revision++;
  }

  /** Whom the key of a document means; `undefined` for somebody who is not watched. */
  person(key: SipKey): Person | undefined {
    if (this.#waiting !== undefined) this.#update(this.#waiting);
    return this.#byKey.get(key);
  }

  byAddress(uri: SipUri): Person | undefined {
    if (this.#waiting !== undefined) this.#update(this.#waiting);
    return this.#people.get(uri);
  }

  /** With `sees` among those alone whom it lets through: others neither are found nor make anybody ambiguous. */
  resolve(text: string, sees?: Sees): FoundUri {
    if (this.#waiting !== undefined) this.#update(this.#waiting);
    const asked = text.trim().replace(/\s+/g, ' ');
    if (asked === '' || asked.length > MAX_LENGTH || /\p{Cc}/u.test(asked)) return { outcome: 'not-a-name' };
    for (const [by, uris] of this.#candidates(asked)) {
      const seen = sees === undefined ? [...(uris ?? [])] : this.#those(uris, sees);
      const [uri, another] = seen;
      if (uri === undefined) continue;
      // In an order that does not tell in which they came.
      return another === undefined
        ? { outcome: 'found', by, uri }
        : { outcome: 'ambiguous', by, uris: seen.toSorted() };
    }
    return { outcome: 'not-found' };
  }

  /** Whom a text may mean, surest first; who is found by one of them is not sought by the next. */
  *#candidates(asked: string): Generator<Candidates> {
    yield* this.#byName(asked);
    yield* this.#byAddress(asked);
    yield ['common-name', this.#commonNames.get(commonKey(asked))];
  }

  #those(uris: ReadonlySet<SipUri> | undefined, sees: Sees): readonly SipUri[] {
    return [...(uris ?? [])].filter((uri) => {
      const person = this.#people.get(uri);
      return person !== undefined && sees(person);
    });
  }

  *#byName(asked: string): Generator<Candidates> {
    const name = parseNotesName(asked);
    if (!name.ok) return;
    const key = foldName(abbreviated(name.value));
    yield ['notes-name', this.#names.get(key)];
    yield ['other-name', this.#otherNames.get(key)];
  }

  *#byAddress(asked: string): Generator<Candidates> {
    const address = parseSipUri(asked.replace(/^mailto:/i, ''));
    if (!address.ok) return;
    if (this.#people.has(address.value)) yield ['address', new Set([address.value])];
    yield ['mail-address', this.#addresses.get(address.value)];
  }

  #update({ people, optedOut }: Roster): void {
    this.#waiting = undefined;
    const wanted = new Map(people.filter(({ key }) => !optedOut.has(key)).map((person) => [person.uri, person]));
    for (const [uri, known] of this.#people) {
      const person = wanted.get(uri);
      if (person !== undefined && hasSameNames(known, person)) wanted.delete(uri);
      else this.#remove(known);
    }
    for (const person of wanted.values()) this.#add(person);
  }

  #add(person: Person): void {
    this.#people.set(person.uri, person);
    this.#byKey.set(person.key, person);
    for (const [keys, key] of this.#keysOf(person)) {
      const uris = keys.get(key);
      if (uris === undefined) keys.set(key, new Set([person.uri]));
      else uris.add(person.uri);
    }
  }

  #remove(person: Person): void {
    this.#people.delete(person.uri);
    this.#byKey.delete(person.key);
    for (const [keys, key] of this.#keysOf(person)) {
      const uris = keys.get(key);
      uris?.delete(person.uri);
      if (uris?.size === 0) keys.delete(key);
    }
  }

  *#keysOf({ name, otherNames = [], mailAddresses = [] }: Person): Generator<readonly [Keys, string]> {
    if (name !== undefined) yield [this.#names, foldName(abbreviated(name))];
    for (const other of otherNames) yield [this.#otherNames, foldName(abbreviated(other))];
    for (const one of name === undefined ? otherNames : [name, ...otherNames]) {
      const whole = abbreviated(one);
      yield [this.#commonNames, foldName(whole.slice(0, whole.indexOf('/')))];
    }
    for (const mail of mailAddresses) {
      const address = parseSipUri(mail);
      if (address.ok) yield [this.#addresses, address.value];
    }
  }
}

function commonKey(asked: string): string {
  return foldName(asked.replace(/^CN=/i, ''));
}
