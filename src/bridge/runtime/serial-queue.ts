/** Runs tasks one after the other. A task that was dropped before its turn never runs. */
export class SerialQueue {
  #tail: Promise<void> = Promise.resolve();
  #generation = 0;

  /** `task` must not reject: failures belong to whoever queued it. */
  add(task: () => Promise<void>): Promise<void> {
    const generation = this.#generation;
    this.#tail = this.#tail.then(() => (generation === this.#generation ? task() : undefined));
    return this.#tail;
  }

  /** Drops everything that has not begun. */
  drop(): void {
    this.#generation++;
  }

  /** Resolves when everything queued so far has ended. */
  idle(): Promise<void> {
    return this.#tail;
  }
}
