/**
 * @typedef {import('../../view-ports.js').PlacedRow} PlacedRow
 * @typedef {import('../../view-ports.js').ViewCell} ViewCell
 *
 * @typedef {object} UnknownLook
 * @property {string} label the status `unknown` in words
 * @property {string | undefined} image its image resource
 */

/** @type {ViewCell} */
const EMPTY = { kind: 'text', text: '' };

/**
 * The same people when nothing is known of them: name and order stay, everything else a view may show of a person follows
 * from a status that does not count any more.
 *
 * @param {readonly PlacedRow[]} rows
 * @param {boolean} categorized
 * @param {UnknownLook} look
 * @returns {PlacedRow[]}
 */
export function asUnknown(rows, categorized, { label, image }) {
  const seen = new Set();
  return rows.flatMap((row) => {
    // Under one heading a person stands once.
    if (seen.has(row.id)) return [];
    seen.add(row.id);
    const first = categorized ? 1 : 0;
    const named = row.cells.findIndex(({ kind }, index) => index >= first && kind === 'text');
    const told = row.cells.findIndex(({ kind }, index) => index > named && kind === 'text');
    const cells = row.cells.map((cell, index) => {
      if (index === named) return cell;
      if (index === told) return { kind: /** @type {const} */ ('text'), text: label };
      if (index < named && cell.kind === 'icon' && image !== undefined) {
        return { kind: /** @type {const} */ ('icon'), image, label };
      }
      return EMPTY;
    });
    return [{ id: row.id, status: /** @type {const} */ ('unknown'), category: categorized ? label : '', cells }];
  });
}
