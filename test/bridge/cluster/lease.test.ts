import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { step } from '../../../src/bridge/cluster/lease.js';
import { leaseTimes } from '../../../src/bridge/cluster/lease-times.js';
import {
  createLeaseState,
  type LeaseEffect,
  type LeaseEvent,
  type LeaseState,
  mayWrite,
} from '../../../src/bridge/cluster/lease-vocabulary.js';
import type { Lease, StoredLease } from '../../../src/bridge/lease-ports.js';

const TIMES = leaseTimes(15_000, 0.5);
const contender = (isConditional = true): LeaseState =>
  createLeaseState({ instance: 'me', instanceName: 'my host', isConditional, times: TIMES });

const FOREIGN: Lease = { holder: 'other', holderName: 'their host', epoch: 4, renewals: 7, durationMs: 15_000 };
const found = (lease: Lease = FOREIGN): StoredLease => ({ lease, revision: 'r' });
const callOf = (effects: readonly LeaseEffect[]): number =>
  effects.flatMap((effect) => (effect.type === 'read' || effect.type === 'write' ? [effect.call] : []))[0] ?? -1;
const rolesOf = (effects: readonly LeaseEffect[]) =>
  effects.flatMap((effect) => (effect.type === 'role' ? [effect.role] : []));
const writeOf = (effects: readonly LeaseEffect[]) => effects.find((effect) => effect.type === 'write');

/** A contender that became active at time 100; its renewal was sent at 50. */
function active(): LeaseState {
  const state = contender();
  const read = callOf(step(state, { type: 'start' }, 0).effects);
  const claim = callOf(step(state, { type: 'read', call: read, found: found({ ...FOREIGN, holder: '' }) }, 50).effects);
  step(state, { type: 'wrote', call: claim, result: 'written' }, 100);
  return state;
}

describe('a contender', () => {
  test('counts the right to write from the sending of the request, not from its answer', () => {
    const state = active();
    expect([mayWrite(state, 50 + TIMES.fence - 1), mayWrite(state, 50 + TIMES.fence)]).toEqual([true, false]);
  });

  test('takes the epoch after the one it saw, and counts renewals on', () => {
    const state = contender();
    const read = callOf(step(state, { type: 'start' }, 0).effects);
    const given = found({ ...FOREIGN, holder: '' });
    const { effects } = step(state, { type: 'read', call: read, found: given }, 50);
    const lease = { holder: 'me', holderName: 'my host', epoch: 5, renewals: 8, durationMs: 15_000 };
    expect(writeOf(effects)).toEqual({ type: 'write', call: read + 1, lease, expected: given });
  });

  test('measures how long a lease stands still from the answer that showed it first', () => {
    const state = contender();
    let call = callOf(step(state, { type: 'start' }, 0).effects);
    step(state, { type: 'read', call, found: found() }, 1_000);
    let now = 1_000;
    let claimedAt: number | undefined;
    while (claimedAt === undefined && now < 60_000) {
      now += 250;
      const { effects } = step(state, { type: 'timer' }, now);
      call = callOf(effects);
      if (call < 0) continue;
      const answered = step(state, { type: 'read', call, found: found() }, now + 10).effects;
      if (writeOf(answered) !== undefined) claimedAt = now + 10;
    }
    expect(claimedAt).toBeGreaterThanOrEqual(16_000);
    expect(claimedAt).toBeLessThan(16_500);
  });

  test('steps down at once when its renewal finds another holder', () => {
    const state = active();
    const read = callOf(step(state, { type: 'timer' }, 50 + TIMES.renew).effects);
    const { effects } = step(state, { type: 'read', call: read, found: found({ ...FOREIGN, epoch: 9 }) }, 5_200);
    expect(rolesOf(effects)).toEqual([{ state: 'standby', holder: 'their host' }]);
    expect([mayWrite(state, 5_200), writeOf(effects)]).toEqual([false, undefined]);
  });

  test('hears nothing of an answer to a call that it gave up', () => {
    const state = active();
    const read = callOf(step(state, { type: 'timer' }, 50 + TIMES.renew).effects);
    step(state, { type: 'timer' }, 50 + TIMES.renew + TIMES.patience);
    const { effects } = step(state, { type: 'read', call: read, found: found() }, 9_000);
    expect([rolesOf(effects), mayWrite(state, 9_000)]).toEqual([[], true]);
  });

  test('repeats a failure that waiting does not mend only each minute', () => {
    const state = contender();
    const read = callOf(step(state, { type: 'start' }, 0).effects);
    const { effects } = step(state, { type: 'failed', call: read, passes: false }, 10);
    expect(effects).toContainEqual({ type: 'timer', delayMs: 60_000 });
  });
});

const lease = fc.record({
  holder: fc.constantFrom('', 'me', 'other', '?'),
  holderName: fc.constant('x'),
  epoch: fc.integer({ min: 0, max: 6 }),
  renewals: fc.integer({ min: 0, max: 3 }),
  durationMs: fc.constantFrom(1, 15_000, 1e12),
});
const answer = fc.oneof(
  fc.record({ type: fc.constant('read' as const), found: fc.option(lease.map(found), { nil: undefined }) }),
  fc.record({ type: fc.constant('wrote' as const), result: fc.constantFrom('written' as const, 'changed' as const) }),
  fc.record({ type: fc.constant('failed' as const), passes: fc.boolean() }),
);
/** What happens next, after how long; `call` is how far behind the last call it answers. */
const happening = fc.record({
  after: fc.integer({ min: 0, max: 9_000 }),
  behind: fc.constantFrom(0, 0, 0, 1),
  what: fc.oneof({ weight: 6, arbitrary: answer }, { weight: 3, arbitrary: fc.constant({ type: 'timer' as const }) }),
});

test('whatever a database says, epochs rise, one call is under way, and no right outlives its renewal', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(happening, { maxLength: 60 }), fc.boolean(), (isConditional, all, stops) => {
      const state = contender(isConditional);
      const sentAt = new Map<number, number>();
      let [now, calls, lastEpoch, rightUntil] = [0, 0, 0, Number.NEGATIVE_INFINITY];
      const handle = (event: LeaseEvent): void => {
        const { effects } = step(state, event, now);
        const made = effects.filter(({ type }) => type === 'read' || type === 'write');
        expect(made.length).toBeLessThanOrEqual(1);
        for (const effect of effects) {
          if (effect.type === 'write') sentAt.set(effect.call, now);
          if (effect.type === 'role' && effect.role.state === 'active') {
            expect(effect.role.epoch).toBeGreaterThan(lastEpoch);
            lastEpoch = effect.role.epoch;
          }
        }
        if (made.length > 0) calls = callOf(made);
        if (event.type === 'wrote' && event.result === 'written') {
          rightUntil = Math.max(rightUntil, (sentAt.get(event.call) ?? Number.NEGATIVE_INFINITY) + TIMES.fence);
        }
        expect(effects.some(({ type }) => type === 'timer')).toBe(state.phase !== 'stopped');
        if (mayWrite(state, now)) expect(now).toBeLessThan(rightUntil);
      };
      handle({ type: 'start' });
      for (const { after, behind, what } of all) {
        now += after;
        handle(what.type === 'timer' ? what : { ...what, call: calls - behind });
      }
      if (!stops) return;
      handle({ type: 'stop' });
      expect(mayWrite(state, now)).toBe(false);
      for (let turn = 0; turn < 4 && state.phase !== 'stopped'; turn++) {
        now += 4_000;
        handle({ type: 'timer' });
      }
      expect(state.phase).toBe('stopped');
    }),
    { numRuns: 300 },
  );
});
