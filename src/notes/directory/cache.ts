import NodeCache from 'node-cache';
import type { Clock } from '../../bridge/ports.js';

export interface AgeingCacheOptions {
  readonly clock: Clock;
  /** Entries at most. The oldest go when there is no room. */
  readonly max: number;
}

interface Entry<Value> {
  readonly value: Value;
  readonly storedAt: number;
  readonly expiresAt: number;
}

/** Part of the entries that goes at once when the cache is full, so that not every new entry costs a search. */
const EVICTED_SHARE = 0.1;

/** Values that may be lost at any moment, each with its age. Times by the given clock; nothing runs by itself. */
export class AgeingCache<Value> {
  readonly #options: AgeingCacheOptions;
  readonly #cache: NodeCache;

  constructor(options: AgeingCacheOptions) {
    this.#options = options;
    this.#cache = new NodeCache({ useClones: false, checkperiod: 0, maxKeys: options.max });
  }

  get size(): number {
    return this.#cache.keys().length;
  }

  /** `age` in milliseconds. */
  get(key: string): { readonly value: Value; readonly age: number } | undefined {
    const entry = this.#cache.get<Entry<Value>>(stored(key));
    if (entry === undefined) return undefined;
    const now = this.#options.clock.monotonic();
    if (now < entry.expiresAt) return { value: entry.value, age: now - entry.storedAt };
    this.#cache.del(stored(key));
    return undefined;
  }

  /** `value` is frozen: everybody who asks gets the same one. */
  set(key: string, value: Value, lifeMs: number): void {
    const now = this.#options.clock.monotonic();
    const cache = this.#cache;
    // At its end, as the newest.
    cache.del(stored(key));
    if (cache.keys().length >= this.#options.max) this.#evict(now);
    cache.set<Entry<Value>>(
      stored(key),
      Object.freeze({ value: Object.freeze(value), storedAt: now, expiresAt: now + lifeMs }),
    );
  }

  clear(): void {
    this.#cache.flushAll();
  }

  /** Expired entries, and when there are none the oldest. */
  #evict(now: number): void {
    const keys = this.#cache.keys();
    const expired = keys.filter((key) => (this.#cache.get<Entry<Value>>(key)?.expiresAt ?? 0) <= now);
    const oldest = keys.slice(0, Math.max(1, Math.floor(this.#options.max * EVICTED_SHARE)));
    this.#cache.del(expired.length > 0 ? expired : oldest);
  }
}

/** The cache keeps its entries in an object: numbers would come first in it, and `__proto__` is no key. */
function stored(key: string): string {
  return `:${key}`;
}
