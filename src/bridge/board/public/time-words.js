import { fill } from './texts.js';

/** @typedef {import('./texts.js').Texts} Texts */

const DAY = 86_400_000;

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
 * Time of day on the reader's clock, with the date when it is not of the last day: "10:42".
 *
 * @param {number} at ms since 1970
 * @param {number} now
 * @param {string} language
 * @param {string} [zone] default: the reader's
 */
export function timeOf(at, now, language, zone) {
  /** @type {Intl.DateTimeFormatOptions} */
  const time = {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(zone === undefined ? {} : { timeZone: zone }),
  };
  /** @type {Intl.DateTimeFormatOptions} */
  const date = now - at < DAY ? {} : { year: 'numeric', month: '2-digit', day: '2-digit' };
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { ...date, ...time }).format(at);
}
