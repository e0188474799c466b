import type { Clock } from '../../bridge/ports.js';

export interface RepeatingOptions {
  readonly clock: Clock;
  /** Reports its failures by itself; what it throws counts as one and goes to whoever called `now`. */
  readonly task: () => Promise<void>;
  /** Milliseconds until the next run; `failures` is the number of failed ones in a row, 0 after a good one. */
  readonly delay: (failures: number) => number;
}

/** Runs a task again and again, never twice at a time. */
export class Repeating {
  readonly #options: RepeatingOptions;
  #running: Promise<void> | undefined;
  #cancel: () => void = () => {};
  #failures = 0;
  #stopped = false;
  #isWantedAgain = false;

  constructor(options: RepeatingOptions) {
    this.#options = options;
  }

  /** Runs at once, or joins the run under way; the next one follows after its delay. Rejects as the task does. */
  now(): Promise<void> {
    if (this.#running !== undefined) return this.#running;
    this.#cancel();
    this.#running = this.#run();
    return this.#running;
  }

  /** Resolves when a run that began after this call has ended, well or not. */
  async afresh(): Promise<void> {
    await this.#running?.catch(() => {});
    if (!this.#stopped) await this.now().catch(() => {});
  }

  /** Runs at once, or again right after the run under way, which may have begun too early to see what is new. */
  soon(): void {
    if (this.#running !== undefined) this.#isWantedAgain = true;
    else if (!this.#stopped) void this.now().catch(() => {});
  }

  /** No further run; resolves when the one under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#running?.catch(() => {});
  }

  async #run(): Promise<void> {
    try {
      await this.#options.task();
      this.#failures = 0;
    } catch (thrown) {
      this.#failures++;
      throw thrown;
    } finally {
      this.#running = undefined;
      this.#plan();
    }
  }

  #plan(): void {
    if (this.#stopped) return;
    const { clock, delay } = this.#options;
    const wait = this.#isWantedAgain ? 0 : delay(this.#failures);
    this.#isWantedAgain = false;
    // A failure was reported by the task itself; nobody waits for this run.
    this.#cancel = clock.after(wait, () => void this.now().catch(() => {}));
  }
}
