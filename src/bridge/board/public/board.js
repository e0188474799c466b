import { readFragment, writeFragment } from './address.js';
import { followAppearance } from './appearance.js';
import { drawTrust } from './banner.js';
import { element, setText } from './element.js';
import { choose } from './filters.js';
import { Freshness, momentNow } from './freshness.js';
import { ListFilter } from './list-filter.js';
import { applyRows, changedRows } from './rows.js';
import { followKeys } from './shortcuts.js';
import { SignIn } from './sign-in.js';
import { Speaker } from './speaker.js';
import { StatusBar } from './status-bar.js';
import { StatusFilter } from './status-filter.js';
import { Stream } from './stream.js';
import { ViewTable } from './table.js';
import { fill, textsFor } from './texts.js';
import { trustOf } from './trust.js';
import { asUnknown } from './unconfirmed.js';
import { ViewSwitch } from './view-switch.js';

/**
 * The board: draws the view that the stream sends, and says whether it can be trusted.
 *
 * @typedef {import('../../api/stream/protocol.js').ServerMessage} ServerMessage
 * @typedef {import('../../api/stream/protocol.js').StatusMessage} StatusMessage
 * @typedef {import('../../view-ports.js').PlacedRow} PlacedRow
 * @typedef {import('./stream.js').StreamState} StreamState
 * @typedef {import('./trust.js').Trust} Trust
 */

const QUERY_KEY = 'presence-bridge-search';
const NONE = /** @type {ReadonlySet<string>} */ (new Set());

/** Until the bridge tells the language of its views, the reader's. */
let texts = textsFor(navigator.languages);
const table = new ViewTable(element('table', HTMLTableElement));
const statusBar = new StatusBar(texts);
const freshness = new Freshness();
const searchBox = element('search', HTMLInputElement);
const statuses = new StatusFilter(onChoice);
const lists = new ListFilter(onChoice);
const views = new ViewSwitch(() => {
  keepChoice();
  stream?.watch(views.chosen);
});
const speaker = new Speaker(element('spoken', HTMLElement));
const signIn = new SignIn(open);

/** @type {Stream | undefined} */
let stream;
let token = '';
/** @type {StreamState} */
let connection = 'connecting';
let retryAt = 0;
/** @type {StatusMessage | undefined} */
let status;
/** @type {(() => void) | undefined} The newest word of the bridge; counts once the rows are of this connection. */
let confirm;
/** @type {readonly PlacedRow[]} */
let rows = [];
/** True when the rows are those of this connection. */
let current = false;
/** @type {Trust['mood']} */
let mood = 'waiting';
/** @type {string | undefined} Image of the status unknown. */
let unknownImage;

followAppearance();
translate();
listen();
start();

function start() {
  takeChoice();
  searchBox.value = sessionStorage.getItem(QUERY_KEY) ?? '';
  const given = signIn.take() ?? signIn.kept;
  if (given) open(given);
  else askForToken('');
}

/** @param {string} wrong why the last token was not good, or empty */
function askForToken(wrong) {
  element('board', HTMLElement).hidden = true;
  element('skip', HTMLAnchorElement).hidden = true;
  signIn.ask(wrong);
  if (wrong === '') element('banner', HTMLElement).hidden = true;
}

/** @param {string} accessToken */
function open(accessToken) {
  stream?.stop();
  token = accessToken;
  element('sign-in', HTMLFormElement).hidden = true;
  stream = new Stream({ token, onState, onMessage });
  stream.start();
}

/**
 * @param {StreamState} state
 * @param {number} at
 */
function onState(state, at) {
  connection = state;
  retryAt = at;
  current = false;
  confirm = undefined;
  if (state !== 'open') statusBar.forget();
  if (state === 'refused') {
    // Nothing of what the last token showed may be seen behind the question for the next one.
    rows = [];
    table.keep(rows);
    status = undefined;
    askForToken(texts.signInWrong);
  }
  drawState();
}

/** @param {ServerMessage} message */
function onMessage(message) {
  switch (message.type) {
    case 'welcome':
      element('board', HTMLElement).hidden = false;
      element('skip', HTMLAnchorElement).hidden = false;
      texts = textsFor([message.language]);
      unknownImage = message.statusImages['unknown'];
      translate();
      statuses.begin(texts, message.statusImages);
      views.begin(message.views, texts.views);
      lists.begin(token, texts);
      stream?.watch(views.chosen);
      break;
    case 'status': {
      status = message;
      const moment = momentNow();
      confirm = () => freshness.confirm(message, moment);
      if (current) confirm();
      statusBar.show(message);
      drawState();
      break;
    }
    case 'view': {
      // Of a view that was left meanwhile.
      if (message.description.id !== views.chosen) break;
      const marked = table.shows(message.description) ? changedRows(rows, message.rows) : NONE;
      rows = message.rows;
      current = true;
      confirm?.();
      table.describe(message.description, texts.icon);
      table.keep(rows);
      drawRows(mood === 'unknown' ? NONE : marked);
      drawState();
      break;
    }
    case 'rows': {
      if (message.view !== views.chosen) break;
      const applied = applyRows(rows, message);
      rows = applied.rows;
      if (message.removed.length > 0) table.keep(rows);
      drawRows(applied.changed);
      break;
    }
    case 'error':
      element('empty', HTMLElement).hidden = false;
      element('empty', HTMLElement).textContent = message.message;
      break;
  }
}

/** @param {ReadonlySet<string>} changed */
function drawRows(changed) {
  const isUnknown = mood === 'unknown';
  const told = isUnknown
    ? asUnknown(rows, table.categorized, { label: texts.statuses.unknown, image: unknownImage })
    : rows;
  const query = searchBox.value.trim();
  const filters = { query, statuses: statuses.chosen, members: lists.members };
  const chosen = choose(told, filters);
  table.draw(chosen.rows, isUnknown ? NONE : changed);
  statuses.show(chosen.counts);
  const isAll = query === '' && statuses.chosen.size === 0 && lists.chosen === '';
  element('clear', HTMLButtonElement).hidden = isAll;
  const counts = { shown: chosen.shown, total: chosen.total };
  setText(element('shown', HTMLElement), fill(isAll ? texts.shownAll : texts.shownSome, counts));
  const empty = element('empty', HTMLElement);
  empty.hidden = chosen.shown > 0;
  setText(empty, emptyText(query));
}

/** @param {string} query */
function emptyText(query) {
  if (rows.length === 0) return texts.emptyView;
  if (lists.state === 'loading') return texts.listLoading;
  if (lists.state === 'failed') return texts.listFailed;
  return statuses.chosen.size > 0 || lists.chosen !== ''
    ? texts.emptyFilter
    : fill(texts.emptySearch, { query: `\u2068${query}\u2069` });
}

/** Draws what is known of the bridge; called at every change and every second. */
function drawState() {
  const moment = momentNow();
  const over = freshness.isOver(moment);
  const { heardAt } = freshness;
  const trust = trustOf({ connection, status, current, over, heardAt, retryAt, now: moment.wall }, texts);
  drawTrust(trust, texts, connection === 'lost');
  if (connection === 'refused') element('banner', HTMLElement).hidden = true;
  const turned = (trust.mood === 'unknown') !== (mood === 'unknown');
  mood = trust.mood;
  if (turned) drawRows(NONE);
  // Without the next step, which changes every second.
  const { problem } = trust;
  const sentence =
    problem === '' ? (mood === 'live' ? texts.live : texts.connecting) : `${texts.unconfirmed} ${problem}`;
  speaker.sayTrust(sentence);
}

/** The reader chose other people. */
function onChoice() {
  keepChoice();
  drawRows(NONE);
  speaker.sayLater(() => {
    const empty = element('empty', HTMLElement);
    return (empty.hidden ? element('shown', HTMLElement) : empty).textContent;
  });
}

/** Takes from the address what to show. */
function takeChoice() {
  const { view, list, statuses: wanted } = readFragment(location.hash);
  views.choose(view);
  lists.choose(list);
  statuses.choose(wanted.filter((name) => name in texts.statuses));
}

/** Keeps what is shown: in the address, but what is searched for, which may be a name, only in the tab. */
function keepChoice() {
  const fragment = writeFragment({ view: views.wanted, list: lists.chosen, statuses: [...statuses.chosen] });
  if (fragment !== location.hash) history.replaceState(null, '', location.pathname + location.search + fragment);
  sessionStorage.setItem(QUERY_KEY, searchBox.value);
}

function clearChoice() {
  searchBox.value = '';
  statuses.choose([]);
  lists.choose('');
  onChoice();
}

function translate() {
  document.documentElement.lang = texts.language;
  document.title = texts.title;
  for (const place of document.querySelectorAll('[data-text]')) {
    const text = texts[/** @type {keyof typeof texts} */ (place.getAttribute('data-text'))];
    if (typeof text === 'string') setText(place, text);
  }
  searchBox.placeholder = texts.searchHint;
  statusBar.translate(texts);
}

function listen() {
  searchBox.addEventListener('input', onChoice);
  element('retry', HTMLButtonElement).addEventListener('click', () => stream?.start());
  element('clear', HTMLButtonElement).addEventListener('click', () => {
    clearChoice();
    searchBox.focus();
  });
  element('skip', HTMLAnchorElement).addEventListener('click', (event) => {
    // The part behind the # says what is shown.
    event.preventDefault();
    element('people', HTMLElement).focus();
  });
  followKeys({
    isOn: () => !element('board', HTMLElement).hidden,
    searchBox,
    clearSearch() {
      searchBox.value = '';
      onChoice();
    },
    clearAll() {
      if (!element('clear', HTMLButtonElement).hidden) clearChoice();
    },
  });
  addEventListener('online', () => {
    if (connection === 'lost') stream?.start();
  });
  addEventListener('hashchange', () => {
    const given = signIn.take();
    const before = views.chosen;
    takeChoice();
    if (given) open(given);
    else if (views.chosen !== before) stream?.watch(views.chosen);
    onChoice();
  });
  // Timers of a page in the background come late.
  document.addEventListener('visibilitychange', tick);
  setInterval(tick, 1_000);
}

function tick() {
  statusBar.tick();
  table.settle(performance.now());
  lists.tick(performance.now());
  if (stream !== undefined && connection !== 'refused') drawState();
}
