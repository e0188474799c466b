const SHORTEST = '2010-01-01T08:55:00'.length;
const LONGEST = 40;
const PLUS = 0x2b;
const DASH = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
const LAST_YEAR = 9999;
const DAY_MS = 86_400_000;
/** Days from the first day of year 1 to the first day of 1970. */
const DAYS_BEFORE_1970 = 719_162;
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365] as const;
/** In place of two digits: more than any year, month, day, hour, minute or second. */
const NO_PAIR = 1_000_000;

/**
 * The `xs:dateTime` (XML Schema part 2) that stands in `octets` from `start` to `end`, in milliseconds since 1970;
 * `undefined` for anything else. Without an offset it is UTC:
 * COMPAT(ocs2007): the server leaves the `Z` of `publishTime` out. Written by hand because it runs for each document,
 * and `Date.parse` takes a time without offset for local time.
 */
export function timeFrom(octets: Uint8Array, start: number, end: number): number | undefined {
  if (end - start < SHORTEST || end - start > LONGEST) return undefined;
  if (octets[start + 4] !== DASH || octets[start + 7] !== DASH || octets[start + 10] !== LETTER_T) return undefined;
  if (octets[start + 13] !== COLON || octets[start + 16] !== COLON) return undefined;
  const year = pair(octets, start) * 100 + pair(octets, start + 2);
  const day = dayNumber(year, pair(octets, start + 5), pair(octets, start + 8));
  const hour = pair(octets, start + 11);
  const minute = pair(octets, start + 14);
  const second = pair(octets, start + 17);
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  let at = start + SHORTEST;
  let milliseconds = 0;
  if (at < end && octets[at] === POINT) {
    const first = ++at;
    for (let place = 100; at < end; at++) {
      const digit = (octets[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) break;
      milliseconds += digit * place;
      place = place > 1 ? place / 10 : 0;
    }
    if (at === first) return undefined;
  }
  const seconds = (hour * 60 + minute - offsetMinutes(octets, at, end)) * 60 + second;
  const time = day * DAY_MS + seconds * 1000 + milliseconds;
  return Number.isNaN(time) ? undefined : time;
}

/** The number of two digits. */
function pair(octets: Uint8Array, at: number): number {
  const tens = (octets[at] ?? 0) - ZERO;
  const ones = (octets[at + 1] ?? 0) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NO_PAIR;
}

/** Days since 1970 of a day of the Gregorian calendar; NaN when there is no such day. */
function dayNumber(year: number, month: number, day: number): number {
  if (year < 1 || year > LAST_YEAR || month < 1 || month > 12) return Number.NaN;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const before = DAYS_BEFORE_MONTH[month - 1] ?? 0;
  const length = (DAYS_BEFORE_MONTH[month] ?? 0) - before + (leap && month === 2 ? 1 : 0);
  if (day < 1 || day > length) return Number.NaN;
  const past = year - 1;
  const leapDays = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400) + (leap && month > 2 ? 1 : 0);
  return past * 365 + leapDays + before + day - 1 - DAYS_BEFORE_1970;
}

/** Minutes east of Greenwich of what stands at the end of a time; NaN when it is no offset. */
function offsetMinutes(octets: Uint8Array, at: number, end: number): number {
  if (at === end || (octets[at] === LETTER_Z && at + 1 === end)) return 0;
  const sign = octets[at] === PLUS ? 1 : octets[at] === DASH ? -1 : Number.NaN;
  const hours = pair(octets, at + 1);
  const minutes = pair(octets, at + 4);
  if (end !== at + 6 || octets[at + 3] !== COLON || hours === NO_PAIR || minutes === NO_PAIR) return Number.NaN;
  return sign * (hours * 60 + minutes);
}
