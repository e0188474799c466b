/** How far back a number may lie (MS-SIPAE 3.1.1: sliding window of 256). */
const WIDTH = 256;

/** Numbers beyond this cannot be counted exactly. */
const MAX = Number.MAX_SAFE_INTEGER;

/**
 * Remembers which sequence numbers were seen, so that a recorded message cannot be played again. Numbers may arrive out
 * of order within 256 of the highest one.
 */
export class ReplayWindow {
  #highest = 0;
  /** Slot `number % WIDTH` holds the last number that was seen there. */
  readonly #seen = new Float64Array(WIDTH);

  /** True when `number` is new and not too old; it is then remembered. Numbers start at 1. */
  accept(number: number): boolean {
    if (!Number.isInteger(number) || number < 1 || number > MAX) return false;
    if (number <= this.#highest - WIDTH) return false;
    const slot = number % WIDTH;
    if (this.#seen[slot] === number) return false;
    this.#seen[slot] = number;
    if (number > this.#highest) this.#highest = number;
    return true;
  }
}
