/** Readers of the simple types of XML Schema part 2 that presence documents use. None throws. */

const INTEGER = /^[ \t\r\n]*([+-]?[0-9]{1,9})[ \t\r\n]*$/;

/** An `xs:int` of at most nine digits; `undefined` for anything else. */
export function xmlInteger(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const digits = INTEGER.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** An `xs:boolean`; anything but `true` and `1` is false. */
export function xmlBoolean(text: string | undefined): boolean {
  return text === 'true' || text === '1';
}

const DATE_TIME =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,12}))?(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))?$/;

/**
 * An `xs:dateTime` in milliseconds since 1970; `undefined` for anything else. Without an offset it is UTC:
 * COMPAT(ocs2007): the server leaves the `Z` of `publishTime` out.
 */
export function xmlTime(text: string | undefined): number | undefined {
  const match = text === undefined ? null : DATE_TIME.exec(text);
  if (match === null) return undefined;
  const field = (index: number): number => Number(match[index] ?? 0);
  const [year, month, day, hour, minute, second] = [field(1), field(2), field(3), field(4), field(5), field(6)];
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return undefined;
  if (day > new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()) return undefined;
  const millisecond = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const offset = (field(10) * 60 + field(11)) * 60_000 * (match[9] === '-' ? -1 : 1);
  return Date.UTC(year, month - 1, day, hour, minute, second, millisecond) - offset;
}
