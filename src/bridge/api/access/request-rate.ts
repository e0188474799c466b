import type { Clock } from '../../ports.js';

export interface RateLimit {
  /** Requests a second that may go on for ever. */
  readonly perSecond: number;
  /** Requests at once after a quiet time. */
  readonly burst: number;
}

export interface RequestRateOptions extends RateLimit {
  readonly clock: Clock;
  /** Callers remembered at a time; the one longest unheard of is forgotten first, and begins anew. */
  readonly maxCallers?: number;
}

interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** Counts requests of each caller by a token bucket. */
export class RequestRate {
  readonly #options: RequestRateOptions;
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: RequestRateOptions) {
    this.#options = options;
  }

  /**
   * Notes one request, or one that costs as much as several; gives the milliseconds to wait when there were too many, else
   * 0. One too many costs nothing. A cost above `burst` is never free.
   */
  take(caller: string, cost = 1): number {
    const { clock, perSecond, burst, maxCallers = 10_000 } = this.#options;
    const now = clock.monotonic();
    const last = this.#buckets.get(caller) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, last.tokens + ((now - last.at) / 1000) * perSecond);
    this.#buckets.delete(caller);
    this.#buckets.set(caller, { tokens: tokens < cost ? tokens : tokens - cost, at: now });
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= maxCallers) break;
      this.#buckets.delete(oldest);
    }
    return tokens < cost ? Math.ceil(((cost - tokens) / perSecond) * 1000) : 0;
  }
}
