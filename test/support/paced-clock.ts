import type { SimulatedClock } from './simulated-clock.js';

/** Simulated time that passes in one turn of the event loop, milliseconds. */
const STEP_MS = 10;
/** Turns for the sockets between two steps of the clock. */
const TURNS = 3;

/**
 * Runs work on a simulated clock while real sockets get their turns: an hour passes in seconds, and what travels over
 * loopback takes a few hundredths of a second of that time. Throws when the work takes longer than `limitMs` of it.
 */
export async function paced<T>(clock: SimulatedClock, limitMs: number, work: Promise<T>): Promise<T> {
  let over = false;
  const end = clock.monotonic() + limitMs;
  const finished = work.finally(() => {
    over = true;
  });
  finished.catch(() => undefined);
  while (!over) {
    for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(STEP_MS);
    if (clock.monotonic() > end) throw new Error(`not over within ${limitMs} ms of simulated time`);
  }
  return await finished;
}
