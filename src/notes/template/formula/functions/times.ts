import type { FormulaContext } from '../context.js';
import { type CivilTime, civilTime, momentOf, parseTime } from '../time-text.js';
import { error, number, numbersOf, textsOf, time, timesOf, type Value, WRONG_TYPE } from '../values.js';
import type { FunctionDefinition, FunctionTable } from './definition.js';

/** Functions on moments. They read and write the calendar of the context's time zone. */
export const TIME_FUNCTIONS: FunctionTable = {
  '@now': { least: 0, most: 0, apply: (_, context) => now(context) },
  '@today': day(0),
  '@tomorrow': day(1),
  '@yesterday': day(-1),
  '@totime': { least: 1, most: 1, apply: ([value], context) => readTime(value, context) },
  '@texttotime': { least: 1, most: 1, apply: ([value], context) => readTime(value, context) },
  '@adjust': { least: 7, most: 7, apply: ([moment, ...amounts], context) => adjust(moment, amounts, context) },
  '@date': { least: 1, most: 6, apply: (args, context) => date(args, context) },
  '@year': part((civil) => civil.year),
  '@month': part((civil) => civil.month),
  '@day': part((civil) => civil.day),
  '@hour': part((civil) => civil.hour),
  '@minute': part((civil) => civil.minute),
  '@second': part((civil) => civil.second),
  '@weekday': part((civil) => civil.weekday),
};

function now(context: FormulaContext): Value {
  return context.now === undefined ? error('@Now must not be used here') : time(context.now);
}

/** Midnight at which a day begins, counted from today. */
function day(offset: number): FunctionDefinition {
  return {
    least: 0,
    most: 0,
    apply: (_, { now: moment, timeStyle: { zone } }) => {
      if (moment === undefined) return error('The time must not be used here');
      const civil = civilTime(moment, zone);
      return time(momentOf({ ...civil, day: civil.day + offset, hour: 0, minute: 0, second: 0 }, zone));
    },
  };
}

/** A text in the order and with the separators of the context; moments stay as they are. */
function readTime(value: Value | undefined, { timeStyle }: FormulaContext): Value {
  if (value?.type === 'time') return value;
  const list = textsOf(value);
  if (!list) return error(WRONG_TYPE);
  const moments = list.map((entry) => parseTime(entry, timeStyle));
  return moments.includes(undefined)
    ? error('The text cannot be converted to a time')
    : time(...moments.map((moment) => moment ?? 0));
}

function part(choose: (civil: CivilTime) => number): FunctionDefinition {
  return {
    least: 1,
    most: 1,
    apply: ([value], context) => {
      const list = timesOf(value);
      return list
        ? number(...list.map((moment) => choose(civilTime(moment, context.timeStyle.zone))))
        : error(WRONG_TYPE);
    },
  };
}

/** Adds years, months, days, hours, minutes and seconds, each of which may be negative. */
function adjust(value: Value | undefined, amounts: readonly Value[], context: FormulaContext): Value {
  const list = timesOf(value);
  const [years, months, days, hours, minutes, seconds] = amounts.map((amount) => numbersOf(amount)?.[0]);
  if (!list || years === undefined || months === undefined || days === undefined) return error(WRONG_TYPE);
  if (hours === undefined || minutes === undefined || seconds === undefined) return error(WRONG_TYPE);
  const { zone } = context.timeStyle;
  const shifted = list.map((moment) => {
    const civil = civilTime(moment, zone);
    const day = momentOf(
      { ...civil, year: civil.year + years, month: civil.month + months, day: civil.day + days },
      zone,
    );
    // Hours are real hours: they do not jump with summer time, as days do.
    return day + (moment % 1000) + ((hours * 60 + minutes) * 60 + seconds) * 1000;
  });
  return time(...shifted);
}

/** `@Date(moment)` is the day's beginning; with three or six numbers a moment is made. */
function date(args: readonly Value[], context: FormulaContext): Value {
  const { zone } = context.timeStyle;
  const moments = timesOf(args[0]);
  if (moments && args.length === 1) {
    return time(
      ...moments.map((moment) => momentOf({ ...civilTime(moment, zone), hour: 0, minute: 0, second: 0 }, zone)),
    );
  }
  const numbers = args.map((arg) => numbersOf(arg)?.[0]);
  const [year, month, day, hour = 0, minute = 0, second = 0] = numbers;
  if ((args.length !== 3 && args.length !== 6) || numbers.includes(undefined)) return error(WRONG_TYPE);
  if (year === undefined || month === undefined || day === undefined) return error(WRONG_TYPE);
  return time(momentOf({ year, month, day, hour, minute, second }, zone));
}
