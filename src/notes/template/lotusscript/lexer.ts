import { ScriptFault } from './fault.js';
import { SCRIPT_LIMITS, type ScriptLimits } from './limits.js';
import { NUMBER, numberOf } from './numbers.js';
import type { Position, ScalarType, TypeSuffix } from './syntax.js';

export type Token =
  /** Keywords are names too. `key` is in lower case and without suffix. */
  | {
      readonly kind: 'name';
      readonly text: string;
      readonly key: string;
      readonly suffix: TypeSuffix | '';
      readonly at: Position;
    }
  | { readonly kind: 'number'; readonly value: number; readonly type: ScalarType; readonly at: Position }
  | { readonly kind: 'text'; readonly value: string; readonly at: Position }
  | { readonly kind: 'sign'; readonly text: string; readonly at: Position }
  /** The end of a line that is not continued. */
  | { readonly kind: 'line'; readonly at: Position }
  | { readonly kind: 'end'; readonly at: Position };

const BLANK = /[ \t\f\v\u00a0]+/y;
const LINE = /\r\n|\r|\n/y;
const NAME = /[\p{L}][\p{L}\p{M}\p{N}_]*/uy;
const SUFFIX = /[%&!#@$]/y;
const SIGN = /<=|=<|>=|=>|<>|><|\.\.|[-+*/\\^&=<>(),.:;#]/y;
/** An underscore that ends a line, perhaps with a comment behind it. */
const CONTINUATION = /_[ \t]*(?:'[^\r\n]*)?(?:\r\n|\r|\n|$)/y;
const REST_OF_LINE = /[^\r\n]*/y;
const BLOCK_COMMENT = /%rem\b/iy;
const BLOCK_COMMENT_END = /^[ \t]*%end[ \t]*rem\b/im;
const DIRECTIVE = /%(\p{L}+)/uy;

/** Other spellings of one operator. */
const SPELLINGS: Readonly<Record<string, string>> = { '=<': '<=', '=>': '>=', '><': '<>' };

/**
 * Splits a script into tokens; the last one is `end`. Comments are left out. `firstLine` is the number of the first
 * line. Throws `ScriptFault`.
 */
export function tokenize(source: string, firstLine = 1, limits: ScriptLimits = SCRIPT_LIMITS): Token[] {
  return new Lexer(source, firstLine, limits).tokens();
}

class Lexer {
  readonly #source: string;
  readonly #limits: ScriptLimits;
  readonly #tokens: Token[] = [];
  #offset = 0;
  #line: number;
  #lineStart = 0;

  constructor(source: string, firstLine: number, limits: ScriptLimits) {
    this.#source = source;
    this.#limits = limits;
    this.#line = firstLine;
  }

  tokens(): Token[] {
    while (this.#offset < this.#source.length) {
      if (this.#tokens.length >= this.#limits.tokens) {
        throw new ScriptFault(`a script has at most ${this.#limits.tokens} words and signs`, this.#at());
      }
      this.#next();
    }
    this.#tokens.push({ kind: 'line', at: this.#at() }, { kind: 'end', at: this.#at() });
    return this.#tokens;
  }

  #next(): void {
    const blank = this.#match(BLANK);
    if (blank) {
      this.#offset += blank.length;
      return;
    }
    const at = this.#at();
    const line = this.#match(LINE);
    if (line) {
      this.#tokens.push({ kind: 'line', at });
      this.#offset += line.length;
      this.#beginLine();
      return;
    }
    const char = this.#source[this.#offset] ?? '';
    if (char === "'") this.#skip(REST_OF_LINE);
    else if (char === '_') this.#continueLine();
    else if (char === '"') this.#quoted(/"/g, 'a quotation mark', false);
    else if (char === '|') this.#quoted(/\|/g, '"|"', true);
    else if (char === '{') this.#quoted(/\}/g, '"{"', true);
    else if (char === '%') this.#directive();
    else if (!this.#number() && !this.#name()) this.#sign(char);
  }

  #name(): boolean {
    const text = this.#match(NAME);
    if (!text) return false;
    const at = this.#at();
    const key = text.toLowerCase();
    if (key === 'rem' && this.#startsStatement()) {
      this.#skip(REST_OF_LINE);
      return true;
    }
    if (text.length > this.#limits.name) {
      throw new ScriptFault(`"${text.slice(0, 60)}" is longer than ${this.#limits.name} characters`, at);
    }
    this.#offset += text.length;
    const suffix = (this.#match(SUFFIX) ?? '') as TypeSuffix | '';
    this.#offset += suffix.length;
    this.#tokens.push({ kind: 'name', text, key, suffix, at });
    return true;
  }

  #number(): boolean {
    const last = this.#tokens.at(-1);
    const afterValue = last?.kind === 'number' || last?.kind === 'text' || (last?.kind === 'sign' && last.text === ')');
    // `a(1) &HFF` is a concatenation, `Case &HFF` is not.
    if (afterValue && this.#source[this.#offset] === '&') return false;
    const text = this.#match(NUMBER);
    if (!text) return false;
    const at = this.#at();
    const { value, type } = numberOf(text, at);
    this.#tokens.push({ kind: 'number', value, type, at });
    this.#offset += text.length;
    return true;
  }

  #sign(char: string): void {
    const text = this.#match(SIGN);
    if (!text) throw new ScriptFault(`"${char}" does not belong into a script`, this.#at());
    this.#tokens.push({ kind: 'sign', text: SPELLINGS[text] ?? text, at: this.#at() });
    this.#offset += text.length;
  }

  /** Reads a literal text up to its delimiter; twice the delimiter stands for itself. */
  #quoted(delimiter: RegExp, name: string, overLines: boolean): void {
    const at = this.#at();
    let value = '';
    let from = this.#offset + 1;
    for (;;) {
      delimiter.lastIndex = from;
      const end = delimiter.exec(this.#source)?.index ?? -1;
      const part = this.#source.slice(from, end < 0 ? undefined : end);
      if (end < 0 || (!overLines && /[\r\n]/.test(part))) {
        throw new ScriptFault(`the text that begins with ${name} has no end${overLines ? '' : ' in its line'}`, at);
      }
      value += part;
      if (value.length > this.#limits.text) {
        throw new ScriptFault(`a text has at most ${this.#limits.text} characters`, at);
      }
      if (this.#source[end + 1] !== this.#source[end]) {
        this.#tokens.push({ kind: 'text', value: value.replace(/\r\n?/g, '\n'), at });
        this.#moveTo(end + 1);
        return;
      }
      value += this.#source[end];
      from = end + 2;
    }
  }

  #directive(): void {
    const at = this.#at();
    if (!this.#match(BLOCK_COMMENT)) {
      const word = this.#match(DIRECTIVE) ?? '%';
      throw new ScriptFault(
        /^%(include|if|elseif|else|end)$/i.test(word)
          ? `"${word}" is not used here: a script is the same everywhere and complete in itself`
          : `"${word}" does not belong into a script`,
        at,
      );
    }
    if (!this.#startsLine()) throw new ScriptFault('"%Rem" stands at the beginning of a line', at);
    const rest = BLOCK_COMMENT_END.exec(this.#source.slice(this.#offset));
    if (!rest) throw new ScriptFault('"%Rem" has no "%End Rem"', at);
    this.#moveTo(this.#offset + rest.index + rest[0].length);
    this.#skip(REST_OF_LINE);
  }

  #continueLine(): void {
    const at = this.#at();
    const text = this.#match(CONTINUATION);
    const before = this.#source[this.#offset - 1] ?? '';
    if (text === undefined || !/[ \t]/.test(before)) {
      throw new ScriptFault('"_" continues a line only as its last character, with a blank before it', at);
    }
    this.#moveTo(this.#offset + text.length);
  }

  #startsStatement(): boolean {
    const last = this.#tokens.at(-1);
    return last === undefined || last.kind === 'line' || (last.kind === 'sign' && last.text === ':');
  }

  #startsLine(): boolean {
    return this.#source.slice(this.#lineStart, this.#offset).trim() === '';
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset;
    return pattern.exec(this.#source)?.[0];
  }

  #skip(pattern: RegExp): void {
    this.#offset += this.#match(pattern)?.length ?? 0;
  }

  /** Goes on at an offset that may be some lines further. */
  #moveTo(offset: number): void {
    const skipped = this.#source.slice(this.#offset, offset);
    for (const line of skipped.matchAll(/\r\n|\r|\n/g)) {
      this.#line += 1;
      this.#lineStart = this.#offset + line.index + line[0].length;
    }
    this.#offset = offset;
  }

  #beginLine(): void {
    this.#line += 1;
    this.#lineStart = this.#offset;
  }

  #at(): Position {
    return { line: this.#line, column: this.#offset - this.#lineStart + 1 };
  }
}
