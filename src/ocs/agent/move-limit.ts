import type { SipUri } from '../../presence/ids.js';

const FIRST_TIDY = 1000;

/** Counts how often people are sent from one subscription to another, so that nobody goes round in circles. */
export class MoveLimit {
  readonly #most: number;
  readonly #withinMs: number;
  readonly #moves = new Map<SipUri, { readonly count: number; readonly until: number }>();

  #tidyAt = FIRST_TIDY;

  /** At most so many moves of one person within so many milliseconds. */
  constructor(most: number, withinMs: number) {
    this.#most = most;
    this.#withinMs = withinMs;
  }

  /** Counts one more move; false when it is one too many. `now` is monotonic. */
  allows(person: SipUri, now: number): boolean {
    if (this.#moves.size >= this.#tidyAt) this.#tidy(now);
    const before = this.#moves.get(person);
    const known = before !== undefined && now < before.until ? before : { count: 0, until: now + this.#withinMs };
    this.#moves.set(person, { ...known, count: known.count + 1 });
    return known.count < this.#most;
  }

  /** Forgets whose time is over; at sizes that double, so that it costs next to nothing. */
  #tidy(now: number): void {
    for (const [person, { until }] of this.#moves) if (now >= until) this.#moves.delete(person);
    this.#tidyAt = Math.max(FIRST_TIDY, 2 * this.#moves.size);
  }
}
