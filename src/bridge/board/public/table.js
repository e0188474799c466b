import { cellOf, isolated, sameCell } from './cells.js';
import { columnTracks } from './columns.js';
import { linesOf } from './rows.js';

/**
 * @typedef {import('../../view-ports.js').PlacedRow} PlacedRow
 * @typedef {import('../../view-ports.js').ViewColumn} ViewColumn
 * @typedef {import('../../view-ports.js').ViewDescription} ViewDescription
 * @typedef {import('./rows.js').Line} Line
 *
 * @typedef {{ element: HTMLTableRowElement, row: PlacedRow | undefined }} Drawn
 */

/** How long a row that changed stays marked, milliseconds; as in the style sheet. */
const MARKED_MS = 2_400;

/**
 * Draws a view of the template into a table. All rows stand in the page, so that a reader can search and print it and a
 * screen reader knows how many there are; the browser leaves out what is not in sight (`content-visibility`).
 */
export class ViewTable {
  /** @type {readonly ViewColumn[]} */
  #columns = [];
  #categorized = false;
  #described = '';
  #table;
  #body;
  /** @type {Map<string, Drawn>} Lines by key, also those that are filtered out. */
  #drawn = new Map();
  /** @type {Map<HTMLTableRowElement, number>} Rows that are marked, and until when. */
  #marked = new Map();

  /** @param {HTMLTableElement} table with `caption`, `thead tr` and `tbody` */
  constructor(table) {
    this.#table = table;
    this.#body = table.tBodies[0] ?? table.createTBody();
    table.setAttribute('role', 'table');
    this.#body.setAttribute('role', 'rowgroup');
    table.tHead?.setAttribute('role', 'rowgroup');
    table.tHead?.rows[0]?.setAttribute('role', 'row');
  }

  get categorized() {
    return this.#categorized;
  }

  /** @param {ViewDescription} description */
  shows(description) {
    return this.#described === JSON.stringify(description);
  }

  /**
   * Begins anew with another view: its titles and widths. The one that is shown stays as it is.
   *
   * @param {ViewDescription} description
   * @param {string} icon title of columns of icons that have none, for screen readers
   */
  describe(description, icon) {
    if (this.shows(description)) return;
    this.#described = JSON.stringify(description);
    // The first column of a categorized view is its headings; in the rows it is empty.
    const columns = description.categorized ? description.columns.slice(1) : description.columns;
    this.#columns = columns;
    this.#categorized = description.categorized;
    this.#drawn.clear();
    this.#marked.clear();
    this.#body.replaceChildren();
    this.#table.style.setProperty('--columns', columnTracks(columns).join(' '));
    const titles = columns.map(({ title, kind }) => {
      const cell = document.createElement('th');
      cell.scope = 'col';
      cell.setAttribute('role', 'columnheader');
      cell.className = kind;
      const text = document.createElement('span');
      text.textContent = title || (kind === 'icon' ? icon : '');
      if (title === '') text.className = 'spoken';
      cell.append(text);
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
   * @param {ReadonlySet<string>} changed ids of rows to be marked
   */
  draw(rows, changed) {
    const lines = linesOf(rows, this.#categorized);
    const keys = new Set(lines.map(({ key }) => key));
    for (const [key, { element }] of this.#drawn) if (!keys.has(key)) element.remove();
    let next = this.#body.firstElementChild;
    for (const line of lines) {
      const element = this.#elementOf(line);
      if (line.kind === 'row' && changed.has(line.row.id)) this.#mark(element);
      if (element === next) {
        next = next.nextElementSibling;
        continue;
      }
      // One row that moved down: without this everything below would move up past it, one by one.
      if (next && next.nextElementSibling === element) {
        next.remove();
        next = element.nextElementSibling;
      } else {
        this.#body.insertBefore(element, next);
      }
    }
  }

  /**
   * Forgets the lines of rows that are no more.
   *
   * @param {readonly PlacedRow[]} rows all that there are, filtered out or not
   */
  keep(rows) {
    const keys = new Set(linesOf(rows, this.#categorized).map(({ key }) => key));
    for (const [key, { element }] of this.#drawn) {
      if (keys.has(key)) continue;
      element.remove();
      this.#drawn.delete(key);
    }
  }

  /**
   * Takes the mark from rows that had it long enough.
   *
   * @param {number} now monotonic
   */
  settle(now) {
    for (const [element, until] of this.#marked) {
      if (until > now) continue;
      element.classList.remove('changed');
      this.#marked.delete(element);
    }
  }

  /** @param {HTMLTableRowElement} element */
  #mark(element) {
    element.classList.add('changed');
    this.#marked.set(element, performance.now() + MARKED_MS);
  }

  /** @param {Line} line */
  #elementOf(line) {
    const drawn = this.#drawn.get(line.key) ?? this.#made(line);
    if (line.kind === 'heading') {
      const count = drawn.element.querySelector('.count');
      if (count && count.textContent !== String(line.count)) count.textContent = String(line.count);
    } else if (drawn.row !== line.row) {
      this.#fill(drawn, line.row);
    }
    return drawn.element;
  }

  /** @param {Line} line */
  #made(line) {
    const element = document.createElement('tr');
    element.setAttribute('role', 'row');
    element.className = line.kind;
    /** @type {Drawn} */
    const drawn = { element, row: undefined };
    if (line.kind === 'heading') element.append(this.#heading(line.text));
    this.#drawn.set(line.key, drawn);
    return drawn;
  }

  /**
   * Replaces only the cells that look different.
   *
   * @param {Drawn} drawn
   * @param {PlacedRow} row
   */
  #fill(drawn, row) {
    const named = this.#columns.findIndex(({ kind }) => kind === 'text');
    const skipped = this.#categorized ? 1 : 0;
    row.cells.slice(skipped).forEach((cell, index) => {
      const there = drawn.element.cells[index];
      if (there && sameCell(drawn.row?.cells[index + skipped], cell)) return;
      const fresh = cellOf(cell, index === named ? 'th' : 'td');
      fresh.className = this.#columns[index]?.kind ?? 'text';
      if (there) there.replaceWith(fresh);
      else drawn.element.append(fresh);
    });
    drawn.row = row;
    drawn.element.dataset['id'] = row.id;
  }

  /** @param {string} text */
  #heading(text) {
    const cell = document.createElement('th');
    cell.scope = 'rowgroup';
    cell.setAttribute('role', 'rowheader');
    cell.colSpan = Math.max(1, this.#columns.length);
    cell.setAttribute('aria-colspan', String(cell.colSpan));
    const count = document.createElement('span');
    count.className = 'count';
    cell.append(isolated(text), ' ', count);
    return cell;
  }
}
