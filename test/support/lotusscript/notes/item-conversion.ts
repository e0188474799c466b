import type { ItemValue } from '../../../../src/notes/item-value.js';
import type { Value as FormulaValue } from '../../../../src/notes/template/formula/values.js';
import { mismatch } from '../conversion.js';
import { dayNumber, momentOfDay } from '../dates.js';
import { StandInFault } from '../script-error.js';
import { arrayOf, date, double, EMPTY, isNumber, str, type Value } from '../values.js';

/** The values of an item as `GetItemValue` gives them; times by the wall clock. */
export function valuesOfItem(value: ItemValue | undefined, offset: number): readonly Value[] {
  if (value === undefined) return [str('')];
  if (typeof value === 'string') return [str(value)];
  if (typeof value === 'number') return [double(value)];
  const list = 'type' in value ? (typeof value.data === 'string' ? [value.data] : value.data) : value;
  if (list.length === 0) return [str('')];
  return list.map((one): Value => {
    if (typeof one === 'number') return double(one);
    if (!('type' in value) || value.type !== 'datetime') return str(one);
    const moment = Date.parse(one);
    return Number.isNaN(moment) ? str(one) : date(dayNumber(moment, offset));
  });
}

/** An item from values of one kind, of single ones without a list. */
export function itemOf(values: readonly Value[], offset: number): ItemValue {
  const first = values[0] ?? EMPTY;
  const one = <T extends string | number>(list: readonly T[]): T | readonly T[] =>
    list.length === 1 ? (list[0] as T) : list;
  if (first.kind === 'string' || first.kind === 'empty') {
    return one(
      values.map((value) => (value.kind === 'string' ? value.value : value.kind === 'empty' ? '' : mismatch())),
    ) as ItemValue;
  }
  if (first.kind === 'date') {
    const texts = values.map((value) =>
      value.kind === 'date' ? momentText(momentOfDay(value.value, offset)) : mismatch(),
    );
    return { type: 'datetime', data: one(texts) };
  }
  if (isNumber(first)) return one(values.map((value) => (isNumber(value) ? value.value : mismatch()))) as ItemValue;
  throw new StandInFault(`an item of ${first.kind} has no stand-in`);
}

/** At most hundredths of a second, as Notes keeps them. */
export function momentText(moment: number): string {
  return `${new Date(Math.round(moment / 10) * 10).toISOString().replace(/0Z$/, '').replace(/\.00$/, '')}`.replace(
    /Z?$/,
    'Z',
  );
}

/** A column's value as scripts see it: several as an array. */
export function valueOfColumn(value: FormulaValue, offset: number): Value {
  if (value.type === 'error') return str('');
  const list = value.list.map((one): Value => {
    if (value.type === 'time') return date(dayNumber(Number(one), offset));
    return typeof one === 'number' ? double(one) : str(one);
  });
  const [first = str('')] = list;
  return list.length > 1 ? arrayOf(list) : first;
}
