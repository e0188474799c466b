/** How a moment is written. Notes takes this from the reader's machine; here it is given, so that output is the same everywhere. */
export interface TimeStyle {
  /** IANA name, for example `Europe/Berlin`. */
  readonly zone: string;
  readonly order: 'ymd' | 'dmy' | 'mdy';
  readonly dateSeparator: string;
  readonly timeSeparator: string;
}

export const TIME_STYLES = {
  en: { zone: 'UTC', order: 'ymd', dateSeparator: '-', timeSeparator: ':' },
  de: { zone: 'UTC', order: 'dmy', dateSeparator: '.', timeSeparator: ':' },
} as const satisfies Record<string, TimeStyle>;

/** How people of a language write moments, in UTC. English ones are written so that nobody can mistake day and month. */
export function timeStyleOf(language: string): TimeStyle {
  const known: TimeStyle | undefined = (TIME_STYLES as Readonly<Record<string, TimeStyle>>)[language];
  if (known) return known;
  const parts = new Intl.DateTimeFormat(language, { year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(
    0,
  );
  const order = parts.filter(({ type }) => type !== 'literal').map(({ type }) => type[0]);
  const separator = parts.find(({ type }) => type === 'literal')?.value.trim() ?? '-';
  const orders: readonly TimeStyle['order'][] = ['ymd', 'dmy', 'mdy'];
  return {
    zone: 'UTC',
    order: orders.find((one) => one === order.join('')) ?? 'ymd',
    dateSeparator: separator,
    timeSeparator: ':',
  };
}

export interface TimeParts {
  readonly date: 'none' | 'full' | 'month-day' | 'year-month';
  readonly time: 'none' | 'minutes' | 'seconds';
}

export interface CivilTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 1 is Sunday. */
  readonly weekday: number;
}

const FORMATTERS = new Map<string, Intl.DateTimeFormat>();
const MAX_FORMATTERS = 100;

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = FORMATTERS.get(zone);
  if (known) return known;
  const formatter = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  if (FORMATTERS.size >= MAX_FORMATTERS) FORMATTERS.clear();
  FORMATTERS.set(zone, formatter);
  return formatter;
}

/** A moment (milliseconds since 1970) as people of a time zone read it. Throws `RangeError` for an unknown zone. */
export function civilTime(moment: number, zone: string): CivilTime {
  const parts = new Map<string, number>();
  for (const part of formatterOf(zone).formatToParts(moment)) {
    if (part.type !== 'literal') parts.set(part.type, Number(part.value));
  }
  const at = (name: string): number => parts.get(name) ?? 0;
  const [year, month, day] = [at('year'), at('month'), at('day')];
  return {
    year,
    month,
    day,
    hour: at('hour'),
    minute: at('minute'),
    second: at('second'),
    weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1,
  };
}

/** Milliseconds from 1970 to the ends of the calendar, with room for a time zone. */
export const LATEST_MOMENT = 8.64e15 - 2 * 86_400_000;

/**
 * The moment at which clocks of a zone show this; fields out of range carry over, as `@Adjust` wants. `NaN` beyond the
 * calendar.
 */
export function momentOf(civil: Omit<CivilTime, 'weekday'>, zone: string): number {
  const asUtc = Date.UTC(civil.year, civil.month - 1, civil.day, civil.hour, civil.minute, civil.second);
  if (!(Math.abs(asUtc) <= LATEST_MOMENT)) return Number.NaN;
  // Two rounds are enough: the second one corrects for a change of summer time between guess and result.
  let moment = asUtc;
  for (let round = 0; round < 2; round += 1) moment = asUtc - offsetAt(moment, zone);
  return moment;
}

function offsetAt(moment: number, zone: string): number {
  const shown = civilTime(moment, zone);
  const asUtc = Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute, shown.second);
  return asUtc - Math.floor(moment / 1000) * 1000;
}

/** A moment as text, for example `2026-01-05 10:42`. */
export function formatTime(moment: number, style: TimeStyle, parts: TimeParts): string {
  const civil = civilTime(moment, style.zone);
  return [dateText(civil, style, parts.date), clockText(civil, style, parts.time)]
    .filter((part) => part !== '')
    .join(' ');
}

/** The moment that a text such as `2026-01-05 10:42` means; `undefined` when it is none. */
export function parseTime(source: string, style: TimeStyle): number | undefined {
  const match = /^(\d{1,4})[-./](\d{1,2})[-./](\d{1,4})(?:[ T]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?)?$/.exec(
    source.trim(),
  );
  if (!match) return undefined;
  const numbers = match.slice(1).map((digits) => Number(digits ?? 0));
  const at = (letter: string): number => numbers[style.order.indexOf(letter)] ?? 0;
  const [hour = 0, minute = 0, second = 0] = numbers.slice(3);
  const civil = { year: at('y'), month: at('m'), day: at('d'), hour, minute, second };
  const lastDay = new Date(Date.UTC(civil.year, civil.month, 0)).getUTCDate();
  if (civil.month < 1 || civil.month > 12 || civil.day < 1 || civil.day > lastDay) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return momentOf(civil, style.zone);
}

function dateText(civil: CivilTime, style: TimeStyle, date: TimeParts['date']): string {
  if (date === 'none') return '';
  const written: Readonly<Record<string, string>> = {
    y: String(civil.year).padStart(4, '0'),
    m: two(civil.month),
    d: two(civil.day),
  };
  const wanted = date === 'full' ? 'ymd' : date === 'month-day' ? 'md' : 'ym';
  const order = [...style.order].filter((letter) => wanted.includes(letter));
  return order.map((letter) => written[letter]).join(style.dateSeparator);
}

function clockText(civil: CivilTime, style: TimeStyle, time: TimeParts['time']): string {
  if (time === 'none') return '';
  const shown = time === 'seconds' ? [civil.hour, civil.minute, civil.second] : [civil.hour, civil.minute];
  return shown.map(two).join(style.timeSeparator);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
