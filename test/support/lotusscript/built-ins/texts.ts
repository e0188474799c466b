import { mismatch, textOf } from '../conversion.js';
import { textArray, valuesOf } from '../native.js';
import { type Comparison, orderOfTexts } from '../operators.js';
import { ERROR, ScriptError } from '../script-error.js';
import { int, long, str, type Value } from '../values.js';
import { type BuiltInTable, builtIn, comparisonAt, numberAt, textAt } from './definition.js';

/** String functions. Positions count from 1. */
export const TEXT_FUNCTIONS: BuiltInTable = {
  len: builtIn(1, 1, (args) => long(textAt(args, 0).length)),
  left: builtIn(2, 2, (args) => str(textAt(args, 0).slice(0, count(args, 1)))),
  right: builtIn(2, 2, (args) => {
    const [text, length] = [textAt(args, 0), count(args, 1)];
    return str(length === 0 ? '' : text.slice(-length));
  }),
  mid: builtIn(2, 3, (args) => {
    const start = numberAt(args, 1);
    if (start < 1) throw new ScriptError(ERROR.illegalFunctionCall);
    return str(textAt(args, 0).slice(start - 1, args[2] ? start - 1 + count(args, 2) : undefined));
  }),
  ucase: builtIn(1, 1, (args) => str(textAt(args, 0).toUpperCase())),
  lcase: builtIn(1, 1, (args) => str(textAt(args, 0).toLowerCase())),
  trim: builtIn(1, 1, (args) => str(textAt(args, 0).replace(/^ +| +$/g, ''))),
  ltrim: builtIn(1, 1, (args) => str(textAt(args, 0).replace(/^ +/, ''))),
  rtrim: builtIn(1, 1, (args) => str(textAt(args, 0).replace(/ +$/, ''))),
  fulltrim: builtIn(1, 1, ([source]) => {
    if (source?.kind !== 'array') return str(fullTrimmed(textOf(source ?? mismatch())));
    return textArray(source.array.elements.map((value) => fullTrimmed(textOf(value))).filter((text) => text !== ''));
  }),
  instr: builtIn(2, 4, (args, context) => {
    const hasStart = args.length > 2;
    const [start, at] = hasStart ? [numberAt(args, 0), 1] : [1, 0];
    if (start < 1) throw new ScriptError(ERROR.illegalFunctionCall);
    const comparison = comparisonAt(args, 3, context);
    return long(position(textAt(args, at), textAt(args, at + 1), start - 1, comparison) + 1);
  }),
  replace: builtIn(3, 6, (args, context) => {
    const [source, from, to] = args;
    const start = Math.max(1, numberAt(args, 3, 1)) - 1;
    const most = args[4] ? numberAt(args, 4) : -1;
    const comparison = comparisonAt(args, 5, context);
    const change = (text: string): string =>
      text.slice(0, start) +
      replaced(text.slice(start), valuesOf(from).map(textOf), valuesOf(to).map(textOf), most, comparison);
    return source?.kind === 'array'
      ? textArray(valuesOf(source).map(textOf).map(change))
      : str(change(textAt(args, 0)));
  }),
  split: builtIn(1, 4, (args, context) => {
    const delimiter = args[1] ? textAt(args, 1) : ' ';
    const most = args[2] ? numberAt(args, 2) : -1;
    return textArray(parts(textAt(args, 0), delimiter, most, comparisonAt(args, 3, context)));
  }),
  join: builtIn(1, 2, (args) => {
    const [source] = args;
    if (source?.kind !== 'array') return mismatch();
    return str(source.array.elements.map(textOf).join(args[1] ? textAt(args, 1) : ' '));
  }),
  strleft: builtIn(2, 4, (args, context) => cut(args, context.comparison, (text, at) => text.slice(0, at), 'first')),
  strright: builtIn(2, 4, (args, context) =>
    cut(args, context.comparison, (text, at, size) => text.slice(at + size), 'first'),
  ),
  strleftback: builtIn(2, 4, (args, context) => cut(args, context.comparison, (text, at) => text.slice(0, at), 'last')),
  strrightback: builtIn(2, 4, (args, context) =>
    cut(args, context.comparison, (text, at, size) => text.slice(at + size), 'last'),
  ),
  strtoken: builtIn(3, 4, (args, context) => {
    const list = parts(textAt(args, 0), textAt(args, 1), -1, comparisonAt(args, 3, context));
    const word = numberAt(args, 2);
    return str((word < 0 ? list.at(word) : list[word - 1]) ?? '');
  }),
  strcompare: builtIn(2, 3, (args, context) =>
    int(orderOfTexts(textAt(args, 0), textAt(args, 1), comparisonAt(args, 2, context))),
  ),
  strconv: builtIn(2, 2, (args) => {
    const text = textAt(args, 0);
    const kind = numberAt(args, 1);
    if (kind === 1) return str(text.toUpperCase());
    if (kind === 2) return str(text.toLowerCase());
    if (kind !== 3) throw new ScriptError(ERROR.illegalFunctionCall);
    return str(text.toLowerCase().replace(/(^|\s)\S/g, (first) => first.toUpperCase()));
  }),
  string: builtIn(2, 2, (args) =>
    str(
      (args[1]?.kind === 'string' ? textAt(args, 1).slice(0, 1) : String.fromCharCode(numberAt(args, 1))).repeat(
        count(args, 0),
      ),
    ),
  ),
  space: builtIn(1, 1, (args) => str(' '.repeat(count(args, 0)))),
  chr: builtIn(1, 1, (args) => str(String.fromCharCode(numberAt(args, 0)))),
  uchr: builtIn(1, 1, (args) => str(String.fromCharCode(numberAt(args, 0)))),
  asc: builtIn(1, 1, (args) => code(textAt(args, 0))),
  uni: builtIn(1, 1, (args) => code(textAt(args, 0))),
};

function code(text: string): Value {
  if (text === '') throw new ScriptError(ERROR.illegalFunctionCall);
  return long(text.charCodeAt(0));
}

function count(args: readonly Value[], index: number): number {
  const value = numberAt(args, index);
  if (value < 0) throw new ScriptError(ERROR.illegalFunctionCall);
  return Math.round(value);
}

function fullTrimmed(text: string): string {
  return text.replace(/ +/g, ' ').replace(/^ | $/g, '');
}

/** Index from 0; -1 when it is not there. */
function position(text: string, part: string, from: number, comparison: Comparison): number {
  if (from > text.length) return -1;
  return comparison === 'nocase' ? text.toLowerCase().indexOf(part.toLowerCase(), from) : text.indexOf(part, from);
}

function parts(text: string, delimiter: string, most: number, comparison: Comparison): string[] {
  if (delimiter === '') return [text];
  const found: string[] = [];
  let start = 0;
  while (most < 0 || found.length < most - 1) {
    const at = position(text, delimiter, start, comparison);
    if (at < 0) break;
    found.push(text.slice(start, at));
    start = at + delimiter.length;
  }
  return [...found, text.slice(start)];
}

/** Each word in turn, in what the ones before it have made. */
function replaced(
  text: string,
  from: readonly string[],
  to: readonly string[],
  most: number,
  comparison: Comparison,
): string {
  return from.reduce((changed, word, index) => {
    const limit = most < 0 ? -1 : most + 1;
    return word === ''
      ? changed
      : parts(changed, word, limit, comparison).join(to[Math.min(index, to.length - 1)] ?? '');
  }, text);
}

/** Empty when the part is not there. A fourth argument asks for the n-th occurrence. */
function cut(
  args: readonly Value[],
  module: Comparison,
  take: (text: string, at: number, size: number) => string,
  which: 'first' | 'last',
): Value {
  const [text, part] = [textAt(args, 0), textAt(args, 1)];
  const comparison = args[2] ? ((numberAt(args, 2) & 1) === 1 ? 'nocase' : 'case') : module;
  const wanted = numberAt(args, 3, 1);
  if (part === '') return str('');
  const found: number[] = [];
  for (let at = position(text, part, 0, comparison); at >= 0; at = position(text, part, at + 1, comparison))
    found.push(at);
  const at = which === 'first' ? found[wanted - 1] : found.at(-wanted);
  return str(at === undefined ? '' : take(text, at, part.length));
}
