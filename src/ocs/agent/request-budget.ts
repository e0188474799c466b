import type { Clock } from '../../bridge/ports.js';

/** What leaves in one second may arrive in less, when the way or the server holds it up for a moment. */
export const ARRIVAL_SLACK = 1.1;

/**
 * Lets only so many requests leave in a second, whatever the reason for them: a server that has just come back must not
 * be driven over by its clients. A second's worth may leave at once, and in no second more than that.
 *
 * Everybody who shares the server shares one budget. Turns are given in the order in which they were asked for; how
 * many may stand in line is up to those who ask (`RequestGate` asks for one at a time).
 */
export class RequestBudget {
  readonly #clock: Clock;
  readonly #windowMs: number;
  /** When the last turns were taken: a ring, of which `#oldest` is the next to be overwritten. */
  readonly #taken: number[];
  #oldest = 0;
  /** Those before `#next` have had their turn. Taking from the front of a long array would cost too much. */
  #waiting: (() => void)[] = [];
  #next = 0;
  #draining = false;
  #armed = false;

  /** `perSecond` may be a fraction; it must be above zero. `slack` makes each second longer by that factor. */
  constructor(perSecond: number, clock: Clock, slack = 1) {
    const burst = Math.max(1, Math.floor(perSecond));
    this.#clock = clock;
    this.#windowMs = (burst * 1000 * slack) / perSecond;
    this.#taken = new Array<number>(burst).fill(Number.NEGATIVE_INFINITY);
  }

  /** Calls `run` once when its turn comes, at once if it may. */
  take(run: () => void): void {
    this.#waiting.push(run);
    this.#drain();
  }

  /** Takes a turn at once, or none: for what may as well be left undone. */
  tryTake(): boolean {
    const now = this.#clock.monotonic();
    if (this.#next < this.#waiting.length || this.#waitAt(now) > 0) return false;
    this.#use(now);
    return true;
  }

  /** Takes a turn for a request that cannot wait; the others wait the longer. */
  spend(): void {
    this.#use(this.#clock.monotonic());
  }

  #drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    try {
      for (let run = this.#waiting[this.#next]; run !== undefined; run = this.#waiting[this.#next]) {
        const now = this.#clock.monotonic();
        const wait = this.#waitAt(now);
        if (wait > 0) {
          this.#arm(wait);
          break;
        }
        this.#use(now);
        this.#next++;
        run();
      }
    } finally {
      this.#draining = false;
    }
    if (this.#next < this.#waiting.length) return;
    this.#waiting = [];
    this.#next = 0;
  }

  #waitAt(now: number): number {
    return (this.#taken[this.#oldest] ?? 0) + this.#windowMs - now;
  }

  #use(now: number): void {
    this.#taken[this.#oldest] = now;
    this.#oldest = (this.#oldest + 1) % this.#taken.length;
  }

  /** A timer may come a little early; then the rest of the time is waited for. */
  #arm(wait: number): void {
    if (this.#armed) return;
    this.#armed = true;
    this.#clock.after(Math.ceil(wait), () => {
      this.#armed = false;
      this.#drain();
    });
  }
}
