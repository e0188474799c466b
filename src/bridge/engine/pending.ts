import type { SipUri } from '../../presence/ids.js';

/** Most urgent first: away from available; any other change; turned to unknown after an outage. */
export type PendingOrder = 'urgent' | 'normal' | 'sweep';

/**
 * People whose document must be written, each once, however often they change: bounded by the roster, not by traffic.
 * Those who are no longer available go first, since a wrong "available" costs a reader most; otherwise first in, first
 * out by the time of the first unwritten change. Those whom nobody confirms any more go last: the heartbeat speaks for
 * them already.
 */
export class PendingQueue {
  readonly #urgent = new Map<SipUri, number>();
  readonly #normal = new Map<SipUri, number>();
  readonly #sweep = new Map<SipUri, number>();

  get size(): number {
    return this.#urgent.size + this.#normal.size + this.#sweep.size;
  }

  /** How many of them wait to be turned to unknown. */
  get swept(): number {
    return this.#sweep.size;
  }

  /** A person who waits already keeps the place and the time, but for becoming more urgent. */
  add(uri: SipUri, now: number, order: PendingOrder): void {
    if (this.#urgent.has(uri)) return;
    const normal = this.#normal.get(uri);
    if (normal !== undefined && order !== 'urgent') return;
    const sweep = this.#sweep.get(uri);
    if (sweep !== undefined && order === 'sweep') return;
    this.#normal.delete(uri);
    this.#sweep.delete(uri);
    const queue = order === 'urgent' ? this.#urgent : order === 'normal' ? this.#normal : this.#sweep;
    queue.set(uri, normal ?? sweep ?? now);
  }

  remove(uri: SipUri): void {
    for (const queue of this.#inOrder()) queue.delete(uri);
  }

  /** Takes people out in order, as long as the caller asks for more; gives each one's time of first change. */
  *take(): Generator<readonly [SipUri, number]> {
    for (const queue of this.#inOrder()) {
      for (const entry of queue) {
        queue.delete(entry[0]);
        yield entry;
      }
    }
  }

  /** Takes out everybody who waits to be turned to unknown. */
  takeSwept(): readonly SipUri[] {
    const uris = [...this.#sweep.keys()];
    this.#sweep.clear();
    return uris;
  }

  has(uri: SipUri): boolean {
    return this.#urgent.has(uri) || this.#normal.has(uri) || this.#sweep.has(uri);
  }

  /** Time since which the longest waiting person waits. */
  oldest(): number | undefined {
    let oldest: number | undefined;
    for (const queue of this.#inOrder()) {
      const [first] = queue.values();
      if (first !== undefined && (oldest === undefined || first < oldest)) oldest = first;
    }
    return oldest;
  }

  clear(): void {
    for (const queue of this.#inOrder()) queue.clear();
  }

  #inOrder(): readonly Map<SipUri, number>[] {
    return [this.#urgent, this.#normal, this.#sweep];
  }
}
