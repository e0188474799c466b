import type { Clock } from '../../bridge/ports.js';

/** A long piece of work: every step does a little of it, the last one gives the result. */
export type Slices<T> = Iterator<unknown, T, undefined>;

/** Milliseconds of work after which everybody else in the process gets a turn. */
export const TURN_MS = 4;

export interface TurnsSink {
  /** Work is waiting for the next turn: bring no more until it is false again. Comes at each change. */
  onBusy(busy: boolean): void;
  /** A task threw. The others are done all the same. */
  onThrown(thrown: unknown): void;
}

/**
 * Does what one connection brings: strictly in order, but never for long at a stretch. While there is time, a task is
 * done within the call that brings it. When the time of a turn is used up, the rest waits for the next turn, and the
 * connection is asked to bring no more: what waits stays as small as what came in one read.
 */
export class Turns {
  readonly #clock: Pick<Clock, 'monotonic' | 'after'>;
  readonly #sink: TurnsSink;
  readonly #turnMs: number;
  readonly #waiting: (() => void)[] = [];
  /** Pieces of long work that the task done last has begun: nothing else is done before them. Each tells when it ends. */
  readonly #begun: (() => boolean)[] = [];
  /** When the work under way began, less what was done in this turn before; `undefined` while nothing is under way. */
  #since: number | undefined;
  /** Milliseconds used up in this turn. */
  #spent = 0;
  #busy = false;
  #stopped = false;
  #cancelTurn: (() => void) | undefined;

  constructor(clock: Pick<Clock, 'monotonic' | 'after'>, sink: TurnsSink, turnMs = TURN_MS) {
    this.#clock = clock;
    this.#sink = sink;
    this.#turnMs = turnMs;
  }

  /** Does a task when all before it are done. */
  take(task: () => void): void {
    if (this.#stopped) return;
    this.#waiting.push(task);
    if (this.#since === undefined && !this.#busy) this.#work();
  }

  /**
   * Does long work before the next task, and hands over what it gives: within this call when that fits into the turn.
   * For tasks.
   */
  long<T>(slices: Slices<T>, done: (result: T) => void): void {
    if (this.#stopped) return;
    const step = (): boolean => {
      let result: IteratorResult<unknown, T> | undefined;
      try {
        result = slices.next();
      } finally {
        // What throws is over too.
        if (result?.done !== false) this.#begun.splice(this.#begun.indexOf(step), 1);
      }
      if (result.done === true) done(result.value);
      return result.done === true;
    };
    this.#begun.push(step);
    if (this.#begun.length > 1) return;
    if (this.#since !== undefined) while (!this.#isOver() && !step());
    else if (!this.#busy) this.#work();
  }

  /** Forgets what waits; nothing is done any more. */
  stop(): void {
    this.#stopped = true;
    this.#waiting.length = 0;
    this.#begun.length = 0;
    this.#cancelTurn?.();
    this.#cancelTurn = undefined;
  }

  #isOver(): boolean {
    return this.#clock.monotonic() - (this.#since ?? 0) >= this.#turnMs;
  }

  #work(): void {
    this.#cancelTurn ??= this.#clock.after(0, () => this.#nextTurn());
    this.#since = this.#clock.monotonic() - this.#spent;
    while (this.#hasWork() && !this.#isOver()) this.#doNext();
    this.#spent = this.#clock.monotonic() - this.#since;
    this.#since = undefined;
    const busy = this.#hasWork();
    if (busy !== this.#busy && !this.#stopped) {
      this.#busy = busy;
      this.#sink.onBusy(busy);
    }
  }

  #doNext(): void {
    const [begun] = this.#begun;
    try {
      if (begun === undefined) this.#waiting.shift()?.();
      else begun();
    } catch (thrown) {
      this.#sink.onThrown(thrown);
    }
  }

  #hasWork(): boolean {
    return this.#begun.length > 0 || this.#waiting.length > 0;
  }

  #nextTurn(): void {
    this.#cancelTurn = undefined;
    this.#spent = 0;
    if (this.#hasWork()) this.#work();
  }
}
