import type { SipUri } from '../../../presence/ids.js';
import type { PersonStatus } from '../../status.js';

type FollowedPerson = Pick<PersonStatus, 'uri' | 'name' | 'displayName' | 'observedAt'>;

/**
 * When what is shown of each person changed last, as numbers that only grow; 0 for people nobody spoke of. One number a
 * person and nothing of what it was: there is no history to run out, whoever comes back after whatever time can be told
 * who changed. Pure.
 */
export class PeopleJournal {
  readonly #changed = new Map<SipUri, number>();
  readonly #identities = new Map<SipUri, string>();
  #sequence = 0;

  /** The newest number given. */
  get sequence(): number {
    return this.#sequence;
  }

  changedAt(uri: SipUri): number {
    return this.#changed.get(uri) ?? 0;
  }

  /** All of them changed now. */
  note(uris: Iterable<SipUri>): void {
    this.#sequence++;
    for (const uri of uris) this.#changed.set(uri, this.#sequence);
  }

  /**
   * Everybody who is there now. Who came, also who comes back, or bears another name counts as changed, who left is
   * forgotten. Somebody may have left and come back since the last call: nobody confirms who comes, so whoever was
   * confirmed and is not counts as changed too. Gives those who changed.
   */
  follow(people: readonly FollowedPerson[]): ReadonlySet<SipUri> {
    const changed = new Set<SipUri>();
    const there = new Set<SipUri>();
    for (const { uri, name, displayName, observedAt } of people) {
      there.add(uri);
      const identity = `${observedAt === undefined} ${name ?? `/${displayName}`}`;
      if (this.#identities.get(uri) === identity) continue;
      this.#identities.set(uri, identity);
      changed.add(uri);
    }
    for (const uri of this.#changed.keys()) if (!there.has(uri)) this.#changed.delete(uri);
    for (const uri of this.#identities.keys()) if (!there.has(uri)) this.#identities.delete(uri);
    if (changed.size > 0) this.note(changed);
    return changed;
  }
}
