import { iconOf } from './table.js';
import { fill } from './texts.js';

/**
 * @typedef {import('../../api/stream/protocol.js').StatusMessage} StatusMessage
 * @typedef {import('../../ports.js').LinkReport} LinkReport
 * @typedef {import('./texts.js').Texts} Texts
 */

/**
 * Age in words: "12 s", "4 min", "3 h", "5 d".
 *
 * @param {number} milliseconds
 * @param {Texts} texts
 */
export function ageOf(milliseconds, texts) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return fill(texts.seconds, { n: seconds });
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return fill(texts.minutes, { n: minutes });
  const hours = Math.round(minutes / 60);
  return hours < 48 ? fill(texts.hours, { n: hours }) : fill(texts.days, { n: Math.round(hours / 24) });
}

/**
 * State of a link in words: "connected for 12 min". No time of day: the reader's zone may differ from the one of the rows.
 *
 * @param {Pick<LinkReport, 'state' | 'since'>} link
 * @param {number} now in ms since 1970, by the bridge's clock
 * @param {Texts} texts
 */
export function linkText(link, now, texts) {
  return fill(texts.since, { state: texts.states[link.state], age: ageOf(now - link.since, texts) });
}

const LINKS = /** @type {const} */ (['ocs', 'notes', 'heartbeat']);

/** The bridge's own state above the table: links, heartbeat, and how many people have which status. */
export class StatusBar {
  #texts;
  /** @type {StatusMessage | undefined} */
  #status;
  /** How much the bridge's clock is ahead of ours, milliseconds. */
  #ahead = 0;
  /** @type {Map<string, HTMLElement>} Counts by status. */
  #counts = new Map();

  /** @param {Texts} texts */
  constructor(texts) {
    this.#texts = texts;
  }

  /**
   * Begins anew in the language of `texts`: one figure for each status, in its order.
   *
   * @param {Texts} texts
   * @param {Readonly<Record<string, string>>} images image resource of each status
   */
  begin(texts, images) {
    this.#texts = texts;
    const figures = Object.entries(this.#texts.statuses).map(([status, label]) => {
      const figure = document.createElement('li');
      const count = document.createElement('b');
      count.textContent = '0';
      this.#counts.set(status, count);
      const image = images[status];
      if (image !== undefined) {
        const icon = iconOf(image, '');
        icon.title = '';
        figure.append(icon);
      }
      const name = document.createElement('span');
      name.textContent = label;
      figure.append(count, name);
      return figure;
    });
    byId('counts').replaceChildren(...figures);
  }

  /** Without the stream nothing is known of the bridge's links. */
  forget() {
    this.#status = undefined;
    for (const id of LINKS) this.#draw(id, this.#texts.notKnown, 'unknown');
  }

  /** @param {StatusMessage} status */
  show(status) {
    this.#status = status;
    this.#ahead = status.now - Date.now();
    const { bridge, version } = status;
    byId('bridge').textContent = fill(this.#texts.bridge, { bridge, version });
    for (const [name, element] of this.#counts) {
      const count = status.counts[/** @type {keyof typeof status.counts} */ (name)] ?? 0;
      element.textContent = String(count);
      element.parentElement?.classList.toggle('none', count === 0);
    }
    byId('links').hidden = false;
    this.tick();
  }

  /** Ages grow without any message: called every second. */
  tick() {
    const status = this.#status;
    if (!status) return;
    const now = Date.now() + this.#ahead;
    this.#draw('ocs', linkText(status.ocs, now, this.#texts), status.ocs.state === 'connected' ? 'good' : 'bad');
    this.#draw('notes', linkText(status.notes, now, this.#texts), status.notes.state === 'connected' ? 'good' : 'bad');
    const beat = status.heartbeatAt;
    const text =
      beat === undefined ? this.#texts.never : fill(this.#texts.ago, { age: ageOf(now - beat, this.#texts) });
    this.#draw('heartbeat', text, beat !== undefined && now - beat < 180_000 ? 'good' : 'bad');
  }

  /**
   * @param {(typeof LINKS)[number]} id
   * @param {string} text
   * @param {'good' | 'bad' | 'unknown'} mood
   */
  #draw(id, text, mood) {
    const element = byId(id);
    element.dataset['mood'] = mood;
    const value = element.querySelector('dd');
    if (value && value.textContent !== text) value.textContent = text;
  }
}

/** @param {string} id */
function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`#${id} is missing`);
  return element;
}
