import type { Clock } from '../../ports.js';

export interface DueWorkOptions<Item> {
  readonly clock: Pick<Clock, 'after'>;
  /** Of a slice, in the measure of `work`; only its last item goes beyond it. */
  readonly most: number;
  /** Gives how much it was. */
  readonly work: (item: Item) => number;
  /** Time for the next slice, after all others had their turn. To call `go`. */
  readonly onTurn: () => void;
}

/** Work that is due for many at once, done in slices so that nothing else waits for long. Those who wait longest come first. */
export class DueWork<Item> {
  readonly #options: DueWorkOptions<Item>;
  readonly #due = new Set<Item>();
  #cancel: (() => void) | undefined;

  constructor(options: DueWorkOptions<Item>) {
    this.#options = options;
  }

  get isDone(): boolean {
    return this.#due.size === 0;
  }

  has(item: Item): boolean {
    return this.#due.has(item);
  }

  /** Who is due already keeps the place. */
  add(items: Iterable<Item>): void {
    for (const item of items) this.#due.add(item);
  }

  /** It is gone. */
  remove(item: Item): void {
    this.#due.delete(item);
  }

  /** Does one out of its turn; false when it was not due. */
  doNow(item: Item): boolean {
    if (!this.#due.has(item)) return false;
    this.#do(item);
    return true;
  }

  /** Does a slice, and sees to it that the next one follows. */
  go(): void {
    const { clock, most, onTurn } = this.#options;
    let done = 0;
    for (const item of this.#due) {
      if (done >= most) break;
      done += this.#do(item);
    }
    if (this.#due.size === 0) return;
    this.#cancel ??= clock.after(0, () => {
      this.#cancel = undefined;
      onTurn();
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #do(item: Item): number {
    this.#due.delete(item);
    try {
      return this.#options.work(item);
    } catch (thrown) {
      // It is not done, and must not keep the others from it.
      this.#due.add(item);
      throw thrown;
    }
  }
}
