import { parseNotesName, parseSipUri, type SipUri } from '../../presence/ids.js';
import { abbreviated, foldName } from '../../presence/name-keys.js';
import { hasSameNames } from '../engine/roster.js';
import type { Person, Roster } from '../ports.js';

export type FoundUri =
  | { readonly outcome: 'found'; readonly uri: SipUri }
  | { readonly outcome: 'not-found' | 'ambiguous' | 'not-a-name' };

/** Longer texts are no names; whoever sends them wants to keep us busy. */
const MAX_LENGTH = 1024;

type Keys = Map<string, Set<SipUri>>;

/**
 * Finds people of the roster by a hierarchical Notes name in any spelling, a SIP address, a mail address or a common
 * name. Present names go before alternate and previous ones, which somebody else may bear by now; what several people
 * have is ambiguous. Kept from one roster to the next: only those who came, left or changed are touched, and nobody
 * before the first question.
 */
export class PersonIndex {
  readonly #people = new Map<SipUri, Person>();
  readonly #names: Keys = new Map();
  readonly #otherNames: Keys = new Map();
  readonly #addresses: Keys = new Map();
  readonly #commonNames: Keys = new Map();
  #waiting: Roster | undefined;

  take(roster: Roster): void {
    this.#waiting = roster;
  }

  find(text: string): FoundUri {
    if (this.#waiting !== undefined) this.#update(this.#waiting);
    const asked = text.trim().replace(/\s+/g, ' ');
    if (asked === '' || asked.length > MAX_LENGTH || /\p{Cc}/u.test(asked)) return { outcome: 'not-a-name' };
    return answer(this.#byName(asked) ?? this.#byAddress(asked) ?? this.#commonNames.get(commonKey(asked)));
  }

  #byName(asked: string): ReadonlySet<SipUri> | undefined {
    const name = parseNotesName(asked);
    if (!name.ok) return undefined;
    const key = foldName(abbreviated(name.value));
    return this.#names.get(key) ?? this.#otherNames.get(key);
  }

  #byAddress(asked: string): ReadonlySet<SipUri> | undefined {
    const address = parseSipUri(asked.replace(/^mailto:/i, ''));
    if (!address.ok) return undefined;
    if (this.#people.has(address.value)) return new Set([address.value]);
    return this.#addresses.get(address.value);
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
    for (const [keys, key] of this.#keysOf(person)) {
      const uris = keys.get(key);
      if (uris === undefined) keys.set(key, new Set([person.uri]));
      else uris.add(person.uri);
    }
  }

  #remove(person: Person): void {
    this.#people.delete(person.uri);
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

function answer(uris: ReadonlySet<SipUri> | undefined): FoundUri {
  const [uri, another] = uris ?? [];
  if (uri === undefined) return { outcome: 'not-found' };
  return another === undefined ? { outcome: 'found', uri } : { outcome: 'ambiguous' };
}
