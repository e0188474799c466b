/** What a reader changed of a view: sorting, closed categories, the selected line. Kept while the tab is open. */

/**
 * @typedef {object} Saved
 * @property {string} sort `column:direction`, or empty for the design's own order
 * @property {'open' | 'closed'} rest
 * @property {string[]} except
 * @property {number} index
 * @property {string} key
 * @property {number} scroll
 */

const MAX_EXCEPTIONS = 400;

export class ViewState {
  /** @type {Saved} */
  #saved;
  #name;

  /** @param {string} name of the view, with its language */
  constructor(name) {
    this.#name = `view ${name}`;
    /** @type {Saved} */
    const fresh = { sort: '', rest: 'open', except: [], index: 0, key: '', scroll: 0 };
    let found = {};
    try {
      found = JSON.parse(sessionStorage.getItem(this.#name) ?? '{}');
    } catch {
      // Somebody else's entry: the view begins anew.
    }
    this.#saved = { ...fresh, ...found };
  }

  get selected() {
    return { index: this.#saved.index, key: this.#saved.key };
  }

  get scroll() {
    return this.#saved.scroll;
  }

  get sort() {
    return this.#saved.sort;
  }

  /** True while everything is as the design has it. */
  get isFresh() {
    return this.#saved.sort === '' && this.#saved.rest === 'open' && this.#saved.except.length === 0;
  }

  /** @param {Partial<Saved>} change */
  set(change) {
    this.#saved = { ...this.#saved, ...change };
    sessionStorage.setItem(this.#name, JSON.stringify(this.#saved));
  }

  /** @param {string} key of a category */
  toggle(key) {
    const { except } = this.#saved;
    const others = except.filter((one) => one !== key);
    this.set({ except: (others.length < except.length ? others : [...others, key]).slice(-MAX_EXCEPTIONS) });
  }

  /** @param {'open' | 'closed'} rest */
  all(rest) {
    this.set({ rest, except: [] });
  }

  /** As the server takes it. */
  query() {
    const { sort, rest, except } = this.#saved;
    const query = new URLSearchParams();
    if (sort !== '') query.set('sort', sort);
    if (rest === 'closed') query.set('rest', rest);
    if (except.length > 0) query.set('except', except.join('.'));
    return query;
  }
}
