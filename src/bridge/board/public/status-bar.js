import { setText } from './element.js';
import { fill } from './texts.js';
import { ageOf } from './time-words.js';

/**
 * @typedef {import('../../api/stream/protocol.js').StatusMessage} StatusMessage
 * @typedef {import('../../ports.js').LinkReport} LinkReport
 * @typedef {import('./texts.js').Texts} Texts
 */

/**
 * State of a link in words: "connected for 12 min".
 *
 * @param {Pick<LinkReport, 'state' | 'since'>} link
 * @param {number} now in ms since 1970, by the bridge's clock
 * @param {Texts} texts
 */
export function linkText(link, now, texts) {
  return fill(texts.since, { state: texts.states[link.state], age: ageOf(now - link.since, texts) });
}

const LINKS = /** @type {const} */ (['ocs', 'notes', 'heartbeat']);
/** A heartbeat of this age is overdue by any configuration. */
const LATE_MS = 180_000;

/** The bridge's own state at the top of the page: which one it is, its links, its heartbeat. */
export class StatusBar {
  #texts;
  /** @type {StatusMessage | undefined} */
  #status;
  /** How much the bridge's clock is ahead of ours, milliseconds. */
  #ahead = 0;

  /** @param {Texts} texts */
  constructor(texts) {
    this.#texts = texts;
  }

  /** @param {Texts} texts */
  translate(texts) {
    this.#texts = texts;
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
    setText(byId('bridge'), fill(this.#texts.bridge, { bridge, version }));
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
    this.#draw('heartbeat', text, beat !== undefined && now - beat < LATE_MS ? 'good' : 'bad');
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
    if (value) setText(value, text);
  }
}

/** @param {string} id */
function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`#${id} is missing`);
  return element;
}
