import { FormulaFault } from './fault.js';
import type { Position } from './syntax.js';

export type TokenKind = 'text' | 'number' | 'keyword' | 'name' | 'function' | 'sign' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** The value of a text, the digits of a number, otherwise as written. */
  readonly text: string;
  readonly at: Position;
}

const BLANK = /\s+/y;
const NAME = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const FUNCTION = /@[A-Za-z][A-Za-z0-9]*/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const KEYWORD = /\[\s*([A-Za-z][A-Za-z0-9]*)\s*\]/y;
/** Longer signs first. The permuted operators (`*=`, `*+` ...) are known so that they can be refused by name. */
const SIGN = /:=|\*\*|\*\/|\*<=|\*>=|\*<>|\*[+=<>-]|<>|><|!=|=!|<=|>=|[;:()[\]+\-*/=<>!&|]/y;

/** Other spellings of one operator. */
const SPELLINGS: Readonly<Record<string, string>> = { '!=': '<>', '=!': '<>', '><': '<>' };

/** Splits a formula into tokens; the last one is `end`. Remarks stay in: they are statements. Throws `FormulaFault`. */
export function tokenize(source: string): Token[] {
  const positionAt = positions(source);
  const tokens: Token[] = [];
  let offset = 0;

  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = offset;
    return pattern.exec(source);
  };
  const add = (kind: TokenKind, text: string, end: number): void => {
    tokens.push({ kind, text, at: positionAt(offset) });
    offset = end;
  };

  while (offset < source.length) {
    const blank = match(BLANK);
    if (blank) {
      offset += blank[0].length;
      continue;
    }
    const char = source[offset];
    if (char === '"') {
      const { value, end } = quoted(source, offset, positionAt(offset));
      add('text', value, end);
      continue;
    }
    if (char === '{') {
      const end = source.indexOf('}', offset);
      if (end < 0) throw new FormulaFault('the text that begins with "{" has no end', positionAt(offset));
      add('text', source.slice(offset + 1, end), end + 1);
      continue;
    }
    const keyword = match(KEYWORD);
    if (keyword && !isSubscript(tokens)) {
      add('keyword', (keyword[1] ?? '').toUpperCase(), offset + keyword[0].length);
      continue;
    }
    if (/\[\s*\d/y.test(source.slice(offset, offset + 20)) && !isSubscript(tokens)) {
      throw new FormulaFault('a date in brackets reads differently on every machine; use @Date', positionAt(offset));
    }
    const number = match(NUMBER);
    const func = match(FUNCTION);
    const name = match(NAME);
    const sign = match(SIGN);
    if (number) add('number', number[0], offset + number[0].length);
    else if (func) add('function', func[0], offset + func[0].length);
    else if (name) add('name', name[0], offset + name[0].length);
    else if (sign && /^\*./.test(sign[0])) {
      throw new FormulaFault(`the permuted operator "${sign[0]}" is not supported`, positionAt(offset));
    } else if (sign) add('sign', SPELLINGS[sign[0]] ?? sign[0], offset + sign[0].length);
    else throw new FormulaFault(`"${char}" does not belong into a formula`, positionAt(offset));
  }
  tokens.push({ kind: 'end', text: 'the end', at: positionAt(source.length) });
  return tokens;
}

/** After a value, a square bracket is a list subscript and not a keyword or a date. */
function isSubscript(tokens: readonly Token[]): boolean {
  const last = tokens.at(-1);
  if (last === undefined) return false;
  return last.kind === 'name' || last.kind === 'function' || (last.kind === 'sign' && /^[)\]]$/.test(last.text));
}

function quoted(source: string, start: number, at: Position): { value: string; end: number } {
  let value = '';
  for (let index = start + 1; index < source.length; index += 1) {
    const char = source[index];
    if (char === '"') return { value, end: index + 1 };
    // A backslash takes away the meaning of the next character, whatever it is.
    if (char === '\\') index += 1;
    value += source[index] ?? '';
  }
  throw new FormulaFault('the text that begins with a quotation mark has no end', at);
}

/** Position of an offset; offsets must be asked in ascending order. */
function positions(source: string): (offset: number) => Position {
  let line = 1;
  let lineStart = 0;
  let next = source.indexOf('\n');
  return (offset) => {
    while (next >= 0 && next < offset) {
      line += 1;
      lineStart = next + 1;
      next = source.indexOf('\n', lineStart);
    }
    return { line, column: offset - lineStart + 1 };
  };
}
