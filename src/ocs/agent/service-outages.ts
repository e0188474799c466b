/** What is known about a service behind the server. Times are monotonic, milliseconds. */
interface Outage {
  readonly until: number;
  /** Other subscriptions to it are suspended too. */
  readonly all: boolean;
}

/**
 * Which services behind the server are down, by the address that subscriptions go to. A sign of life ends an outage, but not
 * one that followed soon upon another: a service that comes and goes must not be asked each time.
 */
export class ServiceOutages {
  readonly #patienceMs: number;
  readonly #outages = new Map<string, Outage>();
  readonly #endedAt = new Map<string, number>();

  /** For so long after an outage signs of life in old dialogs end no other one. */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  begin(target: string, outage: Outage): void {
    this.#outages.set(target, outage);
  }

  /** Until when no new subscription to this address is opened; `undefined` when nothing speaks against it. */
  heldUntil(target: string, now: number): number | undefined {
    const outage = this.#outages.get(target);
    return outage?.all && outage.until > now ? outage.until : undefined;
  }

  /**
   * Takes note of a sign of life: `answer` to one of our requests, or a `notification`. True when that ends an outage.
   */
  end(target: string, sign: 'answer' | 'notification', now: number): boolean {
    if (!this.#outages.has(target)) return false;
    const before = this.#endedAt.get(target);
    if (sign === 'notification' && before !== undefined && now - before < this.#patienceMs) return false;
    this.#outages.delete(target);
    this.#endedAt.set(target, now);
    return true;
  }
}
