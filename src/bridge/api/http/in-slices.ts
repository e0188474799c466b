import { setImmediate } from 'node:timers/promises';

/** Small things done before others have their turn: each takes some microseconds, all of them a few milliseconds. */
export const SLICE = 256;

/** The items in slices; between two of them everything else in the process has its turn. */
export async function* inSlices<T>(items: readonly T[]): AsyncGenerator<readonly T[]> {
  for (let begin = 0; begin < items.length; begin += SLICE) {
    if (begin > 0) await setImmediate();
    yield items.slice(begin, begin + SLICE);
  }
}
