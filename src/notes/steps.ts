import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../bridge/ports.js';

/**
 * Work on tens of thousands of people that pauses at each `yield`, so that whoever runs it can let everything else in the process
 * have its turn. Between two pauses lies well under a millisecond.
 */
export type Steps<Result> = Generator<undefined, Result, undefined>;

/** Small things done between two pauses. */
export const STRETCH = 64;

/** How long work goes on before others have their turn, milliseconds. */
const SLICE_MS = 5;

/** Does it all without a pause. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Does it in slices. Gives it up, with `undefined`, as soon as `isWanted` says no at the beginning of a slice. */
export async function inSlices<Result>(
  steps: Steps<Result>,
  clock: Pick<Clock, 'monotonic'>,
  isWanted: () => boolean = () => true,
): Promise<Result | undefined> {
  while (isWanted()) {
    const end = clock.monotonic() + SLICE_MS;
    do {
      const { done, value } = steps.next();
      if (done) return value;
    } while (clock.monotonic() < end);
    await setImmediate();
  }
  return undefined;
}

/** Stretches of work that is quick on each thing, and so needs no clock, before others have their turn. */
const STRETCHES = 16;

/** The same without a clock, for what takes about a microsecond for each thing. */
export async function inTurns<Result>(steps: Steps<Result>): Promise<Result> {
  for (let count = 1; ; count++) {
    const { done, value } = steps.next();
    if (done) return value;
    if (count % STRETCHES === 0) await setImmediate();
  }
}

/** Sorts as `Array.prototype.sort` does; equal elements keep their order. */
export function* sorted<T>(list: readonly T[], compare: (a: T, b: T) => number): Steps<T[]> {
  let runs: T[][] = [];
  for (let start = 0; start < list.length; start += STRETCH) {
    runs.push(list.slice(start, start + STRETCH).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let index = 0; index < runs.length; index += 2) {
      const [left = [], right] = runs.slice(index, index + 2);
      merged.push(right === undefined ? left : yield* merge(left, right, compare));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

function* merge<T>(left: readonly T[], right: readonly T[], compare: (a: T, b: T) => number): Steps<T[]> {
  const result: T[] = [];
  let [l, r] = [0, 0];
  while (l < left.length || r < right.length) {
    const takesLeft = r >= right.length || (l < left.length && compare(left[l] as T, right[r] as T) <= 0);
    result.push((takesLeft ? left[l++] : right[r++]) as T);
    if (result.length % STRETCH === 0) yield;
  }
  return result;
}
