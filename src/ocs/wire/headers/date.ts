import { DIGIT, isMadeOf } from '../char-class.js';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Reads a Date header, `Sat, 15 Oct 2005 04:44:56 GMT` (RFC 3261 §20.17: no other form, no other zone). Milliseconds
 * since 1970; `undefined` when it is malformed.
 */
export function parseDate(text: string): number | undefined {
  if (text.length !== 29 || text.slice(3, 5) !== ', ' || text.slice(25).toUpperCase() !== ' GMT') return undefined;
  const month = MONTHS.indexOf(text.slice(8, 11).toLowerCase());
  const separators = text[7] === ' ' && text[11] === ' ' && text[16] === ' ' && text[19] === ':' && text[22] === ':';
  const fields = [text.slice(5, 7), text.slice(12, 16), text.slice(17, 19), text.slice(20, 22), text.slice(23, 25)];
  if (!separators || month < 0 || !DAYS.includes(text.slice(0, 3).toLowerCase())) return undefined;
  if (!fields.every((field) => isMadeOf(DIGIT, field))) return undefined;
  const [day = 0, year = 0, hour = 0, minute = 0, second = 0] = fields.map(Number);
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const date = new Date(Date.UTC(year, month, day, hour, minute, second));
  return date.getUTCDate() === day || second === 60 ? date.getTime() : undefined;
}
