import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LinkReport, LinkState } from '../../../src/bridge/ports.js';
import { assignPeople, combinedLink, type Member } from '../../../src/ocs/account/account-group.js';
import type { SipUri } from '../../../src/presence/ids.js';
import { sip } from '../../support/people.js';

const people = (count: number, from = 0): SipUri[] =>
  Array.from({ length: count }, (_, index) => sip(`p${from + index}@contoso.example`));
const member = (usable: boolean, watched: readonly SipUri[] = []): Member => ({ usable, people: new Set(watched) });
const sizes = ({ shares }: { readonly shares: readonly ReadonlySet<SipUri>[] }): number[] =>
  shares.map((share) => share.size);

describe('sharing a roster', () => {
  test('one account watches everybody', () => {
    expect(sizes(assignPeople([member(true)], new Set(people(7)), Number.POSITIVE_INFINITY))).toEqual([7]);
  });

  test('several accounts get equal parts', () => {
    expect(sizes(assignPeople([member(true), member(true), member(true)], new Set(people(9)), 100))).toEqual([3, 3, 3]);
  });

  test('nobody who is watched already changes hands', () => {
    const [first, second] = [people(5), people(1, 5)];
    const { shares } = assignPeople([member(true, first), member(true, second)], new Set(people(8)), 100);
    for (const person of first) expect(shares[0]?.has(person)).toBe(true);
    expect(shares.map(({ size }) => size)).toEqual([5, 3]);
  });

  test('the people of an account that is away go to the others as far as there is room', () => {
    const members = [member(false, people(6)), member(true, people(2, 6)), member(true, people(3, 8))];
    const { shares, homeless } = assignPeople(members, new Set(people(11)), 5);
    expect(shares.slice(1).map(({ size }) => size)).toEqual([5, 5]);
    expect(homeless).toHaveLength(1);
    // Whoever finds no room waits for his own account.
    expect([...(shares[0] ?? [])]).toEqual(homeless);
  });

  test('an account that comes back takes whom nobody has, and leaves the others where they are', () => {
    const members = [member(true, people(1)), member(true, people(5, 1))];
    const { shares, homeless } = assignPeople(members, new Set(people(8)), 5);
    expect([shares.map(({ size }) => size), homeless]).toEqual([[3, 5], []]);
  });

  test('people beyond the room of all accounts are told', () => {
    const { shares, homeless } = assignPeople([member(true), member(true)], new Set(people(10)), 3);
    expect([shares.map(({ size }) => size), homeless.length]).toEqual([[3, 3], 4]);
  });

  test('everybody is in exactly one place or homeless, no bound is broken, and who may stay stays', () => {
    const all = people(12);
    const some = fc.subarray(all);
    const group = fc.array(fc.record({ usable: fc.boolean(), watched: some }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(group, some, fc.integer({ min: 1, max: 12 }), (given, wanted, capacity) => {
        const taken = new Set<SipUri>();
        const members = given.map(({ usable, watched }) => {
          const own = watched.filter((person) => !taken.has(person)).slice(0, capacity);
          for (const person of own) taken.add(person);
          return member(usable, own);
        });
        const { shares, homeless } = assignPeople(members, new Set(wanted), capacity);
        const placed = shares.flatMap((share) => [...share]);
        expect(new Set(placed).size).toBe(placed.length);
        for (const share of shares) expect(share.size).toBeLessThanOrEqual(capacity);
        const watched = new Set(shares.flatMap((share, index) => (members[index]?.usable ? [...share] : [])));
        for (const person of wanted) expect(watched.has(person) !== homeless.includes(person)).toBe(true);
        for (const [index, { usable, people: before }] of members.entries()) {
          if (!usable) continue;
          for (const person of before) expect(shares[index]?.has(person)).toBe(wanted.includes(person));
        }
        const again = assignPeople(
          members.map(({ usable }, index) => ({ usable, people: shares[index] ?? new Set() })),
          new Set(wanted),
          capacity,
        );
        expect(again.shares).toEqual(shares);
      }),
    );
  });
});

describe('the link of several accounts', () => {
  const report = (state: LinkState, retryAt?: number): LinkReport => ({
    state,
    since: 0,
    ...(retryAt === undefined ? {} : { retryAt }),
  });

  test('is connected while one of them is', () => {
    expect(combinedLink([report('refused'), report('connected'), report('bad-credentials')])?.state).toBe('connected');
  });

  test('is as hopeful as the most hopeful of them otherwise', () => {
    expect(combinedLink([report('refused'), report('transient-disconnect')])?.state).toBe('transient-disconnect');
    expect(combinedLink([report('refused'), report('bad-credentials')])?.state).toBe('bad-credentials');
  });

  test('tells when the first of them tries again', () => {
    const both = [report('transient-disconnect', 500), report('transient-disconnect', 300)];
    expect(combinedLink(both)?.retryAt).toBe(300);
  });

  test('is unknown before any of them said something', () => {
    expect(combinedLink([])).toBeUndefined();
  });
});
