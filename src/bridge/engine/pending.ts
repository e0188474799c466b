import type { SipUri } from '../../presence/ids.js';

/**
 * People whose document must be written, each once, however often they change: bounded by the roster, not by traffic.
 * Those who are no longer available go first, since a wrong "available" costs a reader most; otherwise first in, first
 * out by the time of the first unwritten change.
 */
export class PendingQueue {
  readonly #urgent = new Map<SipUri, number>();
  readonly #normal = new Map<SipUri, number>();

  get size(): number {
    return this.#urgent.size + this.#normal.size;
  }

  /** Returns false when the person waited already; the first time of waiting is kept. */
  add(uri: SipUri, now: number, order: 'urgent' | 'normal'): boolean {
    const waitingSince = this.#normal.get(uri);
    if (this.#urgent.has(uri)) return false;
    if (waitingSince !== undefined) {
      if (order === 'normal') return false;
      this.#normal.delete(uri);
    }
    (order === 'urgent' ? this.#urgent : this.#normal).set(uri, waitingSince ?? now);
    return waitingSince === undefined;
  }

  remove(uri: SipUri): void {
    this.#urgent.delete(uri);
    this.#normal.delete(uri);
  }

  /** Takes people out in order while `accept` says that there is room; gives each one's time of first change. */
  *take(): Generator<readonly [SipUri, number]> {
    for (const queue of [this.#urgent, this.#normal]) {
      for (const entry of queue) {
        queue.delete(entry[0]);
        yield entry;
      }
    }
  }

  has(uri: SipUri): boolean {
    return this.#urgent.has(uri) || this.#normal.has(uri);
  }

  /** Time since which the longest waiting person waits. */
  oldest(): number | undefined {
    const [urgent] = this.#urgent.values();
    const [normal] = this.#normal.values();
    if (urgent === undefined || normal === undefined) return urgent ?? normal;
    return Math.min(urgent, normal);
  }
}
