import { stripVTControlCharacters } from 'node:util';

/** First and last code points of letters that take two cells of a terminal (Unicode UAX #11, wide and fullwidth). */
const WIDE: readonly (readonly [from: number, to: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
];

/** Takes no cell: marks upon other letters, and what is not seen. */
const NO_CELL = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** Cells of a terminal that a text takes. Colour takes none. */
export function textWidth(text: string): number {
  let width = 0;
  for (const letter of stripVTControlCharacters(text)) width += cellsOf(letter);
  return width;
}

/** A plain text in exactly so many cells: cut with an ellipsis, or filled with blanks. */
export function fitted(text: string, width: number): string {
  const own = textWidth(text);
  if (own <= width) return text + ' '.repeat(width - own);
  let cut = '';
  let used = 0;
  for (const letter of text) {
    const cells = cellsOf(letter);
    if (used + cells > width - 1) break;
    cut += letter;
    used += cells;
  }
  return width < 1 ? '' : `${cut}…${' '.repeat(width - 1 - used)}`;
}

function cellsOf(letter: string): number {
  if (NO_CELL.test(letter)) return 0;
  const code = letter.codePointAt(0) ?? 0;
  return WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}
