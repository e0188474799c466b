/** Sends one request and calls `done` once when it is finished, at once or later. */
export type GatedTask = (done: () => void) => void;

/** Lets so many requests be under way at a time; the others wait in line, so that a server is never flooded. */
export class RequestGate {
  readonly #limit: number;
  /**
   * Tasks in line; those before `#next` have had their turn. Taking from the front of a long array would cost too much.
   */
  #waiting: GatedTask[] = [];
  #next = 0;
  #running = 0;
  #draining = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Runs `task` when its turn comes. */
  enter(task: GatedTask): void {
    this.#waiting.push(task);
    this.#drain();
  }

  /** A loop, not a recursion: thousands of tasks may turn out to have nothing to do any more. */
  #drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    while (this.#running < this.#limit) {
      const task = this.#waiting[this.#next];
      if (task === undefined) break;
      this.#next++;
      this.#running++;
      task(this.#finisher());
    }
    this.#draining = false;
    if (this.#next < this.#waiting.length) return;
    this.#waiting = [];
    this.#next = 0;
  }

  #finisher(): () => void {
    let finished = false;
    return () => {
      if (finished) return;
      finished = true;
      this.#running--;
      this.#drain();
    };
  }
}
