/**
 * Whom a reader wants to see, as plain data: no page, no network.
 *
 * @typedef {import('../../../presence/availability.js').Status} Status
 * @typedef {import('../../view-ports.js').PlacedRow} PlacedRow
 *
 * @typedef {object} Filters
 * @property {string} query words of which every one must be found
 * @property {ReadonlySet<string>} statuses those who have one of these; everybody when empty
 * @property {ReadonlySet<string> | undefined} members ids of the rows of a list; everybody when left out
 *
 * @typedef {object} Chosen
 * @property {readonly PlacedRow[]} rows the same array when nobody is left out
 * @property {number} shown people in `rows`
 * @property {number} total people without any filter
 * @property {ReadonlyMap<string, number>} counts people by status, as many as each status alone would show
 */

/** @type {WeakMap<PlacedRow, string>} What is searched, by row: rows stay the same objects until they change. */
const searchable = new WeakMap();

/**
 * @param {readonly PlacedRow[]} rows
 * @param {Filters} filters
 * @returns {Chosen}
 */
export function choose(rows, { query, statuses, members }) {
  const words = query.split(/\s+/).filter(Boolean).map(spellings);
  /** @type {Map<string, Set<string>>} A person may stand under several headings, and counts once. */
  const byStatus = new Map();
  const shown = new Set();
  const chosen = rows.filter((row) => {
    if (members && !members.has(row.id)) return false;
    if (words.length > 0 && !hasWords(row, words)) return false;
    const status = statusOf(row);
    const same = byStatus.get(status) ?? new Set();
    byStatus.set(status, same.add(row.id));
    if (statuses.size > 0 && !statuses.has(status)) return false;
    shown.add(row.id);
    return true;
  });
  return {
    rows: chosen.length === rows.length ? rows : chosen,
    shown: shown.size,
    total: new Set(rows.map(({ id }) => id)).size,
    counts: new Map([...byStatus].map(([status, ids]) => [status, ids.size])),
  };
}

/**
 * @param {PlacedRow} row
 * @returns {Status}
 */
export function statusOf(row) {
  return row.status ?? 'unknown';
}

/**
 * Every word stands in some cell or in the category, whatever its case and accents.
 *
 * @param {PlacedRow} row
 * @param {readonly (readonly string[])[]} words each in all its spellings
 */
function hasWords(row, words) {
  let text = searchable.get(row);
  if (text === undefined) {
    const cells = row.cells.flatMap((cell) =>
      cell.kind === 'text' ? [cell.text] : [cell, ...(cell.more ?? [])].map(({ label }) => label),
    );
    text = spellings([row.category, ...cells].join('\n')).join('\n');
    searchable.set(row, text);
  }
  const found = text;
  return words.every((word) => word.some((spelling) => found.includes(spelling)));
}

/** As they are written where there is no key for them. */
const WRITTEN_OUT = /** @type {Readonly<Record<string, string>>} */ ({ ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa' });

/** Letters that are no accented ones to Unicode, but to whoever types a name without them. */
const LETTERS = /** @type {Readonly<Record<string, string>>} */ ({
  ß: 'ss',
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
});

/**
 * A text without accents, and with umlauts written out: "muller" and "mueller" both mean Müller.
 *
 * @param {string} text
 * @returns {string[]} one when both are the same
 */
function spellings(text) {
  const small = text.normalize('NFC').toLowerCase();
  const writtenOut = small.replace(/[äöüøå]/g, (letter) => WRITTEN_OUT[letter] ?? letter);
  return writtenOut === small ? [plain(small)] : [plain(small), plain(writtenOut)];
}

/** @param {string} text in small letters */
function plain(text) {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßłøđðþæœı]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/[’‘ʼ`´]/g, "'");
}
