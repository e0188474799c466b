import { iconOf } from './cells.js';
import { element, setText } from './element.js';
import { rove } from './roving.js';

/**
 * @typedef {import('./texts.js').Texts} Texts
 *
 * @typedef {{ button: HTMLButtonElement, count: HTMLElement }} Figure
 */

/** How many people have which status: each figure is a button that shows those people alone, or with others chosen. */
export class StatusFilter {
  #bar = element('counts', HTMLElement);
  #refreshStops;
  #onChange;
  /** @type {Map<string, Figure>} */
  #figures = new Map();
  /** @type {Set<string>} */
  #chosen = new Set();
  #made = '';

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
    this.#refreshStops = rove(this.#bar);
  }

  /** @returns {ReadonlySet<string>} statuses that are chosen; empty for all */
  get chosen() {
    return this.#chosen;
  }

  /** @param {Iterable<string>} statuses */
  choose(statuses) {
    this.#chosen = new Set(statuses);
    for (const [status, { button }] of this.#figures) {
      button.setAttribute('aria-pressed', String(this.#chosen.has(status)));
    }
  }

  /**
   * One figure for each status, in the order of the texts.
   *
   * @param {Texts} texts
   * @param {Readonly<Record<string, string>>} images image resource of each status
   */
  begin(texts, images) {
    this.#bar.setAttribute('aria-label', texts.counts);
    const made = JSON.stringify([texts.language, images]);
    // As it is after each new connection: who stands on a button stays there.
    if (made === this.#made) return;
    this.#made = made;
    this.#figures = new Map(
      Object.entries(texts.statuses).map(([status, label]) => [status, this.#figure(status, label, images[status])]),
    );
    this.#bar.replaceChildren(...[...this.#figures.values()].map(({ button }) => button));
    this.#refreshStops();
  }

  /** @param {ReadonlyMap<string, number>} counts */
  show(counts) {
    for (const [status, { button, count }] of this.#figures) {
      const people = counts.get(status) ?? 0;
      setText(count, String(people));
      button.classList.toggle('none', people === 0);
    }
  }

  /**
   * @param {string} status
   * @param {string} label
   * @param {string | undefined} image
   * @returns {Figure}
   */
  #figure(status, label, image) {
    const button = document.createElement('button');
    button.type = 'button';
    button.dataset['status'] = status;
    button.setAttribute('aria-pressed', String(this.#chosen.has(status)));
    const count = document.createElement('b');
    count.textContent = '0';
    const name = document.createElement('span');
    name.textContent = label;
    if (image !== undefined) {
      const icon = iconOf(image, '');
      icon.removeAttribute('title');
      button.append(icon);
    }
    button.append(count, ' ', name);
    button.addEventListener('click', () => {
      if (!this.#chosen.delete(status)) this.#chosen.add(status);
      this.choose(this.#chosen);
      this.#onChange();
    });
    return { button, count };
  }
}
