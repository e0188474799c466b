import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aggregate } from '../../../../src/ocs/simulator/presence/aggregate.js';
import { type PublishedState, STATE_KINDS } from '../../../../src/ocs/simulator/presence/state-publication.js';

const state = (kind: PublishedState['kind'], availability: number, activity = '', publishedAt = 0): PublishedState => ({
  kind,
  availability,
  activity,
  publishedAt,
});
const user = (availability: number, at = 0): PublishedState => state('userState', availability, '', at);
const machine = (availability: number): PublishedState => state('machineState', availability);
const result = (...states: readonly PublishedState[]): number => aggregate(states, 1).availability;

describe('aggregate', () => {
  test('is offline without endpoints, whatever is published', () => {
    expect(aggregate([user(3500), machine(3500)], 0)).toEqual({ availability: 18_500, activity: '' });
  });

  test('is offline while nothing is published', () => {
    expect(result()).toBe(18_500);
  });

  test('takes the most active machine', () => {
    expect(result(machine(15_500), machine(3500), machine(5000))).toBe(3500);
  });

  test.each([
    ['busy beats an active machine', 6500, 3500, 6500],
    ['do not disturb stays on an idle machine', 9500, 5000, 9500],
    ['be right back stays on an active machine', 12_500, 3500, 12_500],
    ['available becomes idle with the machine', 3500, 5000, 5000],
    ['available becomes away with the machine', 3500, 15_500, 15_500],
    ['busy becomes busy idle on an idle machine', 6500, 5000, 7500],
    ['busy becomes busy idle on a machine left alone', 6500, 15_500, 7500],
    ['appear offline beats everything', 18_500, 3500, 18_500],
  ])('the user and the machine: %s', (_title, chosen, seen, expected) => {
    expect(result(user(chosen), machine(seen))).toBe(expected);
  });

  test('takes the newest choice of the user', () => {
    expect(result(user(6500, 1), user(9500, 2), machine(3500))).toBe(9500);
  });

  test('a meeting or call makes somebody available busy, with its activity', () => {
    const states = [user(3500), machine(3500), state('calendarState', 6500, 'in-a-meeting')];
    expect(aggregate(states, 1)).toMatchObject({ availability: 6500, activity: 'in-a-meeting' });
  });

  test('a meeting does not soften do not disturb, nor bring back somebody who is away', () => {
    expect(result(user(9500), state('calendarState', 6500))).toBe(9500);
    expect(result(machine(15_500), state('phoneState', 6500))).toBe(15_500);
  });

  test('never says available unless the user or a machine says so', () => {
    const anyState = fc.record({
      kind: fc.constantFrom(...STATE_KINDS),
      availability: fc.integer({ min: 3000, max: 20_000 }),
      activity: fc.constant(''),
      publishedAt: fc.nat(5),
    });
    fc.assert(
      fc.property(fc.array(anyState, { maxLength: 6 }), fc.nat(3), (states, endpoints) => {
        const { availability } = aggregate(states, endpoints);
        const speaks = states.some(
          (one) => (one.kind === 'userState' || one.kind === 'machineState') && one.availability < 6000,
        );
        expect(availability >= 3000 && (availability >= 6000 || (speaks && endpoints > 0))).toBe(true);
      }),
    );
  });
});
