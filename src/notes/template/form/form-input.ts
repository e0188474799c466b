import type { FieldDesign, ListSeparator } from '../design/field-design.js';
import { contextOf } from '../formula/context.js';
import { functionOf } from '../formula/functions/table.js';
import { parseTime, TIME_STYLES } from '../formula/time-text.js';
import { EMPTY, number, text, textsOf, time, type Value } from '../formula/values.js';
import type { Reader } from './value-text.js';

/** What a user typed or chose: one text for a field to type in, several for boxes and lists; by field in lower case. */
export type FormInput = ReadonlyMap<string, readonly string[]>;

export type InputOutcome =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: 'number' | 'time' | 'size'; readonly entry: string };

const MOST_ENTRIES = 10_000;
const LONGEST_ENTRY = 65_536;

const PATTERNS: Readonly<Record<ListSeparator, string>> = {
  space: ' ',
  comma: ',',
  semicolon: ';',
  newline: '\n',
  blankline: '\n\n',
  none: '',
};

/** Makes a field's value of what was entered, by the field's type and separators. */
export function readInput(field: FieldDesign, entered: readonly string[], reader: Reader): InputOutcome {
  const entries = entered.map((entry) => entry.replaceAll('\r\n', '\n')).flatMap((entry) => entriesOf(field, entry));
  const long = entries.find((entry) => entry.length > LONGEST_ENTRY);
  if (long !== undefined || entries.length > MOST_ENTRIES) {
    return { ok: false, reason: 'size', entry: (long ?? '').slice(0, 100) };
  }
  if (entries.length === 0) return { ok: true, value: EMPTY };
  if (field.type === 'number') return readAll(entries, 'number', number, (entry) => readNumber(entry, reader));
  if (field.type === 'datetime') {
    const style = reader.formulas?.timeStyle ?? TIME_STYLES.en;
    return readAll(entries, 'time', time, (entry) => parseTime(entry, style));
  }
  return { ok: true, value: text(...(NAME_TYPES.includes(field.type) ? canonical(entries) : entries)) };
}

/** Fields for names keep hierarchical ones canonical, however they were typed. */
const NAME_TYPES = ['names', 'authors', 'readers'];

function canonical(names: readonly string[]): readonly string[] {
  const keyword: Value = { type: 'keyword', list: ['CANONICALIZE'] };
  const canonicalised = (name: string): Value | undefined =>
    functionOf('@name')?.apply([keyword, text(name)], contextOf(new Map()));
  // Groups and flat names stay as they are.
  return names.flatMap((name) => (name.includes('/') ? (textsOf(canonicalised(name)) ?? name) : name));
}

function entriesOf(field: FieldDesign, entry: string): string[] {
  const isText = field.type !== 'number' && field.type !== 'datetime';
  if (!field.takesSeveral) return [isText ? entry : entry.trim()].filter((word) => word !== '');
  const parts = field.inputSeparators.map((separator) => PATTERNS[separator]).filter((pattern) => pattern !== '');
  const splits = parts.length > 0 ? entry.split(new RegExp(parts.join('|'))) : [entry];
  return splits.map((part) => part.trim()).filter((part) => part !== '');
}

function readAll(
  entries: readonly string[],
  reason: 'number' | 'time',
  make: (...list: readonly number[]) => Value,
  read: (entry: string) => number | undefined,
): InputOutcome {
  const list: number[] = [];
  for (const entry of entries) {
    const one = read(entry);
    if (one === undefined) return { ok: false, reason, entry: entry.slice(0, 100) };
    list.push(one);
  }
  return { ok: true, value: make(...list) };
}

function readNumber(entry: string, { language = 'en' }: Reader): number | undefined {
  const parts = new Intl.NumberFormat(language).formatToParts(12_345.6);
  const sign = (type: string, otherwise: string): string =>
    parts.find((part) => part.type === type)?.value ?? otherwise;
  const plain = entry.replaceAll(sign('group', ','), '').replace(sign('decimal', '.'), '.');
  return /^[-+]?\d{0,300}(?:\.\d{0,300})?(?:e[-+]?\d{1,3})?$/i.test(plain) &&
    /\d/.test(plain) &&
    Number.isFinite(Number(plain))
    ? Number(plain)
    : undefined;
}
