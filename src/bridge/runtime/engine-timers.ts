import type { TimerName } from '../engine/vocabulary.js';
import type { Clock } from '../ports.js';

/** The timers that the engine asks for: of each name at most one runs. */
export class EngineTimers {
  readonly #clock: Clock;
  readonly #onEnd: (name: TimerName) => void;
  readonly #running = new Map<TimerName, () => void>();

  constructor(clock: Clock, onEnd: (name: TimerName) => void) {
    this.#clock = clock;
    this.#onEnd = onEnd;
  }

  /** One of the same name that runs is replaced. */
  set(name: TimerName, delay: number): void {
    this.cancel(name);
    const cancel = this.#clock.after(delay, () => {
      this.#running.delete(name);
      this.#onEnd(name);
    });
    this.#running.set(name, cancel);
  }

  cancel(name: TimerName): void {
    this.#running.get(name)?.();
    this.#running.delete(name);
  }

  clear(): void {
    for (const cancel of this.#running.values()) cancel();
    this.#running.clear();
  }
}
