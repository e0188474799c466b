/** Lets so many requests be under way at a time; the others wait in line, so that a server is never flooded. */
export class RequestGate {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Runs `task` when its turn comes; `task` must call `done` once when its request is finished. */
  enter(task: (done: () => void) => void): void {
    if (this.#running >= this.#limit) {
      this.#waiting.push(() => this.#run(task));
      return;
    }
    this.#run(task);
  }

  #run(task: (done: () => void) => void): void {
    this.#running++;
    let finished = false;
    task(() => {
      if (finished) return;
      finished = true;
      this.#running--;
      this.#waiting.shift()?.();
    });
  }
}
