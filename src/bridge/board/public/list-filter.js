import { element } from './element.js';

/**
 * @typedef {import('./texts.js').Texts} Texts
 *
 * @typedef {object} ListEntry as `GET /api/v1/lists` tells it
 * @property {string} id
 * @property {string} title
 * @property {string} kind `everybody`, `group` or `list`
 *
 * @typedef {object} ListMembers as `GET /api/v1/lists/{id}` tells it
 * @property {readonly { readonly key: string }[]} members
 */

/** Members of groups change with the directory; asked for anew after this time, milliseconds. */
const REFRESH_MS = 60_000;
const RETRY_MS = 5_000;
const NOBODY = /** @type {ReadonlySet<string>} */ (new Set());

/** Lets a reader see one group or list of people only; hidden where there is none. */
export class ListFilter {
  #select = element('list', HTMLSelectElement);
  #onChange;
  #token = '';
  #chosen = '';
  /** @type {readonly ListEntry[]} */
  #lists = [];
  /** @type {ReadonlySet<string> | undefined} */
  #members;
  /** @type {'ready' | 'loading' | 'failed'} */
  state = /** @type {const} */ ('ready');
  /** Bumped by each question, so that late answers to older ones are ignored. */
  #turn = 0;
  #askAt = 0;
  #made = '';

  /** @param {() => void} onChange called when other people are to be shown */
  constructor(onChange) {
    this.#onChange = onChange;
    this.#select.addEventListener('change', () => {
      this.choose(this.#select.value);
      onChange();
    });
  }

  /** Id of the list; empty for everybody. */
  get chosen() {
    return this.#chosen;
  }

  /** Ids of the rows of its members; `undefined` for everybody. */
  get members() {
    return this.#chosen === '' ? undefined : (this.#members ?? NOBODY);
  }

  /** @param {string} id */
  choose(id) {
    if (id === this.#chosen) return;
    this.#chosen = id;
    this.#select.value = id;
    this.#members = undefined;
    this.state = id === '' ? 'ready' : 'loading';
    if (this.#token !== '') void this.#ask();
  }

  /**
   * Asks for the lists anew; at each new connection.
   *
   * @param {string} token
   * @param {Texts} texts
   */
  begin(token, texts) {
    this.#token = token;
    this.#draw(texts);
    void this.#askLists(texts);
    if (this.#chosen !== '') void this.#ask();
  }

  /** @param {number} now monotonic; called every second */
  tick(now) {
    if (this.#chosen !== '' && this.#token !== '' && now >= this.#askAt) void this.#ask();
  }

  /** @param {Texts} texts */
  async #askLists(texts) {
    const answer = await this.#get('api/v1/lists');
    const lists = /** @type {{ lists?: ListEntry[] } | undefined} */ (answer.body)?.lists;
    // A bridge that cannot be asked now, or a token that may not: what was known stays.
    if (lists === undefined) return;
    this.#lists = lists.filter(({ kind }) => kind !== 'everybody');
    if (this.#chosen !== '' && !this.#lists.some(({ id }) => id === this.#chosen)) {
      this.choose('');
      this.#onChange();
    }
    this.#draw(texts);
  }

  async #ask() {
    this.#turn += 1;
    const turn = this.#turn;
    this.#askAt = performance.now() + REFRESH_MS;
    const answer = await this.#get(`api/v1/lists/${encodeURIComponent(this.#chosen)}`);
    if (turn !== this.#turn) return;
    const list = /** @type {ListMembers | undefined} */ (answer.body);
    if (list !== undefined) {
      const members = new Set(list.members.map(({ key }) => key));
      if (this.state === 'ready' && sameIds(members, this.#members)) return;
      this.#members = members;
      this.state = 'ready';
    } else {
      this.#askAt = performance.now() + RETRY_MS;
      // There is no such list any more.
      if (answer.status === 404) this.choose('');
      else if (this.#members === undefined) this.state = 'failed';
    }
    this.#onChange();
  }

  /**
   * @param {string} path
   * @returns {Promise<{ status: number, body: unknown }>} without a body when it could not be had
   */
  async #get(path) {
    try {
      const answer = await fetch(path, { headers: { authorization: `Bearer ${this.#token}` } });
      return { status: answer.status, body: answer.ok ? await answer.json() : undefined };
    } catch {
      return { status: 0, body: undefined };
    }
  }

  /** @param {Texts} texts */
  #draw(texts) {
    const place = element('list-place', HTMLElement);
    place.hidden = this.#lists.length === 0 && this.#chosen === '';
    const made = JSON.stringify([texts.language, this.#lists]);
    // An open list of choices must not change below the reader's hand.
    if (made === this.#made) return;
    this.#made = made;
    const groups = this.#group(texts.groups, 'group');
    const lists = this.#group(texts.lists, 'list');
    this.#select.replaceChildren(optionOf('', texts.everybody), ...groups, ...lists);
    this.#select.value = this.#chosen;
  }

  /**
   * @param {string} label
   * @param {string} kind
   */
  #group(label, kind) {
    const lists = this.#lists.filter((list) => list.kind === kind);
    if (lists.length === 0) return [];
    const group = document.createElement('optgroup');
    group.label = label;
    group.append(...lists.map(({ id, title }) => optionOf(id, title)));
    return [group];
  }
}

/**
 * @param {string} value
 * @param {string} text
 */
function optionOf(value, text) {
  const option = document.createElement('option');
  option.value = value;
  option.dir = 'auto';
  option.textContent = text;
  return option;
}

/**
 * @param {ReadonlySet<string>} ids
 * @param {ReadonlySet<string> | undefined} others
 */
function sameIds(ids, others) {
  return others !== undefined && ids.size === others.size && [...ids].every((id) => others.has(id));
}
