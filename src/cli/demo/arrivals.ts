/** Places that a change must reach. */
export const PLACES = ['document', 'view', 'stream'] as const;
export type Place = (typeof PLACES)[number];

/** What became of the changes at one place: `arrived` + `overtaken` + missing ones = `expected`. */
export interface PlaceReport {
  /** Changes that look different there from what was before. */
  readonly expected: number;
  readonly arrived: number;
  /** Replaced by a newer change of the same person on the way, or taken back, within the time allowed. */
  readonly overtaken: number;
  /** Milliseconds from the change to its arrival. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface ArrivalReport {
  /** Changes of the truth. */
  readonly changes: number;
  readonly places: Readonly<Record<Place, PlaceReport>>;
  /** Changes that should have arrived in time and did not: `place person expected`. */
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
  readonly #tallies: Readonly<Record<Place, Tally>> = { document: new Tally(), view: new Tally(), stream: new Tally() };
  readonly #missing: string[] = [];
  #changes = 0;

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
      const tally = this.#tallies[place];
      const before = tally.waiting.get(id);
      tally.waiting.delete(id);
      if (before !== undefined && now - before.since <= this.#allowedMs) tally.overtaken++;
      else if (before !== undefined) this.#miss(place, id, before.shown);
      if (!places.includes(place)) continue;
      tally.expected++;
      // There and back within the window: the place shows it already, and need not be written.
      if (tally.showing.get(id) === shown[place]) tally.overtaken++;
      else tally.waiting.set(id, { shown: shown[place], since: now });
    }
  }

  /** At `place` person `id` is shown in state `shown`. */
  seen(place: Place, id: string, shown: string, now: number): void {
    const tally = this.#tallies[place];
    tally.showing.set(id, shown);
    const expected = tally.waiting.get(id);
    if (expected?.shown !== shown) return;
    tally.waiting.delete(id);
    const latency = now - expected.since;
    if (latency > this.#allowedMs) this.#miss(place, id, `${shown} (after ${Math.round(latency)} ms)`);
    else tally.latencies.push(latency);
  }

  /** True when nothing is on its way. */
  get complete(): boolean {
    return PLACES.every((place) => this.#tallies[place].waiting.size === 0);
  }

  /** Ends the account: whatever is still waiting is missing. */
  report(): ArrivalReport {
    for (const place of PLACES) {
      for (const [id, { shown }] of this.#tallies[place].waiting) this.#miss(place, id, shown);
      this.#tallies[place].waiting.clear();
    }
    const { document, view, stream } = this.#tallies;
    return {
      changes: this.#changes,
      places: { document: document.report(), view: view.report(), stream: stream.report() },
      missing: [...this.#missing],
    };
  }

  #miss(place: Place, id: string, what: string): void {
    this.#missing.push(`${place} ${id} ${what}`);
  }
}

/** The account of one place. */
class Tally {
  /** By person: what must still be seen. */
  readonly waiting = new Map<string, Expected>();
  /** By person: what was seen last. */
  readonly showing = new Map<string, string>();
  readonly latencies: number[] = [];
  expected = 0;
  overtaken = 0;

  report(): PlaceReport {
    const sorted = [...this.latencies].sort((a, b) => a - b);
    const at = (share: number): number =>
      Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
    const { expected, overtaken } = this;
    return { expected, arrived: sorted.length, overtaken, p50: at(0.5), p99: at(0.99), max: at(1) };
  }
}
