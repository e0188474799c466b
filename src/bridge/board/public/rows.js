/**
 * What a view shows, as plain data: no page, no network.
 *
 * @typedef {import('../../view-ports.js').PlacedRow} PlacedRow
 * @typedef {import('../../api/stream/protocol.js').RowsMessage} RowsMessage
 *
 * @typedef {{ kind: 'row', key: string, row: PlacedRow }} RowLine
 * @typedef {{ kind: 'heading', key: string, text: string, count: number }} HeadingLine
 * @typedef {RowLine | HeadingLine} Line A line of the table from top to bottom.
 */

/**
 * The rows after a message of the stream; see `RowsMessage` for the rule.
 *
 * @param {readonly PlacedRow[]} rows
 * @param {RowsMessage} message
 * @returns {{ rows: PlacedRow[], changed: Set<string> }} `changed` names the rows that look different now.
 */
export function applyRows(rows, message) {
  const before = new Map(rows.map((row) => [placeOf(row), row]));
  const out = new Set([...message.removed, ...message.changed.map(({ id }) => id)]);
  const after = rows.filter(({ id }) => !out.has(id));
  const changed = new Set();
  for (const { index, ...row } of message.changed) {
    after.splice(index, 0, row);
    if (JSON.stringify(before.get(placeOf(row))?.cells) !== JSON.stringify(row.cells)) changed.add(row.id);
  }
  return { rows: after, changed };
}

/**
 * Rows of a whole view that look different than before, for a reader who had the view already.
 *
 * @param {readonly PlacedRow[]} before
 * @param {readonly PlacedRow[]} after
 * @returns {Set<string>}
 */
export function changedRows(before, after) {
  const known = new Map(before.map((row) => [placeOf(row), JSON.stringify(row.cells)]));
  return new Set(after.filter((row) => known.get(placeOf(row)) !== JSON.stringify(row.cells)).map(({ id }) => id));
}

/**
 * Tells the rows of one document apart, which may stand under several categories.
 *
 * @param {PlacedRow} row
 */
function placeOf({ id, category }) {
  return `${id} ${category}`;
}

/**
 * The lines of the table: rows, and in a categorized view a heading with its count above each group.
 *
 * @param {readonly PlacedRow[]} rows
 * @param {boolean} categorized
 * @returns {Line[]}
 */
export function linesOf(rows, categorized) {
  /** @type {Line[]} */
  const lines = [];
  /** @type {HeadingLine | undefined} */
  let heading;
  for (const row of rows) {
    if (categorized && heading?.text !== row.category) {
      heading = { kind: 'heading', key: `heading ${row.category}`, text: row.category, count: 0 };
      lines.push(heading);
    }
    if (heading) heading.count += 1;
    lines.push({ kind: 'row', key: `row ${placeOf(row)}`, row });
  }
  return lines;
}
