import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, listSnapshot, memberRank } from '../../../src/bridge/engine/list-status.js';
import { LIST_RULES, type ListRule } from '../../../src/bridge/list-ports.js';
import { rankOf, STATUSES, type Status } from '../../../src/presence/availability.js';
import { type Snapshot, unknownSnapshot } from '../../../src/presence/snapshot.js';
import { sip } from '../../support/people.js';

/** `-` for a member who is not confirmed. */
type Shown = Status | '-';

const desk = sip('sip:help-desk@lists.invalid');
const ranks = (...members: readonly Shown[]): Uint8Array =>
  Uint8Array.from(members, (one) => memberRank(one === '-' ? undefined : one));

const members = fc.array(fc.constantFrom<Shown>('-', ...STATUSES), { maxLength: 12 });
const rule = fc.constantFrom(...LIST_RULES);

function shownOf(how: ListRule, all: readonly Shown[]): Shown {
  return all[decide(how, ranks(...all))?.place ?? -1] ?? '-';
}

describe('the best of a list', () => {
  test.each<[readonly Shown[], number | undefined]>([
    [[], undefined],
    [['-', '-'], undefined],
    [['-', 'offline'], 1],
    [['unknown', '-'], 0],
    [['unknown', 'offline'], 1],
    [['offline', 'away', 'be-right-back'], 2],
    [['do-not-disturb', 'busy-idle', 'busy'], 2],
    [['available-idle', 'available', 'available'], 1],
    [['busy', 'busy'], 0],
    [['-', 'away', '-', 'away'], 1],
  ])('of %j decides the member at %s', (all, place) => {
    expect(decide('best', ranks(...all))).toEqual(place === undefined ? undefined : { place, rule: 'list-best' });
  });
});

describe('the first of a list who is reachable', () => {
  test.each<[readonly Shown[], number, string]>([
    [['busy', 'available-idle', 'available'], 1, 'list-first-reachable'],
    [['-', 'available', 'available-idle'], 1, 'list-first-reachable'],
    [['available', 'available-idle'], 0, 'list-first-reachable'],
    [['offline', 'busy', 'away'], 1, 'list-best'],
    [['unknown'], 0, 'list-best'],
  ])('of %j decides the member at %s by %s', (all, place, by) => {
    expect(decide('first-reachable', ranks(...all))).toEqual({ place, rule: by });
  });

  test('is nobody where nobody is confirmed', () => {
    expect(decide('first-reachable', ranks('-', '-'))).toBeUndefined();
  });
});

describe('a list', () => {
  test('is never green unless a confirmed member is, and with either rule as reachable as its best member', () => {
    fc.assert(
      fc.property(rule, members, (how, all) => {
        const shown = shownOf(how, all);
        const confirmed = all.filter((one) => one !== '-');
        if (confirmed.length === 0) expect(shown).toBe('-');
        else expect(confirmed).toContain(shown);
        const isGreen = (one: Shown): boolean => one === 'available' || one === 'available-idle';
        expect(isGreen(shown)).toBe(confirmed.some(isGreen));
        const best = Math.min(...confirmed.map(rankOf));
        if (how === 'best' && shown !== '-') expect(rankOf(shown)).toBe(best);
      }),
    );
  });

  test('is what it is whoever stands behind the one who decides, as long as nobody there is more reachable', () => {
    fc.assert(
      fc.property(rule, members, fc.nat(12), (how, all, at) => {
        const place = decide(how, ranks(...all))?.place;
        const others = [...all];
        others.splice(Math.max(at, (place ?? -1) + 1), 0, '-');
        expect(decide(how, ranks(...others))).toEqual(decide(how, ranks(...all)));
      }),
    );
  });
});

describe('what is shown of a list', () => {
  const member: Snapshot = {
    ...unknownSnapshot(sip('sip:ana@contoso.example'), 'Ana'),
    status: 'busy',
    activity: 'in-a-meeting',
    activityText: 'with Cleo',
    outOfOffice: true,
    note: 'Back at noon',
    since: 5_000,
    stateAt: 5_500,
    noteAt: 5_600,
  };

  test('is status and activity of the member who decides, and nothing personal', () => {
    expect(listSnapshot(desk, member, undefined)).toEqual({
      ...unknownSnapshot(desk),
      status: 'busy',
      activity: 'in-a-meeting',
      since: 5_000,
    });
  });

  test('is not out of office by the activity either', () => {
    expect(listSnapshot(desk, { ...member, activity: 'out-of-office' }, undefined).activity).toBe('');
  });

  test('keeps its beginning while the status stays, whoever has it', () => {
    const before = { ...unknownSnapshot(desk), status: 'busy' as const, since: 1_000 };
    expect(listSnapshot(desk, member, before).since).toBe(1_000);
    expect(listSnapshot(desk, { ...member, status: 'away' }, before).since).toBe(5_000);
    expect(listSnapshot(desk, member, { ...before, since: undefined }).since).toBe(5_000);
  });
});
