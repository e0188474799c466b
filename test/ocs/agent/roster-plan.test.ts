import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planRoster, type Slot } from '../../../src/ocs/agent/roster-plan.js';
import { sip } from '../../support/people.js';

const everybody = Array.from({ length: 12 }, (_, index) => sip(`p${index}@contoso.example`));
const some = (...numbers: readonly number[]) => numbers.flatMap((number) => everybody[number] ?? []);
const slot = (id: number, numbers: readonly number[], open = true): Slot => ({
  id,
  people: new Set(some(...numbers)),
  open,
});

describe('plan of the roster', () => {
  test('makes batches of at most the given size', () => {
    const { fresh, changed } = planRoster([], new Set(everybody), 5);
    expect(fresh.map((batch) => batch.length)).toEqual([5, 5, 2]);
    expect(changed.size).toBe(0);
  });

  test('changes nothing when nothing changed', () => {
    const plan = planRoster([slot(1, [0, 1])], new Set(some(0, 1)), 5);
    expect(plan.changed.size + plan.fresh.length).toBe(0);
  });

  test('fills a batch that has room before it opens another', () => {
    const { fresh, changed } = planRoster([slot(1, [0, 1])], new Set(some(0, 1, 2, 3)), 3);
    expect([...(changed.get(1) ?? [])]).toEqual(some(0, 1, 2));
    expect(fresh).toEqual([some(3)]);
  });

  test('puts nobody into a subscription that is closed to others or about to end', () => {
    const { fresh, changed } = planRoster([slot(1, [0], false), slot(2, [1])], new Set(some(0, 2)), 9);
    expect([...changed]).toEqual([[2, new Set()]]);
    expect(fresh).toEqual([some(2)]);
  });

  test('always covers exactly the people wanted, each once', () => {
    const group = fc.uniqueArray(fc.integer({ min: 0, max: 11 }));
    fc.assert(
      fc.property(group, group, group, fc.integer({ min: 1, max: 6 }), (first, second, wanted, size) => {
        const slots = [
          slot(1, first),
          slot(
            2,
            second.filter((number) => !first.includes(number)),
            false,
          ),
        ];
        const plan = planRoster(slots, new Set(some(...wanted)), size);
        const covered = [
          ...slots.flatMap(({ id, people }) => [...(plan.changed.get(id) ?? people)]),
          ...plan.fresh.flat(),
        ];
        expect(covered.toSorted()).toEqual(some(...wanted).toSorted());
        for (const batch of plan.fresh) expect(batch.length).toBeLessThanOrEqual(size);
      }),
    );
  });
});
