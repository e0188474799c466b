import { CONFLICT_ITEM } from './fields.js';
import type { DateTimeItem, Items, ItemValue, TextItem } from './item-value.js';

/** A moment in milliseconds since 1970 as an item in whole seconds; empty text clears the item when there is none. */
export function momentItem(time: number | undefined): DateTimeItem | '' {
  if (time === undefined || !(time >= EARLIEST && time <= LATEST)) return '';
  return { type: 'datetime', data: `${new Date(time).toISOString().slice(0, 19)}Z` };
}

/** Years that Domino and its readers agree on. */
const EARLIEST = Date.UTC(1970, 0, 1);
const LATEST = Date.UTC(2200, 0, 1) - 1;

/** Notes names as an item that name pickers, views and access lists recognise; empty when there is none. */
export function namesItem(names: string | readonly string[] = ''): TextItem {
  return { type: 'text', data: names.length === 0 ? '' : names, names: true };
}

/** First text of an item; empty when it is missing or holds something else. */
export function textOf(items: Items, name: string): string {
  return textsOf(items, name)[0] ?? '';
}

/** All texts of an item; none when it is missing or holds something else. */
export function textsOf(items: Items, name: string): readonly string[] {
  const value = items[name];
  const data = isFlagged(value) ? (value.type === 'text' ? value.data : []) : value;
  const list: readonly unknown[] = Array.isArray(data) ? data : [data];
  return list.filter((one) => typeof one === 'string');
}

/** First number of an item; `undefined` when it is missing or holds something else. */
export function numberOf(items: Items, name: string): number | undefined {
  const value = items[name];
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === 'number' && Number.isFinite(first) ? first : undefined;
}

/** First moment of an item, milliseconds since 1970; `undefined` when it is missing or holds something else. */
export function momentOf(items: Items, name: string): number | undefined {
  const value = items[name];
  if (!isFlagged(value) || value.type !== 'datetime') return undefined;
  const text = typeof value.data === 'string' ? value.data : value.data[0];
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** True for the loser's version of a document that two servers, or two people, changed at once; its item is mostly empty. */
export function isConflict(items: Items): boolean {
  return items[CONFLICT_ITEM] !== undefined;
}

function isFlagged(value: ItemValue | undefined): value is TextItem | DateTimeItem {
  return typeof value === 'object' && 'type' in value;
}
