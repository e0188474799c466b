const DAY_MS = 86_400_000;
/** Day number of 1970-01-01 when day 0 is 1899-12-30. */
const UNIX_DAY = 25_569;

/** A wall clock's day number of a moment in milliseconds since 1970; `offset` is minutes east of Greenwich. */
export function dayNumber(moment: number, offset: number): number {
  return (moment + offset * 60_000) / DAY_MS + UNIX_DAY;
}

/** The moment at which a wall clock shows that day number, in whole milliseconds. */
export function momentOfDay(day: number, offset: number): number {
  return Math.round((day - UNIX_DAY) * DAY_MS) - offset * 60_000;
}

export interface DateParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 1 is Sunday. */
  readonly weekday: number;
}

/** Parts of a date in whole seconds. */
export function partsOf(day: number): DateParts {
  const moment = new Date(Math.round(((day - UNIX_DAY) * DAY_MS) / 1000) * 1000);
  return {
    year: moment.getUTCFullYear(),
    month: moment.getUTCMonth() + 1,
    day: moment.getUTCDate(),
    hour: moment.getUTCHours(),
    minute: moment.getUTCMinutes(),
    second: moment.getUTCSeconds(),
    weekday: moment.getUTCDay() + 1,
  };
}

export function dayOf(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / DAY_MS + UNIX_DAY;
}

export function timeOf(hour: number, minute: number, second: number): number {
  return (hour * 3600 + minute * 60 + second) / 86_400;
}

/** The written form depends on the machine's region; this one is fixed, so that scripts must not rely on any other. */
export function textOfDate(day: number): string {
  const { year, month, day: date, hour, minute, second } = partsOf(day);
  const datePart = `${two(month)}/${two(date)}/${year}`;
  const timePart = `${two(hour)}:${two(minute)}:${two(second)}`;
  if (day >= 0 && day < 1) return timePart;
  return Math.abs(day - Math.round(day)) < 1 / 172_800 ? datePart : `${datePart} ${timePart}`;
}

/** Reads `mm/dd/yyyy` or `yyyy-mm-dd`, with or without a time. */
export function dateFromText(text: string): number | undefined {
  const match =
    /^(?:(\d{1,2})\/(\d{1,2})\/(\d{4})|(\d{4})-(\d{1,2})-(\d{1,2}))?\s*(?:(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(
      text.trim(),
    );
  if (!match || text.trim() === '') return undefined;
  const [year, month, day] = match[4] ? [match[4], match[5], match[6]] : [match[3], match[1], match[2]];
  const days = year ? dayOf(Number(year), Number(month), Number(day)) : 0;
  return days + timeOf(Number(match[7] ?? 0), Number(match[8] ?? 0), Number(match[9] ?? 0));
}

export function two(value: number): string {
  return String(value).padStart(2, '0');
}
