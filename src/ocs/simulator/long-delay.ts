import type { Clock } from '../../bridge/ports.js';

/** Longest delay that timers keep; a longer one would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Like `clock.after`, for delays of any length in milliseconds. Returns what cancels it. */
export function afterLong(clock: Clock, delay: number, callback: () => void): () => void {
  let cancel = (): void => undefined;
  const wait = (left: number): void => {
    const part = Math.min(left, LONGEST_MS);
    cancel = clock.after(part, left > part ? () => wait(left - part) : callback);
  };
  wait(delay);
  return () => cancel();
}
