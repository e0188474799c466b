import type { Clock } from '../../../bridge/ports.js';

export type Gated<T> = { readonly done: true; readonly value: T } | { readonly done: false };

/**
 * Lets few calls at a time ask a KDC. A call cannot be broken off, and each one that hangs keeps a thread that the
 * whole process needs for its name look-ups, so the place of a hanging call stays taken until it has come back.
 */
export class KdcGate {
  readonly #places: number;
  #taken = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(places: number) {
    this.#places = places;
  }

  /**
   * Runs `call` when there is a place. After `limitMs`, waiting included, the result is `{ done: false }`; what a call
   * gives that comes back later is handed to `late`.
   */
  run<T>(clock: Clock, limitMs: number, call: () => Promise<T>, late: (value: T) => void): Promise<Gated<T>> {
    return new Promise((resolve, reject) => {
      let over = false;
      const cancel = clock.after(limitMs, () => {
        over = true;
        resolve({ done: false });
      });
      const begin = (): void => {
        if (over) {
          this.#next();
          return;
        }
        call().then(
          (value) => {
            this.#next();
            cancel();
            if (over) late(value);
            else resolve({ done: true, value });
          },
          (thrown: unknown) => {
            this.#next();
            cancel();
            reject(thrown);
          },
        );
      };
      if (this.#taken < this.#places) {
        this.#taken += 1;
        begin();
      } else {
        this.#waiting.push(begin);
      }
    });
  }

  /** Hands the place on. */
  #next(): void {
    const begin = this.#waiting.shift();
    if (begin === undefined) this.#taken -= 1;
    else begin();
  }
}
