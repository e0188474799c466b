import type { RequestBudget } from './request-budget.js';

/** Sends one request and calls `done` once when it is finished, at once or later. */
export type GatedTask = (done: () => void) => void;

interface Waiting {
  readonly task: GatedTask;
  readonly isNeeded: () => boolean;
}

const ALWAYS = (): boolean => true;

/**
 * Lets so many requests be under way at a time, and no more of them leave in a second than the budget has; the others
 * wait in line, so that a server is never flooded.
 */
export class RequestGate {
  readonly #limit: number;
  readonly #budget: RequestBudget | undefined;
  /**
   * Tasks in line; those before `#next` have had their turn. Taking from the front of a long array would cost too much.
   */
  #waiting: Waiting[] = [];
  #next = 0;
  #running = 0;
  #draining = false;
  /** One turn is asked for at a time: what this gate does not need any more costs the others at most one. */
  #asking = false;

  constructor(limit: number, budget?: RequestBudget) {
    this.#limit = limit;
    this.#budget = budget;
  }

  /** Runs `task` when its turn comes, unless it is not needed any more by then. */
  enter(task: GatedTask, isNeeded: () => boolean = ALWAYS): void {
    this.#waiting.push({ task, isNeeded });
    this.#drain();
  }

  /** Forgets all that stand in line. */
  clear(): void {
    this.#waiting = [];
    this.#next = 0;
  }

  /** A loop, not a recursion: thousands of tasks may turn out to have nothing to do any more. */
  #drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    while (this.#running < this.#limit && !this.#asking && this.#skipNeedless()) {
      if (this.#budget === undefined) this.#runNext();
      else this.#ask(this.#budget);
    }
    this.#draining = false;
    if (this.#next === this.#waiting.length) this.clear();
  }

  #ask(budget: RequestBudget): void {
    this.#asking = true;
    budget.take(() => {
      this.#asking = false;
      if (this.#skipNeedless()) this.#runNext();
      this.#drain();
    });
  }

  /** False when nobody stands in line. */
  #skipNeedless(): boolean {
    for (let next = this.#waiting[this.#next]; next !== undefined; next = this.#waiting[this.#next]) {
      if (next.isNeeded()) return true;
      this.#next++;
    }
    return false;
  }

  #runNext(): void {
    const next = this.#waiting[this.#next];
    if (next === undefined) return;
    this.#next++;
    this.#running++;
    next.task(this.#finisher());
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
