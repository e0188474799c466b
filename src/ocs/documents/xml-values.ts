/** Readers of the simple types of XML Schema part 2 that presence documents use. None throws. */

const MAX_DIGITS = 9;

/** An `xs:int` of at most nine digits; `undefined` for anything else. */
export function xmlInteger(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const trimmed = text.trim();
  const signs = trimmed.startsWith('-') || trimmed.startsWith('+') ? 1 : 0;
  if (trimmed.length > signs + MAX_DIGITS) return undefined;
  const value = digits(trimmed, signs, trimmed.length);
  if (Number.isNaN(value)) return undefined;
  return trimmed.startsWith('-') ? 0 - value : value;
}

const MAX_UNSIGNED = 0xffff_ffff;

/** An `xs:unsignedInt`; `undefined` for anything else. */
export function xmlUnsigned(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  const value = trimmed.length > MAX_DIGITS + 1 ? Number.NaN : digits(trimmed, 0, trimmed.length);
  return value <= MAX_UNSIGNED ? value : undefined;
}

/** An `xs:boolean`; anything but `true` and `1` is false. */
export function xmlBoolean(text: string | undefined): boolean {
  return text === 'true' || text === '1';
}

const SHORTEST_TIME = '2010-01-01T08:55:00'.length;
const LONGEST_TIME = 40;
const POINT = 0x2e;
/** More than any year, month, day, hour, minute or second. */
const NO_PAIR = 1_000_000;
const LAST_YEAR = 9999;
const DAY_MS = 86_400_000;
/** Days from the first day of year 1 to the first day of 1970. */
const DAYS_BEFORE_1970 = 719_162;
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365] as const;

/**
 * An `xs:dateTime` in milliseconds since 1970; `undefined` for anything else. Without an offset it is UTC:
 * COMPAT(ocs2007): the server leaves the `Z` of `publishTime` out. Written by hand because it runs for each document,
 * and `Date.parse` takes a time without offset for local time.
 */
export function xmlTime(text: string | undefined): number | undefined {
  if (text === undefined || text.length < SHORTEST_TIME || text.length > LONGEST_TIME) return undefined;
  if (text[4] !== '-' || text[7] !== '-' || text[10] !== 'T' || text[13] !== ':' || text[16] !== ':') return undefined;
  const day = dayNumber(pair(text, 0) * 100 + pair(text, 2), pair(text, 5), pair(text, 8));
  const hour = pair(text, 11);
  const minute = pair(text, 14);
  const second = pair(text, 17);
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  let end = SHORTEST_TIME;
  let milliseconds = 0;
  if (text.charCodeAt(end) === POINT) {
    let place = 100;
    for (let code = text.charCodeAt(++end); isDigit(code); code = text.charCodeAt(++end)) {
      milliseconds += (code - 0x30) * place;
      place = place > 1 ? place / 10 : 0;
    }
    if (end === SHORTEST_TIME + 1) return undefined;
  }
  const seconds = (hour * 60 + minute - offsetMinutes(text, end)) * 60 + second;
  const time = day * DAY_MS + seconds * 1000 + milliseconds;
  return Number.isNaN(time) ? undefined : time;
}

/** The number of two digits; beyond all that are expected when they are none. */
function pair(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30;
  const ones = text.charCodeAt(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NO_PAIR;
}

/** Days since 1970 of a day of the Gregorian calendar; NaN when there is no such day. */
function dayNumber(year: number, month: number, day: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const before = DAYS_BEFORE_MONTH[month - 1];
  const length = (DAYS_BEFORE_MONTH[month] ?? 0) - (before ?? 0) + (leap && month === 2 ? 1 : 0);
  if (before === undefined || year < 1 || year > LAST_YEAR || day < 1 || day > length) return Number.NaN;
  const past = year - 1;
  const leapDays = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400) + (leap && month > 2 ? 1 : 0);
  return past * 365 + leapDays + before + day - 1 - DAYS_BEFORE_1970;
}

/** Minutes east of Greenwich of what stands at the end of a time; NaN when it is no offset. */
function offsetMinutes(text: string, start: number): number {
  if (start === text.length || (text[start] === 'Z' && start + 1 === text.length)) return 0;
  const sign = text[start] === '+' ? 1 : text[start] === '-' ? -1 : Number.NaN;
  if (text.length !== start + 6 || text[start + 3] !== ':') return Number.NaN;
  return sign * (digits(text, start + 1, start + 3) * 60 + digits(text, start + 4, start + 6));
}

/** The number that stands from `start` to `end`; NaN when anything but digits stands there. */
function digits(text: string, start: number, end: number): number {
  let value = start < end ? 0 : Number.NaN;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    value = isDigit(code) ? value * 10 + (code - 0x30) : Number.NaN;
  }
  return value;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
