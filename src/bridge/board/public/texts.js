import { GERMAN } from './texts-de.js';
import { ENGLISH } from './texts-en.js';

/**
 * All words of the page, in one of its two languages.
 *
 * @typedef {typeof ENGLISH} Texts
 */

/**
 * The words for the first language of the list that is spoken here; English when none is.
 *
 * @param {readonly string[]} languages as in `navigator.languages`
 * @returns {Texts}
 */
export function textsFor(languages) {
  for (const language of languages) {
    if (/^de\b/i.test(language)) return GERMAN;
    if (/^en\b/i.test(language)) return ENGLISH;
  }
  return ENGLISH;
}

/**
 * @param {string} pattern
 * @param {Readonly<Record<string, string | number>>} values
 */
export function fill(pattern, values) {
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
