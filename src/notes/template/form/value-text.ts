import type { FieldDesign } from '../design/field-design.js';
import { formatNumber } from '../design/number-format.js';
import type { FormulaContext } from '../formula/context.js';
import { contextOf } from '../formula/context.js';
import { functionOf } from '../formula/functions/table.js';
import { formatTime, TIME_STYLES, type TimeParts } from '../formula/time-text.js';
import { type ErrorValue, text, type Value } from '../formula/values.js';

/** How people read: times by the style of the formulas, numbers by the language. */
export interface Reader {
  readonly formulas?: Partial<Omit<FormulaContext, 'field'>>;
  readonly language?: string;
}

/** Entries of one value that are shown; more would only make a screen slow. */
const MOST_ENTRIES = 1000;
/** Characters that are shown of one value. */
const LONGEST_TEXT = 65_536;

const ALL_OF_A_MOMENT: TimeParts = { date: 'full', time: 'seconds' };

/** What Notes shows where a formula fails. */
export function errorText({ reason }: ErrorValue): string {
  return `ERROR: ${boundedText(reason)}`;
}

/** A text cut to what can be shown, with a sign that it was. */
export function boundedText(shown: string): string {
  return shown.length > LONGEST_TEXT ? `${shown.slice(0, LONGEST_TEXT)}…` : shown;
}

/** False when a value has more than is shown of it. */
export function isShownWhole(value: Value): boolean {
  if (value.type === 'error' || value.list.length > MOST_ENTRIES) return value.type === 'error';
  return value.list.reduce((length: number, entry) => length + String(entry).length, 0) <= LONGEST_TEXT;
}

/** The entries of a value outside any field. */
export function plainTexts(value: Exclude<Value, ErrorValue>, reader: Reader): string[] {
  return textsWith(value, reader, ALL_OF_A_MOMENT, (entry) => String(entry));
}

/** The entries of a field's value as the field shows them. */
export function fieldTexts(value: Exclude<Value, ErrorValue>, field: FieldDesign, reader: Reader): string[] {
  const shown = ['names', 'authors', 'readers'].includes(field.type) ? abbreviated(value) : value;
  const language = reader.language ?? 'en';
  return textsWith(shown, reader, field.timeParts, (entry) => formatNumber(entry, field.numberFormat, language));
}

function textsWith(
  value: Exclude<Value, ErrorValue>,
  { formulas }: Reader,
  parts: TimeParts,
  numberText: (entry: number) => string,
): string[] {
  const style = formulas?.timeStyle ?? TIME_STYLES.en;
  const list: readonly (string | number)[] = value.list.slice(0, MOST_ENTRIES);
  const texts = list.map((entry) => {
    if (typeof entry === 'string') return boundedText(entry);
    return value.type === 'time' ? formatTime(entry, style, parts) : numberText(entry);
  });
  return value.list.length > MOST_ENTRIES ? [...texts, '…'] : texts;
}

/** Fields for names keep them canonical and show them abbreviated. */
function abbreviated(value: Exclude<Value, ErrorValue>): Exclude<Value, ErrorValue> {
  if (value.type !== 'text') return value;
  const keyword: Value = { type: 'keyword', list: ['ABBREVIATE'] };
  const names = text(...value.list.slice(0, MOST_ENTRIES + 1));
  const short = functionOf('@name')?.apply([keyword, names], contextOf(new Map()));
  return short?.type === 'text' ? short : value;
}
