import { dateOf, mismatch, textOf } from '../conversion.js';
import { dayOf, partsOf, timeOf, two } from '../dates.js';
import { StandInFault } from '../script-error.js';
import { date, int, isNumber, str, type Value } from '../values.js';
import { type BuiltInTable, builtIn, numberAt, textAt } from './definition.js';

function part(read: (parts: ReturnType<typeof partsOf>) => number) {
  return builtIn(1, 1, ([value]) => int(read(partsOf(dateOf(value ?? mismatch())))));
}

/** Date and time functions, by the wall clock. */
export const TIME_FUNCTIONS: BuiltInTable = {
  now: builtIn(0, 0, (_, { surroundings }) => date(surroundings.now())),
  today: builtIn(0, 0, (_, { surroundings }) => date(Math.floor(surroundings.now()))),
  date: builtIn(0, 0, (_, { surroundings }) => date(Math.floor(surroundings.now()))),
  time: builtIn(0, 0, (_, { surroundings }) => date(surroundings.now() % 1)),
  timer: builtIn(0, 0, (_, { surroundings }) => ({ kind: 'single', value: (surroundings.now() % 1) * 86_400 })),
  datenumber: builtIn(3, 3, (args) => date(dayOf(numberAt(args, 0), numberAt(args, 1), numberAt(args, 2)))),
  timenumber: builtIn(3, 3, (args) => date(timeOf(numberAt(args, 0), numberAt(args, 1), numberAt(args, 2)))),
  datevalue: builtIn(1, 1, ([value]) => date(Math.floor(dateOf(value ?? mismatch())))),
  timevalue: builtIn(1, 1, ([value]) => date(dateOf(value ?? mismatch()) % 1)),
  year: part((parts) => parts.year),
  month: part((parts) => parts.month),
  day: part((parts) => parts.day),
  hour: part((parts) => parts.hour),
  minute: part((parts) => parts.minute),
  second: part((parts) => parts.second),
  weekday: part((parts) => parts.weekday),
  format: builtIn(1, 2, (args) => str(formatted(args[0] ?? mismatch(), args[1] ? textAt(args, 1) : ''))),
};

/** The formats that scripts here use: parts of dates, and digits with a point. */
function formatted(value: Value, pattern: string): string {
  if (pattern === '') return textOf(value);
  if (value.kind === 'date') return formattedDate(value.value, pattern);
  if (!isNumber(value)) throw new StandInFault(`Format of ${value.kind} by "${pattern}" has no stand-in`);
  const match = /^(0+|#*0|#)(?:\.(0+))?$/.exec(pattern);
  if (!match) throw new StandInFault(`Format by "${pattern}" has no stand-in`);
  const [whole = '', ...rest] = Math.abs(value.value)
    .toFixed(match[2]?.length ?? 0)
    .split('.');
  const digits = [whole.padStart((match[1] ?? '').replaceAll('#', '').length, '0'), ...rest].join('.');
  return value.value < 0 ? `-${digits}` : digits;
}

/** `m` and `mm` are minutes after an hour, months otherwise, as in LotusScript; `n` is always minutes. */
function formattedDate(day: number, pattern: string): string {
  const parts = partsOf(day);
  let afterHour = false;
  return pattern.replace(/yyyy|yy|mm?|dd?|hh?|nn?|ss?|"[^"]*"|[a-z]+/gi, (word) => {
    const key = word.toLowerCase();
    const isHour = key.startsWith('h');
    const asMinutes = key.startsWith('m') && afterHour;
    afterHour = isHour;
    const number =
      key[0] === 'm'
        ? asMinutes
          ? parts.minute
          : parts.month
        : { d: parts.day, h: parts.hour, n: parts.minute, s: parts.second }[key[0] ?? ''];
    if (key === 'yyyy') return String(parts.year);
    if (key === 'yy') return two(parts.year % 100);
    if (word.startsWith('"')) return word.slice(1, -1);
    if (number === undefined || key.length > 2) throw new StandInFault(`Format by "${pattern}" has no stand-in`);
    return key.length === 2 ? two(number) : String(number);
  });
}
