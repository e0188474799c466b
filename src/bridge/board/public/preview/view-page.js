/** A view as the Notes client handles it: selection bar, keys, categories, sorting, live changes. */
import { LineWindow } from './line-window.js';
import { run, say } from './message.js';
import { ViewState } from './view-state.js';

const SEARCH_MS = 1_200;

const grid = /** @type {HTMLElement} */ (document.getElementById('grid'));
const body = document.body.dataset;
const state = new ViewState(location.pathname);
const lines = new LineWindow(grid, state);
const updatesItself = grid.dataset['refresh'] === 'itself';

/** Documents that changed since the lines were fetched. @type {Set<string>} */
const changed = new Set();
let searched = '';
let searchedAt = 0;
let isLoading = false;

/**
 * Puts the selection bar on a line.
 * @param {number} index
 * @param {{ reveals?: boolean }} [options]
 */
async function select(index, { reveals = true } = {}) {
  const wanted = Math.max(0, Math.min(lines.total - 1, index));
  if (reveals) lines.reveal(wanted);
  if (lines.line(wanted) === undefined && reveals) await lines.load();
  state.set({ index: wanted, key: lines.line(wanted)?.dataset['key'] ?? state.selected.key });
  mark();
}

/** Draws the selection bar where it is. */
function mark() {
  const { index } = state.selected;
  for (const line of lines.lines) {
    const isSelected = Number(line.dataset['index']) === index;
    line.classList.toggle('selected', isSelected);
    line.setAttribute('aria-selected', String(isSelected));
  }
  const line = lines.line(index);
  if (line) grid.setAttribute('aria-activedescendant', line.id);
  else grid.removeAttribute('aria-activedescendant');
  showActionsSoon();
}

/** Fetches what changed and leaves the selection on its document. */
async function refresh() {
  if (isLoading) return;
  isLoading = true;
  try {
    do {
      const marks = new Set(changed);
      changed.clear();
      const { index, key } = state.selected;
      const at = await lines.load({ key, changed: marks });
      if (at !== undefined && at >= 0) state.set({ index: at });
      else if (at === -1) await select(Math.min(index, lines.total - 1), { reveals: false });
      mark();
    } while (changed.size > 0 && updatesItself);
  } finally {
    isLoading = false;
  }
}

/** The reader changed what is shown: from the top, or around the selected line. */
async function rearrange() {
  const { index, key } = state.selected;
  const at = await lines.load({ key });
  if (at !== undefined) await select(at >= 0 ? at : index);
  if (!lines.isEnough) await lines.load();
  mark();
}

function open() {
  const line = lines.line(state.selected.index);
  if (line?.dataset['open'] !== undefined) location.assign(line.dataset['open']);
  else if (line !== undefined) void toggle(line);
}

/** @param {HTMLElement} line */
function toggle(line) {
  state.toggle(line.dataset['key'] ?? '');
  return rearrange();
}

/** @param {boolean} wantsOpen */
function turn(wantsOpen) {
  const line = lines.line(state.selected.index);
  const isOpen = line?.getAttribute('aria-expanded');
  if (line && isOpen !== null && isOpen !== String(wantsOpen)) return toggle(line);
  if (line && isOpen === null && !wantsOpen) {
    const above = lines.lines.findLast(
      (one) => Number(one.dataset['index']) < state.selected.index && one.hasAttribute('aria-expanded'),
    );
    if (above) {
      state.set({ index: Number(above.dataset['index']), key: above.dataset['key'] ?? '' });
      return toggle(above);
    }
  }
  return undefined;
}

/** @param {boolean} wantsOpen */
async function turnAll(wantsOpen) {
  const inside = lines.line(state.selected.index);
  state.all(wantsOpen ? 'open' : 'closed');
  await lines.load();
  await select(wantsOpen && inside ? state.selected.index : 0);
  await rearrange();
}

/** @param {string} letter */
async function search(letter) {
  const now = Date.now();
  searched = now - searchedAt < SEARCH_MS ? searched + letter : letter;
  searchedAt = now;
  const query = state.query();
  query.set('text', searched);
  const answer = await fetch(`${grid.dataset['find']}?${query}`);
  if (!answer.ok) return;
  /** @type {{ index: number }} */
  const { index } = await answer.json();
  say({ text: `${searched} ${index < 0 ? '–' : ''}` });
  if (index >= 0) await select(index);
}

/** @param {HTMLElement} button */
function sortBy(button) {
  const directions = (button.dataset['directions'] ?? '').split(' ');
  const column = button.dataset['column'];
  const [current, direction = ''] = state.sort.split(':');
  const next = current === column ? directions[directions.indexOf(direction) + 1] : directions[0];
  state.set({ sort: next === undefined ? '' : `${column}:${next}` });
  showSort();
  return rearrange();
}

const designSort = [...grid.querySelectorAll('[role="columnheader"]')].map((cell) => cell.getAttribute('aria-sort'));

function showSort() {
  const [column = '', direction = ''] = state.sort.split(':');
  for (const [index, cell] of [...grid.querySelectorAll('[role="columnheader"]')].entries()) {
    const sort = state.sort === '' ? designSort[index] : String(index) === column ? direction : undefined;
    if (sort) cell.setAttribute('aria-sort', sort);
    else cell.removeAttribute('aria-sort');
  }
}

/** @type {Readonly<Record<string, (event: KeyboardEvent) => unknown>>} */
const KEYS = {
  ArrowDown: () => select(state.selected.index + 1),
  ArrowUp: () => select(state.selected.index - 1),
  PageDown: () => select(state.selected.index + lines.visible),
  PageUp: () => select(state.selected.index - lines.visible),
  Home: () => select(0),
  End: () => select(lines.total - 1),
  ArrowRight: () => turn(true),
  ArrowLeft: () => turn(false),
  Enter: open,
  Escape: () => history.back(),
  '-': ({ shiftKey }) => (shiftKey ? turnAll(false) : turn(false)),
  _: () => turnAll(false),
  // On many keyboards the plus itself needs Shift; there the asterisk beside it does not stand for "all".
  '+': ({ shiftKey, code }) => (shiftKey && code !== 'Equal' && code !== 'Digit1' ? turnAll(true) : turn(true)),
  '*': () => turnAll(true),
};

grid.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target !== grid && event.key === 'Enter') return;
  const act = KEYS[event.key];
  if (act) {
    event.preventDefault();
    void act(event);
  } else if (event.key.length === 1 && (event.key !== ' ' || searched !== '')) {
    event.preventDefault();
    void search(event.key);
  }
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'F9') return;
  event.preventDefault();
  showArrow(false);
  void refresh();
});

grid.addEventListener('click', (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const button = /** @type {HTMLElement | null} */ (target.closest('.sorter'));
  if (button !== null) return void sortBy(button);
  const line = /** @type {HTMLElement | null} */ (target.closest('.line'));
  if (line === null) return;
  state.set({ index: Number(line.dataset['index']), key: line.dataset['key'] ?? '' });
  mark();
  if (line.hasAttribute('aria-expanded')) void toggle(line);
});

grid.addEventListener('dblclick', (event) => {
  const line = /** @type {HTMLElement} */ (event.target).closest('.line');
  if (line !== null && !line.hasAttribute('aria-expanded')) open();
});

let isWaiting = false;
grid.addEventListener('scroll', () => {
  if (isWaiting) return;
  isWaiting = true;
  requestAnimationFrame(() => {
    isWaiting = false;
    state.set({ scroll: grid.scrollTop });
    if (!lines.isEnough) void lines.load().then(mark);
  });
});

const actions = document.getElementById('actions');
actions?.addEventListener('click', (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest('button');
  const click = button?.dataset['click'];
  if (click === undefined) return;
  const id = lines.line(state.selected.index)?.dataset['id'] ?? '';
  void run(grid.dataset['actions'] ?? '', { click, id });
});

/** The action bar may differ from document to document. */
let shownFor = '';
async function showActions() {
  const id = lines.line(state.selected.index)?.dataset['id'] ?? '';
  if (id === shownFor || actions === null) return;
  shownFor = id;
  const answer = await fetch(`${grid.dataset['actions']}?${new URLSearchParams({ id })}`);
  if (!answer.ok || id !== shownFor) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  if (page.body.innerHTML !== actions.innerHTML) actions.replaceChildren(...page.body.childNodes);
}

/** A key that is held down moves through many lines. */
const SETTLE_MS = 120;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let settling;
function showActionsSoon() {
  clearTimeout(settling);
  settling = setTimeout(() => void showActions(), SETTLE_MS);
}

/** @param {boolean} isShown */
function showArrow(isShown) {
  const arrow = document.getElementById('refresh');
  if (arrow !== null) arrow.hidden = !isShown;
  if (isShown) say({ text: body['changed'] ?? '' });
}
document.getElementById('refresh')?.addEventListener('click', () => {
  showArrow(false);
  void refresh();
  grid.focus();
});

const events = new EventSource(`${body['events']}?view=${encodeURIComponent(grid.dataset['view'] ?? '')}`);
let wasLost = false;
events.addEventListener('changed', (event) => {
  for (const id of JSON.parse(event.data)) changed.add(id);
  if (updatesItself) void refresh();
  else showArrow(true);
});
events.addEventListener('open', () => {
  if (wasLost) say();
  if (wasLost) void refresh();
  wasLost = false;
});
events.addEventListener('error', () => {
  wasLost = true;
  say({ text: body['lost'] ?? '' });
});

showSort();
if (!state.isFresh || state.scroll > 0) {
  // The place grows to its full height only with the first lines of the arranged view.
  await lines.load();
  grid.scrollTop = state.scroll;
  await refresh();
} else mark();
if (!lines.isEnough) await lines.load().then(mark);
grid.focus();
