import type { Asked, PeopleMessage, PersonPresence } from '../../src/client/messages.js';

/** What somebody knows who does with the messages of a stream what their description says, and nothing else. */
export class PeopleState {
  people = new Map<string, PersonPresence>();
  asked: readonly Asked[] = [];
  /** Of the newest message that had one. */
  cursor: string | undefined;
  snapshots = 0;
  #coming: { readonly asked: readonly Asked[]; readonly people: Map<string, PersonPresence> } | undefined;

  /** True while parts of a snapshot are still to come. */
  get isPartial(): boolean {
    return this.#coming !== undefined;
  }

  take(message: PeopleMessage | { readonly type: string }): void {
    const told = message as PeopleMessage;
    if (told.type === 'changes') {
      for (const person of told.people) (this.#coming?.people ?? this.people).set(person.address, person);
      if (this.#coming === undefined) this.cursor = told.cursor;
    }
    if (told.type !== 'snapshot') return;
    if (told.asked !== undefined) this.#coming = { asked: told.asked, people: new Map() };
    if (this.#coming === undefined) throw new Error('a snapshot began with another part than its first');
    for (const person of told.people) this.#coming.people.set(person.address, person);
    if (told.more) return;
    if (told.cursor === undefined) throw new Error('a snapshot ended without a cursor');
    ({ people: this.people, asked: this.asked } = this.#coming);
    this.#coming = undefined;
    this.cursor = told.cursor;
    this.snapshots++;
  }

  /** The connection ended: what had begun to come counts for nothing. */
  cut(): void {
    this.#coming = undefined;
  }

  /** Addresses and statuses, in the order in which they became known. */
  statuses(): Record<string, string> {
    return Object.fromEntries([...this.people.values()].map(({ address, status }) => [address, status]));
  }
}
