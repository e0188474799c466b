import { describe, expect, test } from 'vitest';
import {
  DATABASE_ICON_SIZE,
  databaseIconText,
  drawDatabaseIcon,
  NOTES_COLOURS,
} from '../../../../src/notes/template/icons/database-icon.js';
import { childText } from '../../../../src/notes/template/xml-tree.js';
import { builtDxl, elementOf, treeOf } from '../../../support/template.js';

const MASK = 6;
const COLOURS = MASK + (DATABASE_ICON_SIZE * DATABASE_ICON_SIZE) / 8;

/** Colour at a place counted from the top left; nothing where the icon is transparent. */
function colourAt(icon: Buffer, x: number, y: number): string | undefined {
  const place = (DATABASE_ICON_SIZE - 1 - y) * DATABASE_ICON_SIZE + x;
  const isClear = ((icon[MASK + (place >> 3)] ?? 0) & (0x80 >> (place & 7))) !== 0;
  const pair = icon[COLOURS + (place >> 1)] ?? 0;
  return isClear ? undefined : NOTES_COLOURS[place % 2 === 0 ? pair >> 4 : pair & 15];
}

describe("the database's icon", () => {
  const icon = drawDatabaseIcon();

  test('is as long as its format wants, with the head of exports', () => {
    expect(icon).toHaveLength(646);
    expect([...icon.subarray(0, 6)]).toEqual([2, 32, 32, 1, 0, 0]);
  });

  test('shows somebody available in front of somebody busy, on nothing', () => {
    expect(colourAt(icon, 4, 9)).toBe('#008000');
    expect(colourAt(icon, 28, 26)).toBe('#ff0000');
    expect([colourAt(icon, 0, 0), colourAt(icon, 31, 0), colourAt(icon, 0, 31)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('has no colour where it is transparent', () => {
    for (let place = 0; place < DATABASE_ICON_SIZE * DATABASE_ICON_SIZE; place += 1) {
      const isClear = ((icon[MASK + (place >> 3)] ?? 0) & (0x80 >> (place & 7))) !== 0;
      const pair = icon[COLOURS + (place >> 1)] ?? 0;
      if (isClear) expect(place % 2 === 0 ? pair >> 4 : pair & 15).toBe(0);
    }
  });

  test.each(['en', 'de'] as const)('stands in the icon note of the %s template', (language) => {
    const note = elementOf(treeOf(builtDxl(language)), 'note', { class: 'icon' });
    const item = elementOf(note, 'item', { name: 'IconBitmap' });
    expect(elementOf(item, 'rawitemdata', { type: '6' })).toBeDefined();
    expect(Buffer.from(childText(item, 'rawitemdata'), 'base64')).toEqual(icon);
  });

  test('is written in lines that mail and diff can take', () => {
    expect(
      Math.max(
        ...databaseIconText()
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBe(76);
  });
});
