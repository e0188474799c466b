/** How far below the highest number a late message is still accepted (MS-SIPAE 3.2.5.2). */
const WIDTH = 256;

/** Sliding window over the message counters of the other side: each number is accepted once. */
export class ReplayWindow {
  readonly #seen = new Uint8Array(WIDTH);
  #highest = 0;

  /** False for a number that was seen before or lies below the window. */
  accept(number: number): boolean {
    if (!Number.isSafeInteger(number) || number < 1 || number <= this.#highest - WIDTH) return false;
    if (number > this.#highest) {
      const skipped = Math.min(number - this.#highest - 1, WIDTH);
      for (let step = 1; step <= skipped; step += 1) this.#seen[(number - step) % WIDTH] = 0;
      this.#highest = number;
    } else if (this.#seen[number % WIDTH] === 1) {
      return false;
    }
    this.#seen[number % WIDTH] = 1;
    return true;
  }
}
