import { applyOperator } from '../operators.js';
import {
  EMPTY,
  type ErrorValue,
  error,
  number,
  numbersOf,
  text,
  textsOf,
  truth,
  type Value,
  WRONG_TYPE,
  withList,
} from '../values.js';
import { ANY_NUMBER, type FunctionTable, LONGEST_TEXT, TOO_LONG } from './definition.js';

/** Functions on lists. `@Member` and its kin heed case. */
export const LIST_FUNCTIONS: FunctionTable = {
  '@select': { least: 2, most: ANY_NUMBER, apply: ([which, ...values]) => select(which, values) },
  '@member': { least: 2, most: 2, apply: ([value, list]) => member(value, list) },
  '@ismember': { least: 2, most: 2, apply: ([value, list]) => isMember(value, list, (all) => all) },
  '@isnotmember': { least: 2, most: 2, apply: ([value, list]) => isMember(value, list, (all) => !all) },
  '@elements': { least: 1, most: 1, apply: ([value]) => number(isEmpty(value) ? 0 : entriesOf(value).length) },
  '@count': { least: 1, most: 1, apply: ([value]) => number(Math.max(1, entriesOf(value).length)) },
  '@sort': { least: 1, most: 2, apply: ([list, order]) => sort(list, order) },
  '@compare': { least: 2, most: 3, apply: ([left, right, order]) => compare(left, right, order) },
  '@subset': { least: 2, most: 2, apply: ([list, count]) => subset(list, count) },
  '@unique': { least: 1, most: 1, apply: ([list]) => unique(list) },
  '@implode': { least: 1, most: 2, apply: ([list, separator]) => implode(list, separator) },
  '@explode': { least: 1, most: 2, apply: ([value, separators]) => explode(value, separators) },
  '@replace': { least: 3, most: 3, apply: ([list, from, to]) => replace(list, from, to) },
  '@list': { least: 1, most: ANY_NUMBER, apply: ([first, ...rest]) => join(first, rest) },
};

function entriesOf(value: Value | undefined): readonly (string | number)[] {
  return value === undefined || value.type === 'error' ? [] : value.list;
}

function isEmpty(value: Value | undefined): boolean {
  return value?.type === 'text' && value.list.every((entry) => entry === '') && value.list.length <= 1;
}

/** The value at a position; the last one beyond the end. Position 0 is undefined in the documentation: an error here. */
function select(which: Value | undefined, values: readonly Value[]): Value {
  const index = numbersOf(which)?.[0];
  if (index === undefined) return error(WRONG_TYPE);
  if (index < 1) return error('@Select counts from 1');
  return values[Math.min(Math.floor(index), values.length) - 1] ?? EMPTY;
}

function member(value: Value | undefined, list: Value | undefined): Value {
  if (value?.type !== list?.type) return error(WRONG_TYPE);
  const [wanted] = entriesOf(value);
  return number(wanted === undefined ? 0 : entriesOf(list).indexOf(wanted) + 1);
}

/** With a list as first argument, all its entries must be there. */
function isMember(value: Value | undefined, list: Value | undefined, wanted: (all: boolean) => boolean): Value {
  if (value?.type !== list?.type) return error(WRONG_TYPE);
  const entries = new Set(entriesOf(list));
  return truth(wanted(entriesOf(value).every((entry) => entries.has(entry))));
}

/** The first entries, or with a negative number the last ones. */
function subset(list: Value | undefined, count: Value | undefined): Value {
  const wanted = numbersOf(count)?.[0];
  if (!list || list.type === 'error' || wanted === undefined) return error(WRONG_TYPE);
  if (wanted === 0) return error('The second argument of @Subset must not be 0');
  return withList(list, wanted > 0 ? list.list.slice(0, wanted) : list.list.slice(wanted));
}

function unique(list: Value | undefined): Value {
  return !list || list.type === 'error' ? error(WRONG_TYPE) : withList(list, [...new Set<string | number>(list.list)]);
}

function implode(list: Value | undefined, separator: Value | undefined): Value {
  const entries = textsOf(list);
  const between = separator === undefined ? ' ' : textsOf(separator)?.[0];
  if (!entries || between === undefined) return error(WRONG_TYPE);
  const length = entries.reduce((sum, entry) => sum + entry.length + between.length, 0);
  return length > LONGEST_TEXT ? error(TOO_LONG) : text(entries.join(between));
}

/** Each character of the second argument separates; without one, blank, comma and semicolon do. */
function explode(value: Value | undefined, separators: Value | undefined): Value {
  const entries = textsOf(value);
  const marks = separators === undefined ? ' ,;' : textsOf(separators)?.[0];
  if (!entries || marks === undefined) return error(WRONG_TYPE);
  const parts = entries.flatMap((entry) => {
    const found: string[] = [];
    let current = '';
    for (const char of entry) {
      if (!marks.includes(char)) {
        current += char;
        continue;
      }
      if (current !== '') found.push(current);
      current = '';
    }
    return current === '' ? found : [...found, current];
  });
  return parts.length === 0 ? EMPTY : text(...parts);
}

function replace(list: Value | undefined, from: Value | undefined, to: Value | undefined): Value {
  const [entries, searched, replacements] = [textsOf(list), textsOf(from), textsOf(to)];
  if (!entries || !searched || !replacements) return error(WRONG_TYPE);
  const change = (entry: string): string => {
    const index = searched.indexOf(entry);
    return index < 0 ? entry : (replacements[index] ?? '');
  };
  return text(...entries.map(change));
}

function join(first: Value | undefined, rest: readonly Value[]): Value {
  const start: Value | ErrorValue = first ?? EMPTY;
  return rest.reduce((left, right) => applyOperator(':', left, right, 'exact'), start);
}

/** Order of texts: without regard to case first, as Notes sorts; what then is equal stands small before large. */
function textOrder(order: Value | undefined): ((left: string, right: string) => number) | undefined {
  const words = order === undefined ? [] : order.type === 'keyword' ? order.list : undefined;
  if (!words) return undefined;
  const has = (word: string, opposite: string): boolean => words.lastIndexOf(word) > words.lastIndexOf(opposite);
  const [noCase, noAccent] = [has('CASEINSENSITIVE', 'CASESENSITIVE'), has('ACCENTINSENSITIVE', 'ACCENTSENSITIVE')];
  const sensitivity = noCase ? (noAccent ? 'base' : 'accent') : noAccent ? 'case' : 'variant';
  // One locale for all machines, so that tests and previews agree.
  const collator = new Intl.Collator('en', { sensitivity, caseFirst: 'lower' });
  const sign = has('DESCENDING', 'ASCENDING') ? -1 : 1;
  return (left, right) => sign * collator.compare(left, right);
}

function sort(list: Value | undefined, order: Value | undefined): Value {
  const compareTexts = textOrder(order);
  if (!list || list.type === 'error' || !compareTexts) return error(WRONG_TYPE);
  const sign = compareTexts('a', 'b') > 0 ? -1 : 1;
  return withList(
    list,
    [...list.list].sort((left: string | number, right: string | number) =>
      typeof left === 'string' ? compareTexts(left, String(right)) : sign * (left - Number(right)),
    ),
  );
}

/** For each pair of entries -1, 0 or 1; the last entry of the shorter list is repeated. */
function compare(left: Value | undefined, right: Value | undefined, order: Value | undefined): Value {
  const [first, second, compareTexts] = [textsOf(left), textsOf(right), textOrder(order)];
  if (!first || !second || !compareTexts) return error(WRONG_TYPE);
  const length = Math.max(first.length, second.length);
  const pairs = Array.from({ length }, (_, index) =>
    Math.sign(compareTexts(first[index] ?? first.at(-1) ?? '', second[index] ?? second.at(-1) ?? '')),
  );
  return number(...pairs);
}
