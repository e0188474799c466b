/** The part of a view's lines that is on the page, and where in the view it stands. */

/** Lines above and below what can be seen. */
const MARGIN = 40;
const LOST_RETRY_MS = 2_000;

export class LineWindow {
  #grid;
  #space;
  #window;
  #height;
  #state;
  #turn = 0;
  #from = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  total;

  /**
   * @param {HTMLElement} grid
   * @param {import('./view-state.js').ViewState} state
   */
  constructor(grid, state) {
    this.#grid = grid;
    this.#state = state;
    this.#space = /** @type {HTMLElement} */ (document.getElementById('space'));
    this.#window = /** @type {HTMLElement} */ (document.getElementById('window'));
    this.#height = Number(grid.dataset['lineHeight']);
    this.total = Number(grid.dataset['total']);
    this.#place();
  }

  get lines() {
    return /** @type {HTMLElement[]} */ ([...this.#window.children]);
  }

  /** @param {number} index */
  line(index) {
    return this.lines[index - this.#from];
  }

  /** How many lines fit between header and lower edge. */
  get visible() {
    return Math.max(1, Math.floor((this.#grid.clientHeight - this.#headHeight) / this.#height));
  }

  get #headHeight() {
    return this.#grid.querySelector('.head')?.clientHeight ?? 0;
  }

  /** True when what can be seen now is on the page. */
  get isEnough() {
    const first = Math.floor(this.#grid.scrollTop / this.#height);
    const last = Math.min(this.total, first + this.visible + 2);
    return first >= this.#from && last <= this.#from + this.#window.children.length;
  }

  /** @param {number} index */
  reveal(index) {
    const top = index * this.#height;
    const inside = this.#grid.clientHeight - this.#headHeight;
    if (top < this.#grid.scrollTop) this.#grid.scrollTop = top;
    else if (top + this.#height > this.#grid.scrollTop + inside) this.#grid.scrollTop = top + this.#height - inside;
  }

  /**
   * Fetches the lines around what can be seen.
   * @param {{ key?: string, changed?: ReadonlySet<string> }} [wanted] where is the line of that key; which documents to mark
   * @returns {Promise<number | undefined>} index of the line of the key; -1 when it is gone; nothing when a newer call took over
   */
  async load({ key, changed } = {}) {
    const turn = ++this.#turn;
    const first = Math.floor(this.#grid.scrollTop / this.#height);
    const query = this.#state.query();
    query.set('from', String(Math.max(0, first - MARGIN)));
    query.set('count', String(this.visible + 2 * MARGIN));
    if (key !== undefined) query.set('key', key);
    const batch = await this.#fetch(`${this.#grid.dataset['lines']}?${query}`);
    if (batch === undefined || turn !== this.#turn) return undefined;
    const before = new Map(this.lines.map((line) => [line.dataset['key'], line.innerHTML]));
    this.#from = Number(batch.dataset['from']);
    this.total = Number(batch.dataset['total']);
    const lines = /** @type {HTMLElement[]} */ ([...batch.children]);
    for (const line of lines) {
      const isChanged = changed?.has(line.dataset['id'] ?? '') && before.get(line.dataset['key']) !== line.innerHTML;
      if (isChanged) line.classList.add('changed');
    }
    this.#window.replaceChildren(...lines);
    this.#place();
    return Number(batch.dataset['at']);
  }

  #place() {
    this.#space.style.height = `${this.total * this.#height}px`;
    this.#window.style.top = `${this.#from * this.#height}px`;
    this.#grid.setAttribute('aria-rowcount', String(this.total + 1));
    const empty = document.getElementById('empty');
    if (empty !== null) empty.hidden = this.total > 0;
  }

  /** @param {string} path */
  async #fetch(path) {
    clearTimeout(this.#retry);
    try {
      const answer = await fetch(path);
      if (!answer.ok) return undefined;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      return /** @type {HTMLElement | null} */ (page.querySelector('.batch')) ?? undefined;
    } catch {
      this.#retry = setTimeout(() => this.load(), LOST_RETRY_MS);
      return undefined;
    }
  }
}
