import { element } from './element.js';
import { rove } from './roving.js';

/** @typedef {import('../../view-ports.js').ViewDescription} ViewDescription */

/** One button for each view of the template. */
export class ViewSwitch {
  #bar = element('views', HTMLElement);
  #refreshStops;
  #onChange;
  /** @type {readonly HTMLButtonElement[]} */
  #buttons = [];
  #made = '';
  #chosen = '';
  #first = '';

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
    this.#refreshStops = rove(this.#bar);
  }

  /** Id of the view that is shown; empty before there is one. */
  get chosen() {
    return this.#chosen;
  }

  /** The same, or empty for the view that is shown when nothing is chosen. */
  get wanted() {
    return this.#chosen === this.#first ? '' : this.#chosen;
  }

  /**
   * @param {readonly ViewDescription[]} views
   * @param {string} label
   */
  begin(views, label) {
    this.#bar.setAttribute('aria-label', label);
    const made = JSON.stringify(views.map(({ id, title }) => [id, title]));
    if (made !== this.#made) {
      this.#made = made;
      this.#first = views[0]?.id ?? '';
      this.#buttons = views.map(({ id, title }) => this.#button(id, title));
      this.#bar.replaceChildren(...this.#buttons);
      this.#refreshStops();
    }
    this.choose(this.#chosen);
  }

  /** @param {string} id of a view; the first one is taken when there is none of this id */
  choose(id) {
    const known = this.#buttons.length === 0 || this.#buttons.some((button) => button.dataset['view'] === id);
    this.#chosen = known ? id : this.#first;
    for (const button of this.#buttons) {
      button.setAttribute('aria-pressed', String(button.dataset['view'] === this.#chosen));
    }
  }

  /**
   * @param {string} id
   * @param {string} title
   */
  #button(id, title) {
    const button = document.createElement('button');
    button.type = 'button';
    button.dataset['view'] = id;
    button.textContent = title;
    button.addEventListener('click', () => {
      if (id === this.#chosen) return;
      this.choose(id);
      this.#onChange();
    });
    return button;
  }
}
