import type { Items, ItemValue } from '../../item-value.js';
import { type ItemKind, itemKind } from './item-kinds.js';

export type JsonItems = Readonly<Record<string, string | number | null | readonly string[] | readonly number[]>>;

/**
 * Items as the API takes them. An empty name or moment becomes `null`, which removes the item: an empty string would not
 * be one of its format. A new document leaves it out.
 */
export function jsonOf(items: Items, purpose: 'create' | 'change'): JsonItems {
  const form = typeof items['Form'] === 'string' ? items['Form'] : undefined;
  const json: Record<string, JsonItems[string]> = {};
  for (const [name, value] of Object.entries(items)) {
    const one = jsonValue(value, itemKind(name, form));
    if (one !== null || purpose === 'change') json[name] = one;
  }
  return json;
}

/**
 * The items asked for, in the shapes of domino-db: a list of one is a single value. Names of fields are compared without
 * regard to case, since answers may spell them as the form does.
 */
export function itemsOf(json: Readonly<Record<string, unknown>>, itemNames: readonly string[]): Items {
  const byName = new Map(Object.keys(json).map((name) => [name.toLowerCase(), name]));
  const form = json[byName.get('form') ?? ''];
  const items: Record<string, ItemValue> = {};
  for (const name of itemNames) {
    const field = byName.get(name.toLowerCase());
    const kind = itemKind(name, typeof form === 'string' ? form : undefined);
    const value = field === undefined ? undefined : itemValue(json[field], kind);
    if (value !== undefined) items[name] = value;
  }
  return items;
}

function jsonValue(value: ItemValue, kind: ItemKind): JsonItems[string] {
  const data = typeof value === 'object' && 'data' in value ? value.data : value;
  const isSpecial = kind === 'moment' || kind === 'name' || (typeof value === 'object' && 'data' in value);
  if (kind === 'names' || kind === 'texts') {
    const list = (Array.isArray(data) ? data : [data]).filter((one) => one !== '');
    return list.length === 0 ? null : list;
  }
  const one = Array.isArray(data) && data.length === 1 ? data[0] : data;
  const isEmpty = one === '' || (Array.isArray(one) && one.length === 0);
  return isEmpty ? (isSpecial ? null : '') : (one as JsonItems[string]);
}

function itemValue(json: unknown, kind: ItemKind): ItemValue | undefined {
  const list: readonly unknown[] = Array.isArray(json) ? json : [json];
  if (list.length === 0) return undefined;
  if (list.every((one) => typeof one === 'number')) return list.length === 1 ? list[0] : list;
  // A flag that somebody configured as boolean reads as the text that it is stored as.
  const texts = list.map((one) => (one === true ? '1' : one === false ? '' : one));
  if (!texts.every((one) => typeof one === 'string')) return undefined;
  if (kind === 'moment') {
    const moments = texts.filter((one) => one !== '').map(moment);
    if (moments.length === 0 || !moments.every((one) => one !== undefined)) return undefined;
    return { type: 'datetime', data: single(moments) };
  }
  const data = single(texts);
  return kind === 'name' || kind === 'names' ? { type: 'text', data, names: true } : data;
}

function single(list: readonly string[]): string | readonly string[] {
  return list.length === 1 ? (list[0] ?? '') : list;
}

/** In UTC, with hundredths only where there are any. */
function moment(text: string): string | undefined {
  const time = Date.parse(text);
  if (Number.isNaN(time)) return undefined;
  return new Date(time).toISOString().replace(/(?:\.000|(\.\d\d)\d)Z$/, '$1Z');
}
