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
  '@char': { least: 1, most: 1, apply: ([code]) => char(code) },
  '@word': { least: 3, most: 3, apply: ([value, separator, which]) => word(value, separator, which) },
  '@matches': { least: 2, most: 2, apply: ([value, pattern]) => matches(value, pattern) },
  '@isnull': { least: 1, most: 1, apply: ([value]) => truth(textsOf(value)?.every((entry) => entry === '') ?? false) },
  '@urlencode': { least: 2, most: 2, apply: ([set, value]) => urlEncode(set, value) },
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

/** A character of the code page, 0 to 255. */
function char(code: Value | undefined): Value {
  const list = numbersOf(code);
  if (!list?.every((entry) => Number.isInteger(entry) && entry >= 0 && entry <= 255)) return error(WRONG_TYPE);
  return text(...list.map((entry) => String.fromCharCode(entry)));
}

/** The n-th piece between separators, from the end when the number is negative. */
function word(value: Value | undefined, separator: Value | undefined, which: Value | undefined): Value {
  const list = textsOf(value);
  const [between, position] = [textsOf(separator)?.[0], numbersOf(which)?.[0]];
  if (!list || between === undefined || position === undefined) return error(WRONG_TYPE);
  return text(...list.map((entry) => pieceOf(between === '' ? [entry] : entry.split(between), position)));
}

function pieceOf(pieces: readonly string[], position: number): string {
  return (position < 0 ? pieces.at(position) : pieces[Math.max(0, Math.trunc(position) - 1)]) ?? '';
}

/** Only the wildcards `?` and `*` and a backslash before either; more of them is refused rather than read wrongly. */
function matches(value: Value | undefined, pattern: Value | undefined): Value {
  const [list, patterns] = [textsOf(value), textsOf(pattern)];
  if (!list || !patterns) return error(WRONG_TYPE);
  if (patterns.some((entry) => /[+{}&|!=]/.test(entry))) return error('Only "?" and "*" are supported in @Matches');
  if (!isCheap(list, patterns)) return error(TOO_LONG);
  return truth(list.some((entry) => patterns.some((wildcards) => fits(entry, wildcards))));
}

/** Comparisons of one letter with one sign that a whole call may take. */
const MOST_COMPARISONS = 10_000_000;

function isCheap(list: readonly string[], patterns: readonly string[]): boolean {
  const lengthOf = (texts: readonly string[]): number => texts.reduce((sum, { length }) => sum + length + 1, 0);
  return lengthOf(list) * lengthOf(patterns) <= MOST_COMPARISONS;
}

/**
 * At most as many steps as the product of both lengths, whatever the pattern: what follows a `*` is tried one letter
 * further on, and only from the last `*`.
 */
function fits(entry: string, wildcards: string): boolean {
  const signs = [...wildcards.matchAll(/\\?./gsu)].map(([sign]) => sign);
  const letters = [...entry];
  let [letter, place, star, retry] = [0, 0, -1, 0];
  while (letter < letters.length) {
    const sign = signs[place];
    if (sign === '*') {
      star = place;
      retry = letter;
      place += 1;
    } else if (sign === '?' || sign === letters[letter] || sign === `\\${letters[letter]}`) {
      place += 1;
      letter += 1;
    } else if (star >= 0) {
      retry += 1;
      letter = retry;
      place = star + 1;
    } else return false;
  }
  return signs.slice(place).every((sign) => sign === '*');
}

/** Half a character, which no encoding has. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** For query strings; the character set is always UTF-8 in this template, so others are refused. */
function urlEncode(set: Value | undefined, value: Value | undefined): Value {
  const [name, list] = [textsOf(set)?.[0], textsOf(value)];
  if (name === undefined || !list) return error(WRONG_TYPE);
  if (!/^(utf-8|platform|domino)$/i.test(name)) return error(`"${name}" is not supported`);
  return text(...list.map((entry) => encodeURIComponent(entry.replace(LONE_SURROGATE, '\uFFFD'))));
}
