import { beforeEach, describe, expect, test } from 'vitest';
import type { ChaosHost } from '../../support/chaos-host.js';
import { DominoWorld } from '../../support/domino-world.js';

const SECOND = 1_000;
const LEASE_MS = 30 * SECOND;
/** A lease, a look at it, the claim that has to stand for a while, and everything that a start does. */
const TAKEN_OVER_MS = 2 * LEASE_MS;

let world: DominoWorld;
let first: ChaosHost;
let second: ChaosHost;

beforeEach(async () => {
  world = new DominoWorld({ pair: true });
  [first, second] = world.hosts as [ChaosHost, ChaosHost];
  for (const one of world.people) world.becomes(one, 'busy');
  first.starts();
  await world.until('the first one writes', TAKEN_OVER_MS, () => world.active.length === 1 && world.isConverged());
  second.starts();
  await world.passes(LEASE_MS);
});

const role = (host: ChaosHost) => host.running?.bridge.status().role;

async function ends(): Promise<void> {
  await world.quiet();
  expect(world.checker.violations).toEqual([]);
}

describe('two bridges of one name (row 32)', () => {
  test('the second one sees the lease, stays on standby, watches nobody and writes nothing', async () => {
    expect(role(second)).toMatchObject({ state: 'standby', holder: 'host a' });
    const before = second.faults.calls.filter((call) => !call.startsWith('bulkRead')).length;
    for (const one of world.people) world.becomes(one, 'away');
    await world.passes(5 * 60 * SECOND);
    expect(second.faults.calls.filter((call) => !call.startsWith('bulkRead'))).toHaveLength(before);
    expect(second.running?.bridge.watched.all().every(({ status }) => status === 'unknown')).toBe(true);
    await ends();
  });

  test('the first one is killed: the second one has taken over and everything is right within two leases', async () => {
    first.kill();
    for (const one of world.people) world.becomes(one, 'available');
    const took = await world.until('takeover', TAKEN_OVER_MS, () => world.active.length === 1 && world.isConverged());
    expect(took).toBeLessThan(TAKEN_OVER_MS);
    expect(role(second)?.state).toBe('active');
    await ends();
  });

  test('the first one ends as it should: the second one takes over at once, not after the lease', async () => {
    await world.stops(first);
    await world.until('takeover', LEASE_MS / 2, () => world.active.length === 1 && world.isConverged());
    await ends();
  });

  test('one that stood still for a minute writes nothing when it goes on, and stays on standby', async () => {
    first.running?.clock.freeze();
    await world.passes(60 * SECOND);
    expect(role(second)?.state).toBe('active');
    for (const one of world.people) world.becomes(one, 'away');
    await world.passes(5 * SECOND);
    const before = first.faults.calls.filter((call) => !call.startsWith('bulkRead')).length;
    first.running?.clock.thaw();
    await world.passes(60 * SECOND);
    expect(role(first)).toMatchObject({ state: 'standby', holder: 'host b' });
    expect(first.faults.calls.filter((call) => !call.startsWith('bulkRead'))).toHaveLength(before);
    expect(world.checker.lateWrites).toBe(0);
    await ends();
  });

  test('one that loses Domino alone stops to write before the other one begins', async () => {
    first.faults.begin({ kind: 'unreachable' });
    const calls = first.faults.calls.length;
    await world.until('takeover', TAKEN_OVER_MS, () => role(second)?.state === 'active');
    expect(role(first)?.state).toBe('standby');
    // A few attempts at the lease, and none at documents after the right to write had ended.
    expect(first.faults.calls.length - calls).toBeLessThan(60);
    first.faults.heal();
    await ends();
  });

  test('takes over without writing documents that are right already', async () => {
    const writes = world.checker.writes;
    first.kill();
    await world.until('takeover', TAKEN_OVER_MS, () => world.active.length === 1 && world.isConverged());
    await world.passes(10 * SECOND);
    expect(world.checker.writes - writes).toBe(0);
    await ends();
  });
});
