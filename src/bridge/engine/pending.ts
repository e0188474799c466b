import type { SipUri } from '../../presence/ids.js';

/** Most urgent first: away from available; any other change; turned to unknown after an outage. */
const ORDERS = ['urgent', 'normal', 'sweep'] as const;

export type PendingOrder = (typeof ORDERS)[number];

/**
 * People whose document must be written, each once, however often they change: bounded by the roster, not by traffic.
 * Those who are no longer available go first, since a wrong "available" costs a reader most; otherwise first in, first
 * out by the time of the first unwritten change. Those whom nobody confirms any more go last: the heartbeat speaks for
 * them already.
 */
export class PendingQueue {
  readonly #queues: Readonly<Record<PendingOrder, Map<SipUri, number>>> = {
    urgent: new Map(),
    normal: new Map(),
    sweep: new Map(),
  };

  get size(): number {
    return this.#queues.urgent.size + this.#queues.normal.size + this.#queues.sweep.size;
  }

  /** How many of them wait to be turned to unknown. */
  get swept(): number {
    return this.#queues.sweep.size;
  }

  /** A person who waits already keeps the place and the time, but for becoming more urgent. */
  add(uri: SipUri, now: number, order: PendingOrder): void {
    let waitingSince = now;
    for (const other of ORDERS) {
      const since = this.#queues[other].get(uri);
      if (since === undefined) {
        if (other !== order) continue;
        break;
      }
      return;
    }
    for (const less of ORDERS.slice(ORDERS.indexOf(order) + 1)) {
      waitingSince = this.#queues[less].get(uri) ?? waitingSince;
      this.#queues[less].delete(uri);
    }
    this.#queues[order].set(uri, waitingSince);
  }

  remove(uri: SipUri): void {
    for (const order of ORDERS) this.#queues[order].delete(uri);
  }

  /** Takes people out in order, as long as the caller asks for more; gives each one's time of first change. */
  *take(): Generator<readonly [SipUri, number]> {
    for (const order of ORDERS) {
      const queue = this.#queues[order];
      for (const entry of queue) {
        queue.delete(entry[0]);
        yield entry;
      }
    }
  }

  /** Takes out everybody who waits to be turned to unknown. */
  takeSwept(): readonly SipUri[] {
    const uris = [...this.#queues.sweep.keys()];
    this.#queues.sweep.clear();
    return uris;
  }

  has(uri: SipUri): boolean {
    return ORDERS.some((order) => this.#queues[order].has(uri));
  }

  /** Time since which the longest waiting person waits. */
  oldest(): number | undefined {
    let oldest: number | undefined;
    for (const order of ORDERS) {
      const [first] = this.#queues[order].values();
      if (first !== undefined && (oldest === undefined || first < oldest)) oldest = first;
    }
    return oldest;
  }

  clear(): void {
    for (const order of ORDERS) this.#queues[order].clear();
  }
}
