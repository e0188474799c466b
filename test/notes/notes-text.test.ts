import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { notesText } from '../../src/notes/notes-text.js';
import { awkwardText } from '../support/awkward-text.js';

describe('notesText', () => {
  test('takes away the brackets of pass-thru HTML, also those that appear when others go', () => {
    expect(notesText('[<script>alert(1)</script>]')).toBe('script>alert(1)</script');
    const bracket = fc.constantFrom('[', '<', '>', ']', '[<', '>]', 'a', '\u202e', '\ud800', '\u0338');
    fc.assert(
      fc.property(fc.array(bracket), (pieces) => {
        const text = notesText(pieces.join(''));
        expect(text).not.toContain('[<');
        expect(text).not.toContain('>]');
      }),
    );
  });

  test('finds brackets with marks inside that nobody sees', () => {
    expect(notesText('[\u202e<b>\u200f]')).toBe('b');
  });

  test('counts bytes, and cuts between characters', () => {
    expect(notesText('ééééé', 5)).toBe('éé');
    expect(notesText('👋👋', 7)).toBe('👋');
    fc.assert(
      fc.property(awkwardText, fc.integer({ min: 1, max: 40 }), (given, maxBytes) => {
        const text = notesText(given, maxBytes);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
        expect(text.isWellFormed()).toBe(true);
      }),
    );
  });

  test('makes one line of plain text', () => {
    expect(notesText('  back\tat\n3\u0000pm \u202e')).toBe('back at 3 pm');
  });

  test('given its own result changes nothing', () => {
    fc.assert(
      fc.property(awkwardText, (given) => {
        const once = notesText(given);
        expect(notesText(once)).toBe(once);
      }),
    );
  });
});
