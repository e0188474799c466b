import { error, number, numbersOf, text, textsOf, truth, type Value, WRONG_TYPE } from '../values.js';
import { ANY_NUMBER, type FunctionDefinition, type FunctionTable, LONGEST_TEXT, TOO_LONG } from './definition.js';

/** Functions on texts. Those on one text work on every entry of a list. */
export const TEXT_FUNCTIONS: FunctionTable = {
  '@lowercase': onEach((entry) => entry.toLowerCase()),
  '@uppercase': onEach((entry) => entry.toUpperCase()),
  '@propercase': onEach((entry) =>
    entry.toLowerCase().replace(/(^|[^\p{L}\p{N}'])(\p{L})/gu, (word) => word.toUpperCase()),
  ),
  '@trim': { least: 1, most: 1, apply: ([value]) => trim(value) },
  '@length': { least: 1, most: 1, apply: ([value]) => measure(value) },
  '@newline': { least: 0, most: 0, apply: () => text('\n') },
  '@left': onPlace({ count: (entry, count) => entry.slice(0, Math.max(0, count)), mark: before('first') }),
  '@right': onPlace({
    count: (entry, count) => (count <= 0 ? '' : entry.slice(-count)),
    mark: after('first'),
  }),
  '@leftback': onPlace({
    count: (entry, count) => entry.slice(0, Math.max(0, entry.length - count)),
    mark: before('last'),
  }),
  '@rightback': onPlace({ count: (entry, count) => entry.slice(Math.max(0, count)), mark: after('last') }),
  '@middle': { least: 3, most: 3, apply: ([value, start, count]) => middle(value, start, count) },
  '@repeat': { least: 2, most: 2, apply: ([value, times]) => repeat(value, times) },
  '@contains': onPair((entry, part) => entry.includes(part)),
  '@begins': onPair((entry, part) => entry.startsWith(part)),
  '@ends': onPair((entry, part) => entry.endsWith(part)),
  '@replacesubstring': { least: 3, most: 3, apply: ([value, from, to]) => replaceSubstring(value, from, to) },
};

function onEach(change: (entry: string) => string): FunctionDefinition {
  return {
    least: 1,
    most: 1,
    apply: ([value]) => {
      const list = textsOf(value);
      return list ? text(...list.map(change)) : error(WRONG_TYPE);
    },
  };
}

/** True when the test holds for any entry with any of the searched texts. Heeds case. */
function onPair(test: (entry: string, part: string) => boolean): FunctionDefinition {
  return {
    least: 2,
    most: ANY_NUMBER,
    apply: ([value, ...searched]) => {
      const list = textsOf(value);
      const parts = searched.map(textsOf);
      if (!list || parts.includes(undefined)) return error(WRONG_TYPE);
      return truth(list.some((entry) => parts.some((some) => some?.some((part) => test(entry, part)))));
    },
  };
}

/** Functions that cut at a number of characters or at a text. */
function onPlace(cut: {
  count: (entry: string, count: number) => string;
  mark: (entry: string, mark: string) => string;
}): FunctionDefinition {
  return {
    least: 2,
    most: 2,
    apply: ([value, place]) => {
      const list = textsOf(value);
      const count = numbersOf(place)?.[0];
      const mark = textsOf(place)?.[0];
      if (!list) return error(WRONG_TYPE);
      if (count !== undefined) return text(...list.map((entry) => cut.count(entry, count)));
      return mark === undefined ? error(WRONG_TYPE) : text(...list.map((entry) => cut.mark(entry, mark)));
    },
  };
}

function before(which: 'first' | 'last'): (entry: string, mark: string) => string {
  return (entry, mark) => {
    const index = which === 'first' ? entry.indexOf(mark) : entry.lastIndexOf(mark);
    return index < 0 || mark === '' ? '' : entry.slice(0, index);
  };
}

function after(which: 'first' | 'last'): (entry: string, mark: string) => string {
  return (entry, mark) => {
    const index = which === 'first' ? entry.indexOf(mark) : entry.lastIndexOf(mark);
    return index < 0 || mark === '' ? '' : entry.slice(index + mark.length);
  };
}

/** Blanks at both ends go, those between words become one, and empty entries leave the list. */
function trim(value: Value | undefined): Value {
  const list = textsOf(value);
  if (!list) return error(WRONG_TYPE);
  const trimmed = list.map((entry) => entry.trim().replace(/ {2,}/g, ' ')).filter((entry) => entry !== '');
  return trimmed.length === 0 ? text('') : text(...trimmed);
}

function measure(value: Value | undefined): Value {
  const list = textsOf(value);
  return list ? number(...list.map((entry) => entry.length)) : error(WRONG_TYPE);
}

function middle(value: Value | undefined, start: Value | undefined, count: Value | undefined): Value {
  const list = textsOf(value);
  const [from, length] = [numbersOf(start)?.[0], numbersOf(count)?.[0]];
  if (!list || from === undefined || length === undefined) return error(WRONG_TYPE);
  return text(...list.map((entry) => entry.slice(Math.max(0, from), Math.max(0, from) + Math.max(0, length))));
}

function repeat(value: Value | undefined, times: Value | undefined): Value {
  const list = textsOf(value);
  const count = numbersOf(times)?.[0];
  if (!list || count === undefined || !(count >= 0)) return error(WRONG_TYPE);
  if (count > LONGEST_TEXT || list.some((entry) => entry.length * count > LONGEST_TEXT)) return error(TOO_LONG);
  return text(...list.map((entry) => entry.repeat(Math.floor(count))));
}

function replaceSubstring(value: Value | undefined, from: Value | undefined, to: Value | undefined): Value {
  const [list, searched, replacements] = [textsOf(value), textsOf(from), textsOf(to)];
  if (!list || !searched || !replacements) return error(WRONG_TYPE);
  const result: string[] = [];
  for (const entry of list) {
    let changed = entry;
    for (const [index, part] of searched.entries()) {
      if (part === '') continue;
      const pieces = changed.split(part);
      const replacement = replacements[index] ?? replacements.at(-1) ?? '';
      if (changed.length + pieces.length * replacement.length > 2 * LONGEST_TEXT) return error(TOO_LONG);
      changed = pieces.join(replacement);
    }
    result.push(changed);
  }
  return text(...result);
}
