import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DailyTime } from '../../../src/bridge/runtime/daily-time.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** When it was due, asked every ten minutes between two moments. */
function dueBetween(time: string, from: number, to: number): readonly string[] {
  const daily = new DailyTime(time, from);
  const due: string[] = [];
  for (let now = from; now <= to; now += 10 * MINUTE) if (daily.isDue(now)) due.push(new Date(now).toISOString());
  return due;
}

describe('DailyTime', () => {
  let zone: string | undefined;
  beforeEach(() => {
    zone = process.env['TZ'];
    process.env['TZ'] = 'Europe/Berlin';
  });
  afterEach(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  test('is due once a day, at local time', () => {
    const from = Date.UTC(2026, 0, 5, 12);
    expect(dueBetween('02:30', from, from + 3 * DAY)).toEqual([
      '2026-01-06T01:30:00.000Z',
      '2026-01-07T01:30:00.000Z',
      '2026-01-08T01:30:00.000Z',
    ]);
  });

  test('is not due at the start, however late in the day that is', () => {
    const at = Date.UTC(2026, 0, 5, 20);
    expect(new DailyTime('02:30', at).isDue(at + 1)).toBe(false);
  });

  test('is due once in the night in which the hour is skipped, and once in that in which it comes twice', () => {
    const spring = Date.UTC(2026, 2, 28, 22);
    expect(dueBetween('02:30', spring, spring + 12 * HOUR)).toHaveLength(1);
    const autumn = Date.UTC(2026, 9, 24, 22);
    expect(dueBetween('02:30', autumn, autumn + 12 * HOUR)).toHaveLength(1);
  });

  test('is due once after a sleep or a clock that jumped over it, even over midnight and over days', () => {
    for (const slept of [3 * HOUR, 30 * HOUR, 10 * DAY]) {
      const daily = new DailyTime('23:30', Date.UTC(2026, 0, 5, 22));
      const now = Date.UTC(2026, 0, 5, 22) + slept;
      expect([daily.isDue(now), daily.isDue(now + MINUTE)]).toEqual([true, false]);
    }
  });

  test('a clock that is put back makes it due at its time again, and not before', () => {
    const daily = new DailyTime('02:30', Date.UTC(2026, 0, 5, 0));
    expect(daily.isDue(Date.UTC(2026, 0, 5, 2))).toBe(true);
    expect(daily.isDue(Date.UTC(2026, 0, 4, 12))).toBe(false);
    expect(daily.isDue(Date.UTC(2026, 0, 5, 1))).toBe(false);
    expect(daily.isDue(Date.UTC(2026, 0, 5, 2))).toBe(true);
  });
});
