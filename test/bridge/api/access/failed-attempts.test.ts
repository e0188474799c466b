import { expect, test } from 'vitest';
import { FailedAttempts } from '../../../../src/bridge/api/access/failed-attempts.js';
import { SimulatedClock } from '../../../support/simulated-clock.js';

test('failures are counted per address and window', async () => {
  const clock = new SimulatedClock();
  const failures = new FailedAttempts({ clock, max: 2, window: 1_000 });
  expect([failures.record('a'), failures.record('a'), failures.record('b')]).toEqual([0, 0, 0]);
  await clock.advance(400);
  expect([failures.record('a'), failures.record('b')]).toEqual([600, 0]);
  await clock.advance(600);
  expect(failures.record('a')).toBe(0);
});

test('the address longest unheard of is forgotten first, so that memory is bounded', () => {
  const failures = new FailedAttempts({ clock: new SimulatedClock(), max: 1, window: 1_000, maxAddresses: 2 });
  for (const address of ['a', 'b', 'a', 'c']) failures.record(address);
  expect(failures.record('a')).toBeGreaterThan(0);
  expect(failures.record('b')).toBe(0);
});
