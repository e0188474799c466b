import { randomBytes } from 'node:crypto';
import type { Clock, Random } from '../../src/bridge/ports.js';

/** Real time, for suites with real sockets. Timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delay, callback) => {
    const timer = setTimeout(callback, delay);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export const systemRandom: Random = { unit: () => Math.random(), bytes: (count) => randomBytes(count) };
