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

  /** A person who waits already keeps the place and the time, but for becoming urgent. */
  add(uri: SipUri, now: number, order: 'urgent' | 'normal'): void {
    const waitingSince = this.#normal.get(uri);
    if (this.#urgent.has(uri) || (waitingSince !== undefined && order === 'normal')) return;
    this.#normal.delete(uri);
    (order === 'urgent' ? this.#urgent : this.#normal).set(uri, waitingSince ?? now);
  }

  remove(uri: SipUri): void {
    this.#urgent.delete(uri);
    this.#normal.delete(uri);
  }

  /** Takes people out in order, as long as the caller asks for more; gives each one's time of first change. */
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
