import type { PresenceClient } from '../client.js';
import type { Follow } from '../follow.js';
import { MAX_NAME_LENGTH, MAX_PEOPLE_ASKED } from '../subscription.js';
import type { BadgeFacts } from './look.js';
import { Queries } from './queries.js';
import type { UnknownReason } from './texts.js';

/** Somebody who shows one person. */
export interface BadgeReader {
  show(facts: BadgeFacts): void;
}

/** Badges of a page come one by one; a moment later most of them are there. */
const GATHER_MS = 50;
/** While a page is scrolled badges come and go: the bridge takes two subscriptions a second, and no more for long. */
const UPDATE_MS = 1_500;
/** A page that is drawn anew soon has badges again. */
const LINGER_MS = 10_000;

/** All badges of a page that show people of one bridge: one connection, one subscription. */
export class BadgeHub {
  readonly #client: Pick<PresenceClient, 'follow'>;
  readonly #queries = new Queries<BadgeReader>();
  #follow: Follow | undefined;
  #followed: readonly string[] = [];
  #known: ReadonlySet<string> = new Set();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = Number.POSITIVE_INFINITY;
  #updatedAt = Number.NEGATIVE_INFINITY;

  constructor(client: Pick<PresenceClient, 'follow'>) {
    this.#client = client;
  }

  join(query: string, reader: BadgeReader): void {
    this.#queries.add(query, reader);
    reader.show(this.#factsOf(query));
    this.#plan(GATHER_MS);
  }

  leave(query: string, reader: BadgeReader): void {
    this.#queries.remove(query, reader);
    this.#plan(LINGER_MS);
  }

  #plan(delay: number): void {
    const now = performance.now();
    const due = Math.max(now + delay, this.#updatedAt + UPDATE_MS);
    if (due >= this.#due) return;
    this.#due = due;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#update(), due - now);
  }

  #update(): void {
    this.#due = Number.POSITIVE_INFINITY;
    const followed = this.#queries.followed();
    if (followed.length === this.#followed.length && followed.every((query) => this.#known.has(query))) return;
    this.#followed = followed;
    this.#known = new Set(followed);
    this.#updatedAt = performance.now();
    if (followed.length === 0) {
      this.#follow?.stop();
      this.#follow = undefined;
    } else if (this.#follow === undefined) {
      const show = (): void => this.#show();
      this.#follow = this.#client.follow({ people: followed }, { onPeople: show, onState: show });
    } else {
      this.#follow.update({ people: followed });
    }
    this.#show();
  }

  #show(): void {
    for (const [query, readers] of this.#queries.entries()) {
      const facts = this.#factsOf(query);
      for (const reader of readers) reader.show(facts);
    }
  }

  #factsOf(query: string): BadgeFacts {
    const follow = this.#follow;
    if (query.length > MAX_NAME_LENGTH) return { reason: 'not-a-name' };
    if (follow === undefined) return { reason: 'connecting' };
    if (!this.#known.has(query))
      return { reason: this.#followed.length < MAX_PEOPLE_ASKED ? 'connecting' : 'too-many' };
    const presence = follow.person(query);
    const lost = LOST[follow.state];
    if (presence !== undefined)
      return presence.status === 'unknown' && lost ? { presence, reason: lost } : { presence };
    const asked = follow.asked().get(query);
    return { reason: lost ?? (asked !== undefined && 'reason' in asked ? asked.reason : 'connecting') };
  }
}

const LOST: Readonly<Partial<Record<Follow['state'], UnknownReason>>> = { lost: 'unreachable', refused: 'refused' };
