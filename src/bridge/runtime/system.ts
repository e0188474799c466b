import { randomBytes, randomInt } from 'node:crypto';
import type { Clock, Random } from '../ports.js';

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delay, callback) {
    const timer = setTimeout(callback, delay);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

const UNIT_STEPS = 2 ** 47;

export const systemRandom: Random = {
  unit: () => randomInt(UNIT_STEPS) / UNIT_STEPS,
  bytes: (count) => randomBytes(count),
};
