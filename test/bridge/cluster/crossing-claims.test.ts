import { expect, test } from 'vitest';
import { leaseCoordinator } from '../../../src/bridge/cluster/coordinator.js';
import type { Coordinator, Lease, LeaseStore } from '../../../src/bridge/lease-ports.js';
import { silentLog } from '../../support/silent-log.js';
import { SimulatedClock, seededRandom } from '../../support/simulated-clock.js';

/** Two claim a lease that nobody holds; the second one's first write takes effect long after it looked. */
function crossing(durationMs: number, writeTakesMs: number) {
  const clock = new SimulatedClock();
  let stored: Lease | undefined;
  const store = (delays: number[]): LeaseStore => ({
    isConditional: false,
    read: async () => stored && { lease: stored, revision: undefined },
    async write(lease, expected) {
      if (JSON.stringify(stored) !== JSON.stringify(expected?.lease)) return 'changed';
      const delay = delays.shift();
      if (delay !== undefined) await new Promise<void>((resolve) => clock.after(delay, resolve));
      stored = lease;
      return 'written';
    },
  });
  const start = (instance: string, delays: number[]): Coordinator => {
    const ports = { store: store(delays), clock, random: seededRandom(1), log: silentLog };
    const coordinator = leaseCoordinator({ instance, instanceName: instance, durationMs }, ports);
    coordinator.start(() => undefined);
    return coordinator;
  };
  return { clock, contenders: [start('slow', [writeTakesMs]), start('quick', [])] };
}

test.each([
  ['15 s', 15_000, 3_500],
  ['90 s, and the claim is slow beyond the usual', 90_000, 15_000],
])('of two claims that cross without conditional writes one stands: %s', async (_name, durationMs, writeTakesMs) => {
  const { clock, contenders } = crossing(durationMs, writeTakesMs);
  const seen = new Set<number>();
  for (let passed = 0; passed < 4 * durationMs; passed += 100) {
    await clock.advance(100);
    seen.add(contenders.filter((one) => one.mayWrite()).length);
  }
  expect([...seen].sort()).toEqual([0, 1]);
  expect(contenders.filter((one) => one.mayWrite())).toHaveLength(1);
});
