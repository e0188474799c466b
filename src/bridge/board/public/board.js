import { applyRows, search } from './rows.js';
import { StatusBar } from './status-bar.js';
import { Stream } from './stream.js';
import { ViewTable } from './table.js';
import { fill, textsFor } from './texts.js';

/**
 * The board: draws the view that the stream sends, and says whether it can be trusted.
 *
 * @typedef {import('../../api/stream/protocol.js').ServerMessage} ServerMessage
 * @typedef {import('../../api/stream/protocol.js').StatusMessage} StatusMessage
 * @typedef {import('../../view-ports.js').PlacedRow} PlacedRow
 * @typedef {import('../../view-ports.js').ViewDescription} ViewDescription
 * @typedef {import('./stream.js').StreamState} StreamState
 */

const TOKEN_KEY = 'presence-bridge-token';
const VIEW_KEY = 'presence-bridge-view';
const NONE = new Set();

/** Until the bridge tells the language of its views, the reader's. */
let texts = textsFor(navigator.languages);
const statusBar = new StatusBar(texts);
const table = new ViewTable(element('table', HTMLTableElement));
const searchBox = element('search', HTMLInputElement);

/** @type {Stream | undefined} */
let stream;
/** @type {StreamState} */
let connection = 'connecting';
let retryAt = 0;
/** @type {StatusMessage | undefined} */
let status;
/** @type {readonly PlacedRow[]} */
let rows = [];
let view = '';
let spoken = '';

translate();
listen();
const token = takeToken();
if (token) open(token);
else askForToken('');

/** Takes the token out of the address, where it would stay in the history and on every screenshot. */
function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given !== null) {
    sessionStorage.setItem(TOKEN_KEY, given);
    history.replaceState(null, '', location.pathname + location.search);
  }
  return sessionStorage.getItem(TOKEN_KEY);
}

/** @param {string} wrong why the last one was not good, or empty */
function askForToken(wrong) {
  element('sign-in', HTMLFormElement).hidden = false;
  element('board', HTMLElement).hidden = true;
  element('sign-in-wrong', HTMLElement).textContent = wrong;
  element('token', HTMLInputElement).focus();
}

/** @param {string} accessToken */
function open(accessToken) {
  stream?.stop();
  element('sign-in', HTMLFormElement).hidden = true;
  stream = new Stream({ token: accessToken, onState, onMessage });
  stream.start();
}

/**
 * @param {StreamState} state
 * @param {number} at
 */
function onState(state, at) {
  connection = state;
  retryAt = at;
  if (state !== 'open') statusBar.forget();
  if (state === 'refused') {
    sessionStorage.removeItem(TOKEN_KEY);
    askForToken(texts.signInWrong);
  }
  drawTrust();
}

/** @param {ServerMessage} message */
function onMessage(message) {
  switch (message.type) {
    case 'welcome':
      element('board', HTMLElement).hidden = false;
      texts = textsFor([message.language]);
      translate();
      statusBar.begin(texts, message.statusImages);
      drawSwitch(message.views);
      break;
    case 'status':
      status = message;
      statusBar.show(message);
      drawTrust();
      break;
    case 'view':
      // Of a view that was left meanwhile.
      if (message.description.id !== view) break;
      rows = message.rows;
      table.describe(message.description);
      drawRows(NONE);
      break;
    case 'rows': {
      if (message.view !== view) break;
      const applied = applyRows(rows, message);
      rows = applied.rows;
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
  const query = searchBox.value.trim();
  const found = search(rows, query);
  table.draw(found, changed);
  const empty = element('empty', HTMLElement);
  empty.hidden = found.length > 0;
  empty.textContent = rows.length === 0 ? texts.emptyView : fill(texts.emptySearch, { query });
  const counts = { shown: found.length, total: rows.length };
  element('shown', HTMLElement).textContent = fill(query === '' ? texts.shownAll : texts.shownSome, counts);
}

/** @param {readonly ViewDescription[]} views */
function drawSwitch(views) {
  const wanted = view || (sessionStorage.getItem(VIEW_KEY) ?? '');
  view = (views.find(({ id }) => id === wanted) ?? views[0])?.id ?? '';
  const buttons = views.map(({ id, title }) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = title;
    button.setAttribute('aria-pressed', String(id === view));
    button.addEventListener('click', () => {
      view = id;
      sessionStorage.setItem(VIEW_KEY, id);
      for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
      stream?.watch(id);
    });
    return button;
  });
  element('views', HTMLElement).replaceChildren(...buttons);
  stream?.watch(view);
}

/** Says at once, in words and by greying out, when what is shown is not confirmed. */
function drawTrust() {
  const problem = problemNow();
  const waiting = status === undefined && (connection === 'connecting' || connection === 'open');
  document.body.classList.toggle('unconfirmed', problem !== '' && !waiting);
  const banner = element('banner', HTMLElement);
  banner.hidden = (problem === '' && !waiting) || connection === 'refused';
  element('banner-title', HTMLElement).textContent = problem === '' ? '' : texts.unconfirmed;
  element('banner-text', HTMLElement).textContent = `${problem} ${stepNow()}`.trim();
  element('retry', HTMLButtonElement).hidden = connection !== 'lost';
  // Without the next step, which changes every second.
  if (problem !== '') say(`${texts.unconfirmed} ${problem}`);
  else say(waiting ? texts.connecting : texts.live);
}

/** Why what is shown may be wrong; empty when it is right. */
function problemNow() {
  if (connection === 'refused') return texts.signInWrong;
  if (connection !== 'open') {
    if (status !== undefined) return texts.lostBoard;
    return connection === 'lost' ? texts.unreachable : '';
  }
  if (status && status.ocs.state !== 'connected') {
    return fill(texts.lostOcs, { state: texts.states[status.ocs.state] });
  }
  if (status && status.notes.state !== 'connected') {
    return fill(texts.lostNotes, { state: texts.states[status.notes.state] });
  }
  return '';
}

/** What the page does to reach the bridge; empty when nothing needs to be done. */
function stepNow() {
  if (connection === 'lost') {
    return fill(texts.nextAttempt, { seconds: Math.max(0, Math.ceil((retryAt - Date.now()) / 1000)) });
  }
  return connection === 'connecting' || status === undefined ? texts.connecting : '';
}

/**
 * For screen readers; a sentence is spoken once, not at every tick.
 *
 * @param {string} sentence
 */
function say(sentence) {
  if (sentence === spoken) return;
  spoken = sentence;
  element('spoken', HTMLElement).textContent = sentence;
}

function translate() {
  document.documentElement.lang = texts.language;
  document.title = texts.title;
  for (const place of document.querySelectorAll('[data-text]')) {
    const text = texts[/** @type {keyof typeof texts} */ (place.getAttribute('data-text'))];
    if (typeof text === 'string') place.textContent = text;
  }
  searchBox.placeholder = texts.searchHint;
  element('views', HTMLElement).setAttribute('aria-label', texts.views);
  element('counts', HTMLElement).setAttribute('aria-label', texts.counts);
}

function listen() {
  searchBox.addEventListener('input', () => drawRows(NONE));
  element('retry', HTMLButtonElement).addEventListener('click', () => stream?.start());
  element('sign-in', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const typed = element('token', HTMLInputElement);
    sessionStorage.setItem(TOKEN_KEY, typed.value.trim());
    open(typed.value.trim());
    typed.value = '';
  });
  document.addEventListener('keydown', (event) => {
    const typing = event.target instanceof HTMLInputElement;
    if (event.key === '/' && !typing) {
      event.preventDefault();
      searchBox.focus();
    }
    if (event.key === 'Escape' && event.target === searchBox) {
      searchBox.value = '';
      drawRows(NONE);
    }
  });
  addEventListener('online', () => {
    if (connection === 'lost') stream?.start();
  });
  addEventListener('hashchange', () => {
    const given = takeToken();
    if (given) open(given);
  });
  setInterval(() => {
    statusBar.tick();
    if (connection === 'lost') drawTrust();
  }, 1_000);
}

/**
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {{ new (): Kind }} kind
 * @returns {Kind}
 */
function element(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`#${id} is missing`);
  return found;
}
