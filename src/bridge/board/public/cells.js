/** @typedef {import('../../view-ports.js').ViewCell} ViewCell */

/**
 * Everything that came from outside becomes a text node, never markup.
 *
 * @param {ViewCell} cell
 * @param {'td' | 'th'} tag `th` names the row
 */
export function cellOf(cell, tag) {
  const element = document.createElement(tag);
  // The style sheet takes tables apart, and some browsers then forget what they are.
  element.setAttribute('role', tag === 'th' ? 'rowheader' : 'cell');
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
export function isolated(text) {
  const element = document.createElement('bdi');
  element.textContent = text;
  return element;
}

/**
 * @param {ViewCell | undefined} a
 * @param {ViewCell | undefined} b
 */
export function sameCell(a, b) {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
