import type { SipUri } from '../../../presence/ids.js';

/** Who follows whom, by person, so that a change costs only those who hear of it. */
export class Followers<Follower> {
  readonly #byPerson = new Map<SipUri, Set<Follower>>();
  #memberships = 0;

  /** People of all followers together. */
  get memberships(): number {
    return this.#memberships;
  }

  of(person: SipUri): Iterable<Follower> {
    return this.#byPerson.get(person) ?? [];
  }

  /** Follows these people, each named once, and none of them yet. */
  join(follower: Follower, people: readonly SipUri[]): void {
    for (const person of people) {
      const followers = this.#byPerson.get(person);
      if (followers === undefined) this.#byPerson.set(person, new Set([follower]));
      else followers.add(follower);
    }
    this.#memberships += people.length;
  }

  /** Follows these people, all of whom it followed, no more. */
  leave(follower: Follower, people: readonly SipUri[]): void {
    for (const person of people) {
      const followers = this.#byPerson.get(person);
      followers?.delete(follower);
      if (followers?.size === 0) this.#byPerson.delete(person);
    }
    this.#memberships -= people.length;
  }
}
