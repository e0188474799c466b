import { setText } from './element.js';

/** What a choice led to is spoken once the reader stops choosing, milliseconds. */
const PAUSE_MS = 600;

/** Tells screen readers what others see; a sentence is spoken once, not at every tick. */
export class Speaker {
  #place;
  #trust = '';
  /** @type {number | undefined} */
  #timer;

  /** @param {HTMLElement} place a live region */
  constructor(place) {
    this.#place = place;
  }

  /** @param {string} sentence whether what is shown can be trusted */
  sayTrust(sentence) {
    if (sentence === this.#trust) return;
    this.#trust = sentence;
    clearTimeout(this.#timer);
    setText(this.#place, sentence);
  }

  /** @param {() => string | null} sentence what there is to see, asked for when it is time */
  sayLater(sentence) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => setText(this.#place, sentence() ?? ''), PAUSE_MS);
  }
}
