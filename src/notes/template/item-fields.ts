import type { Items, ItemValue } from '../item-value.js';
import { EMPTY, number, text, time, type Value } from './formula/values.js';

/** A document's items as formulas see them, by name in lower case. */
export function fieldsOf(items: Items): ReadonlyMap<string, Value> {
  return new Map(Object.entries(items).map(([name, value]) => [name.toLowerCase(), fieldValue(value)]));
}

function fieldValue(value: ItemValue): Value {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') return number(value);
  if ('type' in value) {
    const list = typeof value.data === 'string' ? [value.data] : value.data;
    return value.type === 'datetime' ? momentsOf(list) : textList(list);
  }
  const numbers = value.filter((entry) => typeof entry === 'number');
  return numbers.length > 0 ? number(...numbers) : textList(value.map(String));
}

function textList(list: readonly string[]): Value {
  return list.length === 0 ? EMPTY : text(...list);
}

/** A moment that cannot be read stays text, so that a formula can tell by `@IsTime`. */
function momentsOf(list: readonly string[]): Value {
  const moments = list.map((entry) => Date.parse(entry));
  return moments.length === 0 || moments.some(Number.isNaN) ? textList(list) : time(...moments);
}
