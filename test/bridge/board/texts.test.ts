import { describe, expect, test } from 'vitest';
import { STATUSES } from '../../../src/presence/availability.js';
import { boardModule } from '../../support/board-module.js';

type Texts = Readonly<Record<string, string | Readonly<Record<string, string>>>> & {
  readonly language: string;
  readonly statuses: Readonly<Record<string, string>>;
};

const { textsFor, fill } = await boardModule<{
  textsFor(languages: readonly string[]): Texts;
  fill(pattern: string, values: Readonly<Record<string, string | number>>): string;
}>('texts.js');
const { ageOf, timeOf } = await boardModule<{
  ageOf(milliseconds: number, texts: Texts): string;
  timeOf(at: number, now: number, language: string, zone: string): string;
}>('time-words.js');
const { linkText } = await boardModule<{
  linkText(link: { state: string; since: number }, now: number, texts: Texts): string;
}>('status-bar.js');
const { backoff } = await boardModule<{ backoff(attempt: number, random: number): number }>('stream.js');

const [english, german] = [textsFor(['en']), textsFor(['de'])];

describe('texts of the board', () => {
  test('follow the first language of the reader that is spoken', () => {
    const languageOf = (...languages: string[]): string => textsFor(languages).language;
    expect(languageOf('de-AT')).toBe('de');
    expect(languageOf('fr', 'de')).toBe('de');
    expect(languageOf('en-GB', 'de')).toBe('en');
    expect(languageOf('den')).toBe('en');
    expect(languageOf()).toBe('en');
  });

  test('are complete in both languages, with the same values to fill in', () => {
    const shape = (texts: Texts): unknown =>
      JSON.parse(JSON.stringify(texts), (_key, value: unknown) =>
        typeof value === 'string' ? [...value.matchAll(/\{\w+\}/g)].map(String).sort() : value,
      );
    expect(shape(german)).toEqual(shape(english));
    expect(Object.keys(english.statuses)).toEqual([...STATUSES]);
  });

  test('fill in values as they are', () => {
    expect(fill('{a} of {b} {c}', { a: 1, b: '{a} $& \\' })).toBe('1 of {a} $& \\ {c}');
  });
});

describe('time in words', () => {
  const at = Date.UTC(2026, 0, 5, 9, 42);

  test('is the time of day, and after a day the date as well', () => {
    expect(timeOf(at, at + 60_000, 'en', 'Europe/Berlin')).toBe('10:42');
    expect(timeOf(at, at + 60_000, 'de', 'UTC')).toBe('09:42');
    expect(timeOf(at, at + 90_000_000, 'en', 'UTC')).toBe('05/01/2026, 09:42');
    expect(timeOf(at, at + 90_000_000, 'de', 'UTC')).toBe('05.01.2026, 09:42');
  });
});

describe('status bar', () => {
  test('tells ages in the largest fitting unit, never negative', () => {
    expect([-5_000, 1_000, 119_000, 121_000, 7_300_000, 432_000_000].map((age) => ageOf(age, english))).toEqual([
      '0\u00a0s',
      '1\u00a0s',
      '119\u00a0s',
      '2\u00a0min',
      '2\u00a0h',
      '5\u00a0d',
    ]);
  });

  test('tells for how long a link has its state, which is the same in every time zone', () => {
    const link = { state: 'connected', since: 1_000_000 };
    expect(linkText(link, 1_720_000, english)).toBe('connected for 12\u00a0min');
    expect(linkText(link, 1_720_000, german)).toBe('verbunden seit 12\u00a0min');
  });
});

describe('backoff', () => {
  test('doubles to half a minute and is spread', () => {
    expect([0, 1, 2, 3, 9, 1000].map((attempt) => backoff(attempt, 1))).toEqual([1e3, 2e3, 4e3, 8e3, 3e4, 3e4]);
    expect(backoff(9, 0)).toBe(15_000);
  });
});
