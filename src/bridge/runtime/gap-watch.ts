/** The process stood still for longer than this when nothing at all happened: stopped, or its machine was. */
const GAP_MS = 30_000;

/**
 * Notices that time passed in which the process did not run (SIGSTOP, a frozen virtual machine, a loop that was
 * blocked). Must be told of a moment far more often than `gapMs`. By the monotonic clock: that the wall clock was set
 * says nothing about what was missed.
 */
export class GapWatch {
  readonly #gapMs: number;
  #last: number;

  /** Milliseconds on a monotonic clock. */
  constructor(now: number, gapMs = GAP_MS) {
    this.#last = now;
    this.#gapMs = gapMs;
  }

  /** Length of the gap that ends now, milliseconds; 0 when there was none. */
  passed(now: number): number {
    const gap = now - this.#last;
    this.#last = now;
    return gap > this.#gapMs ? gap : 0;
  }
}
