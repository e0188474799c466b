export type CsvCell = string | number | undefined;

/** What a spreadsheet takes for the beginning of a formula, also behind blanks. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;
/**
 * COMPAT(Excel): where the comma is the decimal sign it splits at semicolons, and quotes count only at the beginning of
 * what it takes for a cell: a text with `;=` in the middle becomes two cells, of which the second is a formula.
 */
const FORMULA_BEHIND_SEPARATOR = /([;\t\r\n]\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g;
/** What no spreadsheet shows and a terminal obeys. */
const TERMINAL_MARKS = /(?![\t\n\r])\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/;

/** Tells spreadsheets that the text is UTF-8. */
const BYTE_ORDER_MARK = '\ufeff';

/**
 * A table as CSV (RFC 4180: commas, CRLF, quotes doubled) that is safe to open in a spreadsheet: a text that would be taken for
 * a formula gets an apostrophe in front. Control characters go. Numbers stay numbers. Begins with a byte order mark.
 */
export function csv(headings: readonly string[], rows: Iterable<readonly CsvCell[]>): string {
  let text = BYTE_ORDER_MARK + line(headings);
  for (const row of rows) text += line(row);
  return text;
}

function line(cells: readonly CsvCell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

function cellText(cell: CsvCell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  const plain = cell.replace(TERMINAL_MARKS, '').replace(FORMULA_BEHIND_SEPARATOR, "$1'");
  const safe = FORMULA.test(plain) ? `'${plain}` : plain;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
