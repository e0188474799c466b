import { badRequest } from './domino-db-error.js';

/** A stored value, in the form in which it is read back: a list of one reads as a single value. */
export type StoredValue = string | number | readonly string[] | readonly number[] | FlaggedValue;

/** A value that has no shorthand: a moment, or text or numbers with flags. */
export interface FlaggedValue {
  readonly type: 'text' | 'number' | 'datetime';
  readonly data: string | number | readonly string[] | readonly number[];
  readonly names?: true;
  readonly readers?: true;
  readonly authors?: true;
  readonly nonsummary?: true;
}

/** By item name in lower case: names compare without regard to case. */
export type StoredItems = Readonly<Record<string, StoredValue>>;

/** Immutable; an edit makes a new one. Times in milliseconds since 1970, hundredths of a second. */
export interface StoredDocument {
  readonly unid: string;
  readonly created: number;
  readonly modified: number;
  readonly items: StoredItems;
}

const ITEM_NAME = /^[A-Za-z_$][A-Za-z0-9_$.]{0,254}$/;
const FLAGS = ['names', 'readers', 'authors', 'nonsummary'] as const;

/**
 * Items as a caller sends them, checked. Names that begin with `@` are ignored, so that a document that was read can be
 * sent back. Throws `ERR_BAD_REQUEST` for values that Domino cannot hold.
 */
export function storedItems(input: unknown): StoredItems {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw badRequest('a document must be an object');
  const items: Record<string, StoredValue> = {};
  for (const [name, value] of Object.entries(input)) {
    if (name.startsWith('@')) continue;
    if (!ITEM_NAME.test(name) || name === '__proto__') throw badRequest(`"${name}" is not an item name`);
    items[name.toLowerCase()] = storedValue(name, value);
  }
  return items;
}

function storedValue(name: string, value: unknown): StoredValue {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return flaggedValue(name, value as Readonly<Record<string, unknown>>);
  }
  return plainData(name, value, typeof (Array.isArray(value) ? value[0] : value) === 'number' ? 'number' : 'text');
}

function flaggedValue(name: string, value: Readonly<Record<string, unknown>>): StoredValue {
  const type = value['type'];
  if (type !== 'text' && type !== 'number' && type !== 'datetime') throw unknownType(name);
  const data = plainData(name, value['data'], type);
  const flags = Object.fromEntries(FLAGS.filter((flag) => value[flag] === true).map((flag) => [flag, true]));
  if (type !== 'datetime' && Object.keys(flags).length === 0) return data;
  return { type, data, ...flags };
}

function plainData(
  name: string,
  data: unknown,
  type: FlaggedValue['type'],
): string | number | readonly string[] | readonly number[] {
  const values: readonly unknown[] = Array.isArray(data) ? data : [data];
  if (values.length === 0 || !values.every((value) => isOfType(value, type))) throw unknownType(name);
  const [first] = values;
  if (values.length === 1) return first as string | number;
  return Object.freeze([...values]) as readonly string[] | readonly number[];
}

function isOfType(value: unknown, type: FlaggedValue['type']): boolean {
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value);
  return typeof value === 'string' && (type === 'text' || isMoment(value));
}

/** A date alone, or an instant in UTC with at most hundredths of a second, that the calendar knows. */
function isMoment(text: string): boolean {
  const parts = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}:\d{2}(\.\d{1,2})?Z)?$/.exec(text);
  const time = parts === null ? Number.NaN : Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === parts?.[1];
}

function unknownType(name: string): Error {
  return badRequest(`Unknown item type. Item name: ${name}`);
}

/** Bytes of UTF-8 that the items take in a document's summary, roughly as Domino counts them. */
export function summaryBytes(items: StoredItems): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(items)) {
    if (isFlagged(value) && value.nonsummary) continue;
    bytes += name.length;
    for (const one of valuesOf(value)) bytes += typeof one === 'string' ? Buffer.byteLength(one) : 8;
  }
  return bytes;
}

export function isFlagged(value: StoredValue): value is FlaggedValue {
  return typeof value === 'object' && !Array.isArray(value);
}

/** The single values of an item. */
export function valuesOf(value: StoredValue): readonly (string | number)[] {
  const data = isFlagged(value) ? value.data : value;
  return typeof data === 'object' ? data : [data];
}

export function typeOf(value: StoredValue): FlaggedValue['type'] {
  if (isFlagged(value)) return value.type;
  return typeof valuesOf(value)[0] === 'number' ? 'number' : 'text';
}
