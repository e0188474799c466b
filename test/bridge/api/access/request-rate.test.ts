import { expect, test } from 'vitest';
import { RequestRate } from '../../../../src/bridge/api/access/request-rate.js';
import { SimulatedClock } from '../../../support/simulated-clock.js';

test('lets a burst through at once, and then as many a second as it says', async () => {
  const clock = new SimulatedClock();
  const rate = new RequestRate({ clock, perSecond: 2, burst: 3 });
  const take = (): number => rate.take('a');
  expect([take(), take(), take(), take()]).toEqual([0, 0, 0, 500]);
  await clock.advance(500);
  expect([take(), take()]).toEqual([0, 500]);
  await clock.advance(60_000);
  expect([take(), take(), take(), take()]).toEqual([0, 0, 0, 500]);
});

test('counts what costs several requests as several, and not at all when there is no room for all', async () => {
  const clock = new SimulatedClock();
  const rate = new RequestRate({ clock, perSecond: 2, burst: 10 });
  expect([rate.take('a', 9), rate.take('a', 3), rate.take('a')]).toEqual([0, 1_000, 0]);
});

test('counts callers apart, and forgets the one longest unheard of', () => {
  const rate = new RequestRate({ clock: new SimulatedClock(), perSecond: 1, burst: 1, maxCallers: 2 });
  expect(['a', 'b', 'a', 'b'].map((caller) => rate.take(caller))).toEqual([0, 0, 1_000, 1_000]);
  rate.take('c');
  expect(rate.take('b')).toBe(1_000);
  expect(rate.take('a')).toBe(0);
});
