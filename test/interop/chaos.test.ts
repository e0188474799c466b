import { describe, test } from 'vitest';
import { playSchedules } from '../support/chaos-run.js';

const AT_ONCE = 250;

/** As in `test/scenarios/domino`, but more of them than every change should wait for. */
describe('what must be true stays true over a thousand schedules of faults and more', () => {
  for (let from = 1; from <= 1_000; from += AT_ONCE) {
    const to = from + AT_ONCE - 1;
    test(`one bridge, ${from} to ${to}`, () => playSchedules(from, to), 300_000);
  }

  test(`a pair of bridges, 1 to ${AT_ONCE}`, () => playSchedules(1, AT_ONCE, { pair: true }), 300_000);
});
