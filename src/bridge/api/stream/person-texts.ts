import type { SipUri } from '../../../presence/ids.js';
import type { Vocabulary } from '../../../presence/vocabularies.js';
import type { PersonStatus } from '../../status.js';
import { type Doubt, personPresence } from '../people/person-answer.js';
import type { PeopleJournal } from './people-journal.js';

export interface PersonTextsOptions {
  readonly journal: Pick<PeopleJournal, 'changedAt'>;
  readonly person: (uri: SipUri) => PersonStatus | undefined;
  readonly doubt: () => Doubt;
}

interface Text {
  readonly changedAt: number;
  readonly json: string;
}

/** People as JSON, made once for each change and set of words however many groups hold the person. */
export class PersonTexts {
  readonly #options: PersonTextsOptions;
  readonly #texts = new Map<string, Map<SipUri, Text>>();

  constructor(options: PersonTextsOptions) {
    this.#options = options;
  }

  /** A `PersonPresence`; `undefined` for somebody who is not there any more. */
  of(uri: SipUri, words: readonly Vocabulary[]): string | undefined {
    const texts = this.#textsIn(words);
    const changedAt = this.#options.journal.changedAt(uri);
    const known = texts.get(uri);
    if (known?.changedAt === changedAt) return known.json;
    const person = this.#options.person(uri);
    if (person === undefined) {
      texts.delete(uri);
      return undefined;
    }
    const json = JSON.stringify(personPresence(person, this.#options.doubt(), words));
    texts.set(uri, { changedAt, json });
    return json;
  }

  /** Nothing is kept of people who are not followed any more. */
  forget(): void {
    this.#texts.clear();
  }

  #textsIn(words: readonly Vocabulary[]): Map<SipUri, Text> {
    const key = words.join(' ');
    const known = this.#texts.get(key) ?? new Map<SipUri, Text>();
    this.#texts.set(key, known);
    return known;
  }
}
