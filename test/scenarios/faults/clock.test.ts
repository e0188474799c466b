import { afterEach, describe, expect, test } from 'vitest';
import type { Person } from '../../../src/bridge/ports.js';
import { SimulatedClock } from '../../support/simulated-clock.js';
import { WholeChain } from '../../support/whole-chain.js';

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let chain: WholeChain;
afterEach(() => chain.ends());

/** What a bridge must go on doing, whatever its wall clock says. */
async function goesOn(): Promise<void> {
  const [ana, ben] = chain.people as [Person, Person];
  const { connections } = chain.simulator.counters;
  for (const status of ['busy', 'away', 'available'] as const) {
    chain.becomes(ana, status);
    await chain.until(SECOND, () => chain.apiShows(ana) === status && chain.documentShows(ana) === status);
    expect(chain.apiShows(ben)).toBe('available');
  }
  const beats = chain.store.heartbeats.length;
  await chain.passes(5 * MINUTE, 250);
  expect(chain.store.heartbeats.length - beats).toBeGreaterThanOrEqual(9);
  expect(chain.store.heartbeats.length - beats).toBeLessThanOrEqual(11);
  expect(chain.simulator.counters.connections).toBe(connections);
}

describe('the wall clock of the bridge (row 18)', () => {
  for (const [what, offset] of [
    ['ten minutes ahead', 10 * MINUTE],
    ['ten minutes behind', -10 * MINUTE],
    ['a year ahead', 365 * 24 * HOUR],
  ] as const) {
    test(`set ${what} in mid-run changes no status, no order and no rhythm`, async () => {
      chain = new WholeChain();
      await chain.starts();
      chain.machine.offset = offset;
      await goesOn();
      // And back again.
      chain.machine.offset = 0;
      await goesOn();
    });

    test(`that was ${what} at the start is named, and all goes on`, async () => {
      chain = new WholeChain();
      chain.machine.offset = offset;
      await chain.starts();
      const [fields] = chain.events('ocs.clock-skew');
      expect(Math.abs(Number(fields?.['seconds']))).toBeCloseTo(Math.abs(offset) / SECOND, -1);
      await goesOn();
    });
  }

  for (const [what, start] of [
    ['a leap day', Date.UTC(2028, 1, 28, 23, 58)],
    ['the end of a leap day', Date.UTC(2028, 1, 29, 23, 58)],
    ['the beginning of summer time', Date.UTC(2026, 2, 29, 0, 58)],
    ['the end of summer time', Date.UTC(2026, 9, 25, 0, 58)],
    ['the turn of the year', Date.UTC(2026, 11, 31, 23, 58)],
  ] as const) {
    test(`goes through ${what}`, async () => {
      chain = new WholeChain({ clock: new SimulatedClock(start) });
      await chain.starts();
      await goesOn();
      await goesOn();
    });
  }

  test('put back during an outage does not leave "available" in documents any longer', async () => {
    chain = new WholeChain();
    await chain.starts();
    const [ana] = chain.people as [Person];
    await chain.simulator.stop();
    await chain.until(SECOND, () => chain.apiShows(ana) === 'unknown');
    chain.machine.offset = -10 * MINUTE;
    await chain.until(51 * SECOND, () => chain.documentShows(ana) === 'unknown', 50);
    await chain.simulator.start();
    await chain.until(2 * MINUTE, () => chain.documentShows(ana) === 'available', 50);
  });
});
