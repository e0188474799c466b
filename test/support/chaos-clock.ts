import type { Clock } from '../../src/bridge/ports.js';
import type { SimulatedClock } from './simulated-clock.js';

interface Due {
  readonly callback: () => void;
  cancelled: boolean;
}

/** The clock of one process in a simulated world: its timers stop when it is stopped, and end with it. */
export class ProcessClock implements Clock {
  readonly #world: SimulatedClock;
  readonly #cancels = new Set<() => void>();
  #state: 'running' | 'frozen' | 'killed' = 'running';
  #due: Due[] = [];

  constructor(world: SimulatedClock) {
    this.#world = world;
  }

  get isKilled(): boolean {
    return this.#state === 'killed';
  }

  get isFrozen(): boolean {
    return this.#state === 'frozen';
  }

  /** Timers that run: a process at rest has few. */
  get timers(): number {
    return this.#cancels.size;
  }

  now(): number {
    return this.#world.now();
  }

  monotonic(): number {
    return this.#world.monotonic();
  }

  after(delay: number, callback: () => void): () => void {
    if (this.#state === 'killed') return () => undefined;
    const due: Due = { callback, cancelled: false };
    const cancel = this.#world.after(delay, () => {
      this.#cancels.delete(cancel);
      if (this.#state === 'frozen') this.#due.push(due);
      else callback();
    });
    this.#cancels.add(cancel);
    return () => {
      due.cancelled = true;
      cancel();
      this.#cancels.delete(cancel);
    };
  }

  /** As SIGSTOP, or a virtual machine that is moved: nothing runs, time goes on. */
  freeze(): void {
    if (this.#state === 'running') this.#state = 'frozen';
  }

  /** What was due meanwhile runs now, in order, each with its turn for promises. */
  thaw(): void {
    if (this.#state !== 'frozen') return;
    this.#state = 'running';
    for (const due of this.#due.splice(0)) {
      this.after(0, () => {
        if (!due.cancelled) due.callback();
      });
    }
  }

  /** As `kill -9`: nothing of it ever runs again. */
  kill(): void {
    this.#state = 'killed';
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    this.#due = [];
  }
}
