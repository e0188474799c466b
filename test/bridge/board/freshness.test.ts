import { describe, expect, test } from 'vitest';
import { boardModule } from '../../support/board-module.js';

interface Moment {
  readonly wall: number;
  readonly monotonic: number;
}

interface Freshness {
  readonly heardAt: number | undefined;
  confirm(word: { now: number; freshUntil?: number }, moment: Moment): void;
  isOver(now: Moment): boolean;
}

const { Freshness } = await boardModule<{ Freshness: new () => Freshness }>('freshness.js');

const WORD = { now: 5_000_000, freshUntil: 5_060_000 };
const HEARD: Moment = { wall: 1_000, monotonic: 10 };

function heard(word: { now: number; freshUntil?: number } = WORD): Freshness {
  const freshness = new Freshness();
  freshness.confirm(word, HEARD);
  return freshness;
}

describe('freshness', () => {
  test('lasts as long as the bridge said, whatever its clock', () => {
    expect(heard().isOver({ wall: 60_999, monotonic: 60_009 })).toBe(false);
    expect(heard().isOver({ wall: 61_000, monotonic: 60_010 })).toBe(true);
  });

  test('is over after a sleep, in which one of the clocks stood still', () => {
    expect(heard().isOver({ wall: 3_600_000, monotonic: 20 })).toBe(true);
  });

  test('is not prolonged when somebody sets the clock back', () => {
    expect(heard().isOver({ wall: -3_600_000, monotonic: 60_010 })).toBe(true);
  });

  test('begins anew with each word', () => {
    const freshness = heard();
    freshness.confirm(WORD, { wall: 50_000, monotonic: 49_010 });
    expect(freshness.isOver({ wall: 70_000, monotonic: 69_010 })).toBe(false);
    expect(freshness.heardAt).toBe(50_000);
  });

  test('is over at once when the bridge says so', () => {
    expect(heard({ now: 5_000_000, freshUntil: 4_999_000 }).isOver(HEARD)).toBe(true);
  });

  test('has no end where none was said, and none before the first word', () => {
    expect(heard({ now: 1 }).isOver({ wall: 9e12, monotonic: 9e12 })).toBe(false);
    expect(new Freshness().isOver({ wall: 9e12, monotonic: 9e12 })).toBe(false);
  });
});
