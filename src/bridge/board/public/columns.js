/**
 * @typedef {import('../../view-ports.js').ViewColumn} ViewColumn
 */

/** A text column up to this many characters holds times, codes or numbers, of which a part says nothing. */
const SHORT = 20;
/** Characters that short columns may take together before they have to shrink like the others. */
const MAX_SHORT = 40;
/** Characters that an icon of 16 px needs. */
const MIN_ICON = 3;
/** As in the style sheet: the padding of a cell, and the size of titles beside texts. */
const PADDING = '24px';
const TITLE_SIZE = 0.8;

/**
 * CSS grid tracks of the columns. Icons and short texts keep the width of the view design, so that a time is never cut
 * while a name or a status beside it has room; long texts share the rest as they do in the design.
 *
 * @param {readonly ViewColumn[]} columns
 * @returns {string[]}
 */
export function columnTracks(columns) {
  const short = columns.filter(isShort);
  const long = columns.filter((column) => column.kind === 'text' && !isShort(column));
  const keep = long.length > 0 && sumOf(short) <= MAX_SHORT;
  return columns.map((column) => {
    if (column.kind === 'icon') return `calc(${iconWidth(column)}ch + ${PADDING})`;
    if (keep && isShort(column)) return `calc(${column.width}ch + ${PADDING})`;
    return `minmax(0, ${Math.max(1, column.width)}fr)`;
  });
}

/**
 * Beside its icons such a column holds only its title.
 *
 * @param {ViewColumn} column
 */
function iconWidth({ width }) {
  return Math.max(MIN_ICON, Math.round(width * TITLE_SIZE * 10) / 10);
}

/** @param {ViewColumn} column */
function isShort({ kind, width }) {
  return kind === 'text' && width <= SHORT;
}

/** @param {readonly ViewColumn[]} columns */
function sumOf(columns) {
  return columns.reduce((sum, { width }) => sum + Math.max(1, width), 0);
}
