/** A document in its form: buttons, fields, saving. Esc goes back as in Notes. */
import { run, say } from './message.js';

const paper = /** @type {HTMLFormElement} */ (document.getElementById('paper'));
const { path = '', back = '/', mode = 'read' } = paper.dataset;

/** What the fields hold: a list for each name. */
function entered() {
  /** @type {Record<string, string[]>} */
  const input = {};
  // A box that is not ticked and a list without a choice say something too.
  for (const field of paper.querySelectorAll('[name]')) input[field.getAttribute('name') ?? ''] = [];
  for (const [name, value] of new FormData(paper)) {
    if (typeof value === 'string') input[name]?.push(value);
  }
  return input;
}

/**
 * Puts a newly drawn form in place of the old one; the cursor stays in its field.
 * @param {{ body: string, actionBar: string, style: string }} form
 */
function show({ body, actionBar, style }) {
  const name = document.activeElement?.getAttribute('name');
  const sheet = /** @type {HTMLLinkElement | null} */ (document.querySelector('link[href*="/sheet/"]'));
  if (sheet) sheet.href = style;
  replace(paper, body);
  const bar = document.getElementById('actions');
  if (bar) replace(bar, actionBar);
  const field = /** @type {HTMLElement | null} */ (name ? paper.querySelector(`[name="${CSS.escape(name)}"]`) : null);
  field?.focus();
}

/**
 * @param {Element} place
 * @param {string} content
 */
function replace(place, content) {
  place.replaceChildren(...new DOMParser().parseFromString(content, 'text/html').body.childNodes);
}

/**
 * @param {'click' | 'refresh' | 'save'} verb
 * @param {string} [click]
 */
async function act(verb, click = '') {
  const result = await run(`${path}/${verb}`, { click, mode, input: entered() });
  if (result === undefined) return;
  const { form, field, saves } =
    /** @type {{ form?: { body: string, actionBar: string, style: string }, field?: string, saves?: boolean }} */ (
      result
    );
  if (form !== undefined) show(form);
  for (const input of paper.querySelectorAll('[aria-invalid]')) input.removeAttribute('aria-invalid');
  if (field !== undefined) {
    const wrong = /** @type {HTMLElement | null} */ (paper.querySelector(`[name="${CSS.escape(field)}"]`));
    wrong?.setAttribute('aria-invalid', 'true');
    wrong?.focus();
  }
  if (saves) await act('save');
}

/** @type {Readonly<Record<string, () => unknown>>} */
const COMMANDS = {
  edit: () => location.assign(`${path}?mode=edit`),
  save: () => act('save'),
};

document.addEventListener('click', (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest('button');
  if (button === null) return;
  const { click, command } = button.dataset;
  if (button.id === 'close') location.assign(back);
  else if (button.id === 'edit') location.assign(`${path}?mode=edit`);
  else if (button.id === 'save') void act('save');
  else if (command !== undefined && COMMANDS[command]) COMMANDS[command]();
  else if (click !== undefined) void act('click', click);
});

paper.addEventListener('submit', (event) => {
  event.preventDefault();
});

paper.addEventListener('change', (event) => {
  if (/** @type {HTMLElement} */ (event.target).dataset['refresh'] === 'true') void act('refresh');
});

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    event.preventDefault();
    location.assign(back);
  }
  if (event.key === 'F9') {
    event.preventDefault();
    if (mode === 'edit') void act('refresh');
    else location.reload();
  }
  if (event.key === 's' && event.ctrlKey && mode === 'edit') {
    event.preventDefault();
    void act('save');
  }
});

say();
const first = /** @type {HTMLElement | null} */ (
  paper.querySelector('[data-focus]') ?? (mode === 'edit' ? paper.querySelector('.field-input') : null)
);
(first ?? paper).focus();
