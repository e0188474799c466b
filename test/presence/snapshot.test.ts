import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cleanText,
  type MergeOptions,
  merge,
  type ObservedState,
  sameSnapshot,
  unknownSnapshot,
} from '../../src/presence/snapshot.js';
import { sip } from '../support/people.js';

const uri = sip('sip:ana@contoso.example');
const NOW = Date.UTC(2026, 0, 5, 9);
const options: MergeOptions = { now: NOW, notes: true, authoritative: false };
const blank = unknownSnapshot(uri);
const state = (availability: number, extra: Partial<ObservedState> = {}) => ({
  uri,
  state: { availability, activity: '', ...extra },
});

describe('merging what a document says', () => {
  test('a category replaces only itself', () => {
    const noted = merge(blank, { uri, note: { text: 'Room 4', outOfOffice: false } }, options);
    const both = merge(noted, state(3500), options);
    expect(both).toMatchObject({ status: 'available', note: 'Room 4' });
    expect(merge(both, { uri, note: null }, options)).toMatchObject({ status: 'available', note: '' });
    expect(merge(both, { uri, state: null }, options)).toMatchObject({ status: 'unknown', note: 'Room 4' });
  });

  test('an older state does not overtake a newer one', () => {
    const newer = merge(blank, state(6500, { publishedAt: NOW - 1000 }), options);
    expect(merge(newer, state(3500, { publishedAt: NOW - 2000 }), options).status).toBe('busy');
  });

  test('a state confirmed later is not overtaken by one published in between', () => {
    const first = merge(blank, state(3500, { publishedAt: NOW - 9000 }), options);
    const confirmed = merge(first, state(3500, { publishedAt: NOW - 1000 }), options);
    expect(merge(confirmed, state(6500, { publishedAt: NOW - 5000 }), options).status).toBe('available');
  });

  test('the first state of a subscription counts whatever its time says', () => {
    const newer = merge(blank, state(6500, { publishedAt: NOW }), options);
    const first = merge(newer, state(3500, { publishedAt: NOW - 60_000 }), { ...options, authoritative: true });
    expect(first.status).toBe('available');
  });

  test('a time in the far future does not freeze the record', () => {
    const future = merge(blank, state(3500, { publishedAt: NOW + 86_400_000 }), options);
    expect(merge(future, state(6500, { publishedAt: NOW }), options).status).toBe('busy');
  });

  test('the beginning of a status stays while the status stays', () => {
    const began = merge(blank, state(3500, { publishedAt: NOW - 60_000 }), options);
    expect(merge(began, state(3600, { publishedAt: NOW }), options).since).toBe(NOW - 60_000);
    expect(merge(began, state(6500, { publishedAt: NOW }), options).since).toBe(NOW);
  });

  test('an activity counts only within its range of numbers', () => {
    const meeting = { activity: 'in-a-meeting', minAvailability: 6500, maxAvailability: 8999 };
    expect(merge(blank, state(6500, meeting), options).activity).toBe('in-a-meeting');
    expect(merge(blank, state(3500, meeting), options).activity).toBe('');
  });

  test('out of office is a flag beside the status, from the note as from the token', () => {
    const note = merge(merge(blank, state(3500), options), { uri, note: { text: '', outOfOffice: true } }, options);
    expect(note).toMatchObject({ status: 'available', outOfOffice: true });
    expect(merge(note, { uri, note: null }, options).outOfOffice).toBe(false);
    const token = merge(blank, state(15500, { activity: 'out-of-office' }), options);
    expect(token).toMatchObject({ status: 'away', outOfOffice: true });
    expect(merge(token, state(3500), options).outOfOffice).toBe(false);
  });

  test('without a state there is no status and no flag of its token, but the flag of the note', () => {
    const token = merge(blank, state(15500, { activity: 'out-of-office' }), options);
    expect(merge(token, { uri, state: null }, options)).toMatchObject({ status: 'unknown', outOfOffice: false });
    const note = merge(blank, { uri, note: { text: '', outOfOffice: true } }, options);
    expect(merge(note, { uri, state: null }, options)).toMatchObject({ status: 'unknown', outOfOffice: true });
  });

  test('a note is not kept when notes are off', () => {
    const merged = merge(blank, { uri, note: { text: 'secret', outOfOffice: false } }, { ...options, notes: false });
    expect(JSON.stringify(merged)).not.toContain('secret');
  });

  test('saying the same again gives the same object', () => {
    const once = merge(blank, state(3500, { publishedAt: NOW }), options);
    expect(merge(once, state(3500, { publishedAt: NOW }), options)).toBe(once);
  });

  test('states published at different times give the newest one in any order of arrival', () => {
    const states = fc.uniqueArray(
      fc.record({
        availability: fc.constantFrom(3500, 6500, 9500, 15500, 18500),
        age: fc.integer({ min: 0, max: 9999 }),
      }),
      { selector: ({ age }) => age, minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(
        states.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          const newest = [...list].sort((a, b) => a.age - b.age)[0];
          const end = shuffled.reduce(
            (at, { availability, age }) => merge(at, state(availability, { publishedAt: NOW - age * 1000 }), options),
            blank,
          );
          expect(end.status).toBe(merge(blank, state(newest?.availability ?? 0), options).status);
        },
      ),
    );
  });
});

test('text loses control characters, line breaks and marks that turn the reading direction', () => {
  expect(cleanText('  a\r\nb\u0000c \u202edcba\u202c  ')).toBe('a b c dcba');
});

test('text cut at its limit never ends in half a character', () => {
  const text = cleanText(`${'x'.repeat(499)}😀`);
  expect(encodeURIComponent(text).length).toBeGreaterThan(0);
});

test('publication times alone make no difference to a reader', () => {
  expect(sameSnapshot({ ...blank, stateAt: 1 }, { ...blank, stateAt: 2 })).toBe(true);
});

describe('own words for an activity', () => {
  const worded = state(6500, { activityText: ' Quarter\nclose ', minAvailability: 6000, maxAvailability: 8999 });

  test('are clean text, and a difference to a reader', () => {
    const merged = merge(blank, worded, options);
    expect(merged.activityText).toBe('Quarter close');
    expect(sameSnapshot(merged, { ...merged, activityText: '' })).toBe(false);
  });

  test('go with the state they came with', () => {
    const merged = merge(blank, worded, options);
    expect(merge(merged, state(6500), options).activityText).toBe('');
    expect(merge(merged, { uri, state: null }, options).activityText).toBe('');
    expect(merge(merged, { uri, note: null }, options).activityText).toBe('Quarter close');
  });

  test('are not kept when notes are off, nor for other numbers than those of the activity', () => {
    expect(merge(blank, worded, { ...options, notes: false }).activityText).toBe('');
    expect(merge(blank, { uri, state: { ...worded.state, availability: 15500 } }, options).activityText).toBe('');
  });
});

describe('a state that says when it began', () => {
  test('has begun then, without that making it older than another', () => {
    const later = merge(blank, state(6500, { since: NOW - 60_000 }), options);
    expect(later.since).toBe(NOW - 60_000);
    expect(merge(later, state(3500, { since: NOW - 3_600_000 }), options)).toMatchObject({
      status: 'available',
      since: NOW - 3_600_000,
    });
  });

  test('has begun now when it says so of the far future', () => {
    expect(merge(blank, state(6500, { since: NOW + 86_400_000 }), options).since).toBe(NOW);
  });
});
