/** Places that a change must reach. */
export const PLACES = ['document', 'view', 'stream'] as const;
export type Place = (typeof PLACES)[number];

export interface Latencies {
  readonly count: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface ArrivalReport {
  /** Changes of the truth. */
  readonly changes: number;
  readonly places: Readonly<Record<Place, Latencies>>;
  /** Changes that a newer one of the same person replaced on the way, within the time allowed. */
  readonly overtaken: number;
  /** Changes that should have arrived and did not: `person place expected`. */
  readonly missing: readonly string[];
}

interface Expected {
  readonly shown: string;
  readonly since: number;
}

/**
 * Compares what is true with what arrives. A change counts as arrived at a place when exactly its state is seen there;
 * as overtaken when a newer change came first and the time allowed was not over; otherwise as missing. Times in ms.
 */
export class Arrivals {
  readonly #allowedMs: number;
  readonly #waiting = new Map<string, Expected>();
  readonly #showing = new Map<string, string>();
  readonly #latencies: Record<Place, number[]> = { document: [], view: [], stream: [] };
  readonly #missing: string[] = [];
  #changes = 0;
  #overtaken = 0;

  constructor(allowedMs: number) {
    this.#allowedMs = allowedMs;
  }

  /**
   * Person `id` changed; `shown` says how the new state looks at each place. `places` leaves out those where it looks as
   * before.
   */
  changed(id: string, shown: Readonly<Record<Place, string>>, now: number, places: readonly Place[] = PLACES): void {
    this.#changes++;
    for (const place of PLACES) {
      const key = `${place} ${id}`;
      const before = this.#waiting.get(key);
      if (before !== undefined) this.#giveUp(key, before, now);
      this.#waiting.delete(key);
      if (!places.includes(place)) continue;
      // There and back within the window: the place shows it already, and need not be written.
      if (this.#showing.get(key) === shown[place]) this.#overtaken++;
      else this.#waiting.set(key, { shown: shown[place], since: now });
    }
  }

  /** At `place` person `id` is shown in state `shown`. */
  seen(place: Place, id: string, shown: string, now: number): void {
    const key = `${place} ${id}`;
    this.#showing.set(key, shown);
    const expected = this.#waiting.get(key);
    if (expected?.shown !== shown) return;
    this.#waiting.delete(key);
    const latency = now - expected.since;
    if (latency > this.#allowedMs) this.#missing.push(`${key} ${shown} (after ${Math.round(latency)} ms)`);
    this.#latencies[place].push(latency);
  }

  /** True when nothing is on its way. */
  get complete(): boolean {
    return this.#waiting.size === 0;
  }

  /** Ends the account: whatever is still waiting is missing. */
  report(): ArrivalReport {
    for (const [key, { shown }] of this.#waiting) this.#missing.push(`${key} ${shown}`);
    this.#waiting.clear();
    return {
      changes: this.#changes,
      places: {
        document: summary(this.#latencies.document),
        view: summary(this.#latencies.view),
        stream: summary(this.#latencies.stream),
      },
      overtaken: this.#overtaken,
      missing: [...this.#missing],
    };
  }

  #giveUp(key: string, { shown, since }: Expected, now: number): void {
    if (now - since > this.#allowedMs) this.#missing.push(`${key} ${shown}`);
    else this.#overtaken++;
  }
}

function summary(latencies: readonly number[]): Latencies {
  const sorted = [...latencies].sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}
