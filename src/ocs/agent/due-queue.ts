import type { Clock } from '../../bridge/ports.js';

interface Entry<T> {
  readonly item: T;
  /** Monotonic, milliseconds. */
  readonly at: number;
}

/**
 * One timer for many things that fall due, each at most once: subscriptions by the thousand need no timer each. A binary
 * heap; what was moved or taken out stays in it until its time or until half of the heap is of that kind.
 */
export class DueQueue<T extends object> {
  readonly #clock: Clock;
  readonly #onDue: (item: T) => void;
  #heap: Entry<T>[] = [];
  readonly #entries = new Map<T, Entry<T>>();
  #armedFor = Number.POSITIVE_INFINITY;
  #cancel: () => void = () => {};

  constructor(clock: Clock, onDue: (item: T) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** Number of items that will fall due. */
  get size(): number {
    return this.#entries.size;
  }

  /** Replaces the time of `item`, milliseconds from now. */
  set(item: T, delay: number): void {
    const entry = { item, at: this.#clock.monotonic() + delay };
    this.#entries.set(item, entry);
    this.#push(entry);
    if (this.#heap.length > 2 * this.#entries.size + 64) this.#rebuild();
    this.#arm();
  }

  delete(item: T): void {
    this.#entries.delete(item);
    if (this.#entries.size === 0) this.clear();
  }

  clear(): void {
    this.#cancel();
    this.#armedFor = Number.POSITIVE_INFINITY;
    this.#heap = [];
    this.#entries.clear();
  }

  #arm(): void {
    const at = this.#heap[0]?.at ?? Number.POSITIVE_INFINITY;
    if (at >= this.#armedFor || at === Number.POSITIVE_INFINITY) return;
    this.#cancel();
    this.#armedFor = at;
    this.#cancel = this.#clock.after(Math.max(0, at - this.#clock.monotonic()), () => this.#fire());
  }

  #fire(): void {
    this.#armedFor = Number.POSITIVE_INFINITY;
    const now = this.#clock.monotonic();
    // A timer may come a little early; then it is set again for the rest.
    for (let top = this.#heap[0]; top !== undefined && top.at <= now; top = this.#heap[0]) {
      this.#pop();
      if (this.#entries.get(top.item) !== top) continue;
      this.#entries.delete(top.item);
      this.#onDue(top.item);
    }
    this.#arm();
  }

  #rebuild(): void {
    this.#heap = [...this.#entries.values()].sort((a, b) => a.at - b.at);
  }

  #push(entry: Entry<T>): void {
    const heap = this.#heap;
    let index = heap.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.at <= entry.at) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const child = this.#earlierChild(index);
      const below = heap[child];
      if (below === undefined || below.at >= last.at) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
  }

  #earlierChild(index: number): number {
    const left = 2 * index + 1;
    const first = this.#heap[left];
    const second = this.#heap[left + 1];
    return first !== undefined && second !== undefined && second.at < first.at ? left + 1 : left;
  }
}
