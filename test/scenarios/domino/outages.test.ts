import { beforeEach, describe, expect, test } from 'vitest';
import type { Trouble } from '../../contract/driver-faults.js';
import type { ShownStatus } from '../../support/chaos-source.js';
import { DominoWorld } from '../../support/domino-world.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** The longest pause between two attempts. */
const RETRY_MS = MINUTE;
const WORDS: readonly ShownStatus[] = ['available', 'busy', 'away', 'offline'];

let world: DominoWorld;

beforeEach(async () => {
  world = new DominoWorld();
  for (const one of world.people) world.becomes(one, 'available');
  world.starts();
  await world.until('convergence', 30 * SECOND, () => world.isConverged());
});

/** Everybody changes once in twelve seconds, so that there is always something to write. */
async function changes(milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += SECOND) {
    const turn = passed / SECOND;
    const who = world.people[turn % world.people.length];
    const status = WORDS[(turn + Math.floor(turn / world.people.length)) % WORDS.length];
    if (who !== undefined && status !== undefined) world.becomes(who, status);
    await world.passes(SECOND);
  }
}

async function ends(): Promise<void> {
  await world.quiet();
  expect(world.checker.violations).toEqual([]);
}

const callsDuring = async (work: () => Promise<void>): Promise<number> => {
  const before = world.faults.calls.length;
  await work();
  return world.faults.calls.length - before;
};

const notes = () => world.running?.bridge.status().notes;

describe('Domino is away (row 20)', () => {
  test('for ten minutes: one newest state per person waits, the API goes on, and all is right within one pause', async () => {
    world.faults.begin({ kind: 'unreachable' });
    await changes(10 * MINUTE);
    const status = world.running?.bridge.status();
    expect(status?.pendingWrites).toBeLessThanOrEqual(world.people.length);
    expect(status?.notes).toMatchObject({ state: 'transient-disconnect', error: { code: 'NOTES_UNREACHABLE' } });
    const shown = new Map(world.running?.bridge.watched.all().map((one) => [one.uri, one.status]));
    for (const { uri } of world.people) expect(shown.get(uri)).toBe(world.truth.shown(uri));
    world.faults.heal();
    await world.until('convergence', RETRY_MS + 5 * SECOND, () => world.isConverged());
    await ends();
  });

  test('and is asked ever more rarely: fewer than 40 calls in ten minutes', async () => {
    world.faults.begin({ kind: 'unreachable' });
    expect(await callsDuring(() => changes(10 * MINUTE))).toBeLessThan(40);
  });

  test('so that calls hang: each is given up after 30 s, readers see nobody available whom nobody confirms', async () => {
    world.faults.begin({ kind: 'hang' });
    await changes(5 * MINUTE);
    expect(world.checker.seenAvailable()).toEqual([]);
    expect(notes()).toMatchObject({ state: 'transient-disconnect', error: { code: 'NOTES_TIMEOUT' } });
    world.faults.heal();
    await ends();
  });

  test('at the start: the bridge waits for it, then writes everybody once', async () => {
    world.kill();
    world.faults.begin({ kind: 'unreachable' });
    world.starts();
    await changes(MINUTE);
    world.faults.heal();
    await world.until('convergence', RETRY_MS, () => world.isConverged());
    await ends();
  });
});

describe('the ACL does not let the bridge write (row 21)', () => {
  for (const what of ['writing', 'everything'] as const) {
    test(`(${what}): the state says refused and NOTES_FORBIDDEN, fewer than 20 attempts in ten minutes, right once given`, async () => {
      world.faults.begin({ kind: 'acl-denied', what });
      const before = world.faults.calls.length;
      await changes(10 * MINUTE);
      // Before each attempt to write everything is read, in several calls.
      const attempts = world.faults.calls
        .slice(before)
        .filter((call) => !call.startsWith('bulkRead') || what !== 'writing');
      expect(attempts.length).toBeLessThan(20);
      expect(notes()).toMatchObject({ state: 'refused', error: { code: 'NOTES_FORBIDDEN' } });
      expect(world.checker.seenAvailable()).toEqual([]);
      world.faults.heal();
      await ends();
    });
  }
});

describe('the database takes no writes (row 27)', () => {
  const troubles: readonly (readonly [Trouble['kind'] & ('full' | 'read-only'), string])[] = [
    ['full', 'NOTES_FULL'],
    ['read-only', 'NOTES_READ_ONLY'],
  ];
  for (const [kind, code] of troubles) {
    test(`(${kind}) for an hour: it is said as ${code}, Domino is not asked without end, all is right afterwards`, async () => {
      world.faults.begin({ kind });
      const calls = await callsDuring(() => changes(60 * MINUTE));
      expect(calls).toBeLessThan(60 * 12);
      expect(world.logLines.filter((line) => line.includes(code)).length).toBeGreaterThan(0);
      expect(world.checker.seenAvailable()).toEqual([]);
      world.faults.heal();
      await ends();
    });
  }
});

describe('bridge and Domino are apart, or bridge and OCS (row 29)', () => {
  test('without Domino: readers there see everybody as unknown within 90 s, by the age of the heartbeat', async () => {
    world.faults.begin({ kind: 'unreachable' });
    for (const one of world.people) world.becomes(one, 'offline');
    await world.passes(95 * SECOND);
    expect(world.checker.longestStale).toBeLessThanOrEqual(90 * SECOND);
    expect(world.checker.seenAvailable()).toEqual([]);
    world.faults.heal();
    await ends();
  });

  test('without OCS: readers see everybody as unknown in a second, and documents say so after the grace', async () => {
    world.truth.goDown();
    await world.passes(SECOND);
    expect(world.checker.seenAvailable()).toEqual([]);
    await world.passes(15 * SECOND);
    expect([...world.domino.people.values()].every(({ status }) => status === 'available')).toBe(true);
    await world.passes(10 * SECOND);
    expect([...world.domino.people.values()].every(({ status }) => status === 'unknown')).toBe(true);
    world.truth.goUp();
    await ends();
  });
});
