import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountOf, castOf, HABITS } from '../../../src/ocs/simulator/cast.js';
import { samePresence } from '../../../src/ocs/simulator/presence/simulated-presence.js';
import { workingDayOf } from '../../../src/ocs/simulator/working-day.js';
import { activityOf, statusOf } from '../../../src/presence/availability.js';

describe('castOf', () => {
  test('gives everybody an own address, name and Notes name, also thousands of them', () => {
    const cast = castOf(3000, 'contoso.example', 5);
    for (const key of ['uri', 'displayName', 'notesName', 'user'] as const) {
      expect(new Set(cast.map((member) => member[key])).size).toBe(3000);
    }
    expect(cast.every(({ uri }) => /^sip:[a-z]+\.[a-z]+\d*@contoso\.example$/.test(uri))).toBe(true);
  });

  test('keeps accents in names and spells addresses in ASCII', () => {
    const cast = castOf();
    const jürgen = cast.find(({ displayName }) => displayName === 'Jürgen Müller');
    expect(jürgen).toMatchObject({
      uri: 'sip:juergen.mueller@contoso.example',
      notesName: 'CN=Jürgen Müller/OU=Finance/O=Contoso',
    });
    expect(cast.map(({ user }) => user)).toEqual(
      expect.arrayContaining(['soren.odegard', 'lukasz.wojcik', 'ingrid.weiss', 'elif.yildiz', 'liam.oconnor']),
    );
  });

  test('begins a longer cast with the shorter one', () => {
    expect(castOf(40).slice(0, 30)).toEqual(castOf(30));
  });

  test('holds every habit in two dozen people', () => {
    expect(new Set(castOf().map(({ habit }) => habit))).toEqual(new Set(HABITS));
  });

  test('gives accounts', () => {
    const [ana] = castOf(1);
    if (!ana) throw new Error('an empty cast');
    expect(accountOf(ana, 'CONTOSO', 'secret')).toMatchObject({ user: 'ana.reyes', domain: 'CONTOSO', uri: ana.uri });
  });
});

describe('workingDayOf', () => {
  const cast = castOf(48);
  const anyDay = fc.record({ member: fc.constantFrom(...cast), seed: fc.nat(10_000) });
  const forAnyDay = (check: (day: ReturnType<typeof workingDayOf>, habit: string) => void): void => {
    fc.assert(
      fc.property(anyDay, ({ member, seed }) => check(workingDayOf(member, seed), member.habit)),
      { numRuns: 150 },
    );
  };

  test('begins at midnight, goes forward, and changes something each time', () => {
    forAnyDay((day) => {
      expect(day[0]?.minute).toBe(0);
      for (const [at, event] of day.entries()) {
        const before = day[at - 1];
        if (!before) continue;
        expect(event.minute).toBeGreaterThan(before.minute);
        expect(samePresence(event.presence, before.presence)).toBe(false);
      }
    });
  });

  test('begins and ends offline, comes between seven and ten and leaves by eight', () => {
    forAnyDay((day, habit) => {
      expect(day[0]?.presence.availability).toBe(18_500);
      expect(day.at(-1)?.presence.availability).toBe(18_500);
      if (habit === 'vacation') {
        expect(day).toHaveLength(1);
        return;
      }
      expect(day[1]?.minute).toBeGreaterThanOrEqual(7 * 60);
      expect(day[1]?.minute).toBeLessThanOrEqual(10 * 60);
      expect(day.at(-1)?.minute).toBeLessThanOrEqual(20 * 60);
    });
  });

  test('uses only numbers and tokens that mean something', () => {
    forAnyDay((day) => {
      for (const { presence } of day) {
        expect(statusOf(presence.availability)).not.toBe('unknown');
        expect(presence.activity === '' || activityOf(presence.activity) !== undefined).toBe(true);
      }
    });
  });

  test('is away for lunch, and out of office exactly when travelling or on vacation', () => {
    forAnyDay((day, habit) => {
      const away = day.filter(({ presence }) => presence.availability === 15_500);
      expect(away.length > 0).toBe(habit !== 'vacation');
      expect(day.every(({ presence }) => presence.outOfOffice === ['travelling', 'vacation'].includes(habit))).toBe(
        true,
      );
    });
  });

  test('is the same for the same seed and another for another', () => {
    const [ana] = cast;
    if (!ana) throw new Error('an empty cast');
    expect(workingDayOf(ana, 4)).toEqual(workingDayOf(ana, 4));
    expect(workingDayOf(ana, 4)).not.toEqual(workingDayOf(ana, 5));
  });

  test('shows every status in the course of a day of two dozen people', () => {
    const seen = new Set(
      castOf().flatMap((member) => workingDayOf(member, 1).map(({ presence }) => statusOf(presence.availability))),
    );
    expect(seen.size).toBe(8);
  });
});
