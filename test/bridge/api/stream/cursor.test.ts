import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cursors } from '../../../../src/bridge/api/stream/cursor.js';
import { seededRandom } from '../../../support/simulated-clock.js';

const sequence = fc.nat(2 ** 48 - 1);

describe('cursors', () => {
  const cursors = new Cursors(seededRandom(1));

  test('give back the sequence for the meaning that they were made for, and for no other', () => {
    fc.assert(
      fc.property(sequence, fc.string(), fc.string(), (number, meaning, other) => {
        const cursor = cursors.seal(number, meaning);
        expect(cursors.open(cursor, meaning)).toBe(number);
        expect(cursors.open(cursor, other)).toBe(other === meaning ? number : undefined);
      }),
    );
  });

  test('of another process count for nothing', () => {
    expect(new Cursors(seededRandom(2)).open(cursors.seal(7, 'x'), 'x')).toBeUndefined();
  });

  test('whatever somebody sends as a cursor is none, and does no harm', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.string({ minLength: 22, maxLength: 22 })), (text) => {
        expect(cursors.open(text, 'x')).toBeUndefined();
      }),
    );
  });

  test('look alike and differ each time, so that nobody reads from them how much happened', () => {
    const made = Array.from({ length: 100 }, () => cursors.seal(5, 'x'));
    expect(new Set(made).size).toBe(100);
    expect(made.every((cursor) => /^[\w-]{22}$/.test(cursor))).toBe(true);
  });
});
