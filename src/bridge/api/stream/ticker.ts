import type { Clock } from '../../ports.js';

/** Paces work: the first wish after a quiet time is met at once, further ones together with the next tick. */
export class Ticker {
  readonly #clock: Clock;
  readonly #interval: number;
  readonly #work: () => void;
  #last = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  /** `interval` is the least time between two calls of `work`, milliseconds. */
  constructor(clock: Clock, interval: number, work: () => void) {
    this.#clock = clock;
    this.#interval = interval;
    this.#work = work;
  }

  wish(): void {
    const delay = Math.max(0, this.#last + this.#interval - this.#clock.monotonic());
    this.#cancel ??= this.#clock.after(delay, () => {
      this.#cancel = undefined;
      this.#last = this.#clock.monotonic();
      this.#work();
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
