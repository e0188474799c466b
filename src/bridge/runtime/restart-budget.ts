/**
 * How often a part may be started again before the failure is passed upward: `intensity` times within `periodMs`.
 * Pure: the caller gives the time of each failure, milliseconds on a monotonic clock.
 */
export class RestartBudget {
  readonly #intensity: number;
  readonly #periodMs: number;
  #failures: readonly number[] = [];

  constructor(intensity = 3, periodMs = 300_000) {
    this.#intensity = intensity;
    this.#periodMs = periodMs;
  }

  /** Notes a failure; false when the budget is used up. */
  spend(now: number): boolean {
    this.#failures = [...this.#failures.filter((time) => now - time < this.#periodMs), now];
    return this.#failures.length <= this.#intensity;
  }
}
