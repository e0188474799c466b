import type { Clock } from '../../ports.js';

export interface FailedAttemptsOptions {
  readonly clock: Clock;
  /** Failures of one address within `window` milliseconds that are answered as such. */
  readonly max: number;
  readonly window: number;
  /** Addresses remembered at a time; the one longest unheard of is forgotten first. */
  readonly maxAddresses?: number;
}

interface Window {
  readonly since: number;
  readonly count: number;
}

/**
 * Counts wrong tokens per address. It slows down whoever guesses or has a stale token in a loop; it never locks out
 * the right token, since everybody behind one proxy shares an address.
 */
export class FailedAttempts {
  readonly #options: FailedAttemptsOptions;
  readonly #windows = new Map<string, Window>();

  constructor(options: FailedAttemptsOptions) {
    this.#options = options;
  }

  /** Notes one failure; gives the milliseconds to wait when there were too many, else 0. */
  record(address: string): number {
    const { clock, max, window, maxAddresses = 10_000 } = this.#options;
    const now = clock.monotonic();
    const last = this.#windows.get(address);
    const current = last && now - last.since < window ? last : { since: now, count: 0 };
    this.#windows.delete(address);
    this.#windows.set(address, { since: current.since, count: current.count + 1 });
    for (const oldest of this.#windows.keys()) {
      if (this.#windows.size <= maxAddresses) break;
      this.#windows.delete(oldest);
    }
    return current.count < max ? 0 : current.since + window - now;
  }
}
