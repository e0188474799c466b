import { columnWidths } from './columns.js';
import { linesOf } from './rows.js';

/**
 * @typedef {import('../../view-ports.js').PlacedRow} PlacedRow
 * @typedef {import('../../view-ports.js').ViewCell} ViewCell
 * @typedef {import('../../view-ports.js').ViewColumn} ViewColumn
 * @typedef {import('../../view-ports.js').ViewDescription} ViewDescription
 * @typedef {import('./rows.js').Line} Line
 */

/** Draws a view of the template into a table. Everything that came from outside becomes a text node, never markup. */
export class ViewTable {
  /** @type {readonly ViewColumn[]} */
  #columns = [];
  #categorized = false;
  #table;
  #body;
  /** @type {Map<string, HTMLTableRowElement>} Elements by key of their line. */
  #elements = new Map();

  /** @param {HTMLTableElement} table with `caption`, `colgroup`, `thead tr` and `tbody` */
  constructor(table) {
    this.#table = table;
    this.#body = table.tBodies[0] ?? table.createTBody();
  }

  /**
   * Begins anew with another view: its titles and widths.
   *
   * @param {ViewDescription} description
   */
  describe(description) {
    // The first column of a categorized view is its headings; in the rows it is empty.
    const columns = description.categorized ? description.columns.slice(1) : description.columns;
    this.#columns = columns;
    this.#categorized = description.categorized;
    this.#elements.clear();
    this.#body.replaceChildren();
    const cols = columnWidths(columns).map((width) => {
      const col = document.createElement('col');
      col.style.width = width;
      return col;
    });
    this.#table.querySelector('colgroup')?.replaceChildren(...cols);
    const titles = columns.map(({ title, kind }) => {
      const cell = document.createElement('th');
      cell.scope = 'col';
      cell.className = kind;
      cell.textContent = title;
      return cell;
    });
    this.#table.tHead?.rows[0]?.replaceChildren(...titles);
    const caption = this.#table.caption ?? this.#table.createCaption();
    caption.textContent = description.title;
  }

  /**
   * Shows exactly these rows. Only what differs is touched, so that a reader's place and selection stay.
   *
   * @param {readonly PlacedRow[]} rows
   * @param {ReadonlySet<string>} changed rows that look different than before
   */
  draw(rows, changed) {
    const lines = linesOf(rows, this.#categorized);
    this.#drop(new Set(lines.map(({ key }) => key)), changed);
    let next = this.#body.firstElementChild;
    for (const line of lines) {
      const element = this.#elementOf(line);
      if (element === next) next = next.nextElementSibling;
      else this.#body.insertBefore(element, next);
      if (line.kind === 'row' && changed.has(line.row.id)) element.classList.add('changed');
    }
  }

  /**
   * Takes out what is gone, and what changed: those are made anew and may stand elsewhere.
   *
   * @param {ReadonlySet<string>} keys
   * @param {ReadonlySet<string>} changed
   */
  #drop(keys, changed) {
    for (const [key, element] of this.#elements) {
      if (keys.has(key) && !changed.has(element.dataset['id'] ?? '')) continue;
      element.remove();
      this.#elements.delete(key);
    }
  }

  /** @param {Line} line */
  #elementOf(line) {
    const element =
      this.#elements.get(line.key) ?? (line.kind === 'row' ? this.#row(line.row) : this.#heading(line.text));
    this.#elements.set(line.key, element);
    if (line.kind === 'heading') {
      const count = element.querySelector('.count');
      if (count && count.textContent !== String(line.count)) count.textContent = String(line.count);
    }
    return element;
  }

  /** @param {PlacedRow} row */
  #row(row) {
    const element = document.createElement('tr');
    element.className = 'row';
    element.dataset['id'] = row.id;
    const named = this.#columns.findIndex(({ kind }) => kind === 'text');
    const cells = this.#categorized ? row.cells.slice(1) : row.cells;
    const drawn = cells.map((cell, index) => {
      const drawnCell = cellOf(cell, index === named ? 'th' : 'td');
      drawnCell.className = this.#columns[index]?.kind ?? 'text';
      return drawnCell;
    });
    element.append(...drawn);
    return element;
  }

  /** @param {string} text */
  #heading(text) {
    const element = document.createElement('tr');
    element.className = 'heading';
    const cell = document.createElement('th');
    cell.scope = 'rowgroup';
    cell.colSpan = Math.max(1, this.#columns.length);
    const count = document.createElement('span');
    count.className = 'count';
    cell.append(isolated(text), ' ', count);
    element.append(cell);
    return element;
  }
}

/**
 * @param {ViewCell} cell
 * @param {'td' | 'th'} tag `th` names the row
 */
function cellOf(cell, tag) {
  const element = document.createElement(tag);
  if (tag === 'th') element.setAttribute('scope', 'row');
  if (cell.kind === 'text') element.append(isolated(cell.text));
  else element.append(...[cell, ...(cell.more ?? [])].map(({ image, label }) => iconOf(image, label)));
  return element;
}

/**
 * @param {string} image name of an image resource
 * @param {string} label
 */
export function iconOf(image, label) {
  const icon = document.createElement('img');
  icon.src = `icons/${encodeURIComponent(image)}`;
  icon.alt = label;
  icon.title = label;
  icon.width = 16;
  icon.height = 16;
  return icon;
}

/**
 * Text whose reading direction cannot spill into its neighbours.
 *
 * @param {string} text
 */
function isolated(text) {
  const element = document.createElement('bdi');
  element.textContent = text;
  return element;
}
