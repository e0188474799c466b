import { badRequest, querySyntaxError } from '../domino-db-error.js';
import { type Operator, type Token, tokensOf } from './tokens.js';

/** A value in a query. `datetime` in milliseconds since 1970. */
export type Literal =
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'datetime'; readonly value: number };

export type Condition =
  | { readonly kind: 'all' }
  | { readonly kind: 'compare'; readonly name: string; readonly operator: Operator; readonly value: Literal }
  | { readonly kind: 'in'; readonly name: string; readonly mode: 'any' | 'every'; readonly values: readonly Literal[] }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition };

export interface QueryLimits {
  /** Characters of a query. */
  readonly maxLength: number;
  /** Nesting of parentheses. */
  readonly maxDepth: number;
  /** Terms and values together. */
  readonly maxTokens: number;
}

export const DEFAULT_QUERY_LIMITS: QueryLimits = { maxLength: 65_536, maxDepth: 64, maxTokens: 10_000 };

/**
 * Reads the part of the Domino Query Language that works without a design catalog and a full-text index: item terms with
 * `=`, `<`, `<=`, `>`, `>=`, `in`, `in all`, joined by `and`, `or`, `and not`, `or not` and parentheses, `and` binding
 * tighter; `@all`, `@Created`, `@ModifiedInThisFile`, `@DocumentUniqueID`, `@dt('…')`; values by `?` and `?name`.
 * Anything else is a query syntax error.
 */
export function parseQuery(
  query: string,
  args: readonly unknown[] = [],
  limits: QueryLimits = DEFAULT_QUERY_LIMITS,
): Condition {
  if (query.length > limits.maxLength) throw badRequest(`a query has at most ${limits.maxLength} characters`);
  const tokens = tokensOf(query);
  if (tokens.length > limits.maxTokens) throw badRequest(`a query has at most ${limits.maxTokens} words and values`);
  return new Parser(query, tokens, args, limits.maxDepth).parse();
}

const SPECIAL_NAMES: ReadonlyMap<string, string> = new Map(
  ['@Created', '@ModifiedInThisFile', '@DocumentUniqueID'].map((name) => [name.toLowerCase(), name]),
);

/** `not` stands only behind `and` and `or`. */
type Operand = 'plain' | 'may-be-negated';

class Parser {
  readonly #query: string;
  readonly #tokens: readonly Token[];
  readonly #args: readonly unknown[];
  readonly #maxDepth: number;
  #at = 0;
  #depth = 0;
  #positional = 0;

  constructor(query: string, tokens: readonly Token[], args: readonly unknown[], maxDepth: number) {
    this.#query = query;
    this.#tokens = tokens;
    this.#args = args;
    this.#maxDepth = maxDepth;
  }

  parse(): Condition {
    const condition = this.#or();
    if (this.#peek().kind !== 'end') this.#fail('Missing operator or "and", "or"');
    return condition;
  }

  #or(): Condition {
    let left = this.#and('plain');
    while (this.#takeWord('or')) left = { kind: 'or', left, right: this.#and('may-be-negated') };
    return left;
  }

  #and(first: Operand): Condition {
    let left = this.#operand(first);
    while (this.#takeWord('and')) left = { kind: 'and', left, right: this.#operand('may-be-negated') };
    return left;
  }

  #operand(operand: Operand): Condition {
    if (operand === 'plain' || !this.#takeWord('not')) return this.#term();
    return { kind: 'not', condition: this.#term() };
  }

  #term(): Condition {
    if (this.#takeMark('(')) {
      if (++this.#depth > this.#maxDepth) this.#fail('Too many parentheses');
      const condition = this.#or();
      if (!this.#takeMark(')')) this.#fail('")" is missing');
      this.#depth--;
      return condition;
    }
    const token = this.#next();
    if (token.kind !== 'word') return this.#fail('An item name was expected', token);
    if (token.text.toLowerCase() === '@all') return { kind: 'all' };
    return this.#comparison(this.#name(token));
  }

  #name(token: Token & { kind: 'word' }): string {
    if (!token.text.startsWith('@')) return token.text.toLowerCase();
    return SPECIAL_NAMES.get(token.text.toLowerCase()) ?? this.#fail('This function is not supported', token);
  }

  #comparison(name: string): Condition {
    if (this.#takeWord('in')) return this.#in(name);
    const operator = this.#next();
    if (operator.kind !== 'operator') return this.#fail('Missing operator', operator);
    return { kind: 'compare', name, operator: operator.text, value: this.#value() };
  }

  #in(name: string): Condition {
    const mode = this.#takeWord('all') ? 'every' : 'any';
    if (!this.#takeMark('(')) this.#fail('"(" is missing after "in"');
    const values = [this.#value()];
    while (this.#takeMark(',')) values.push(this.#value());
    if (!this.#takeMark(')')) this.#fail('")" is missing');
    return { kind: 'in', name, mode, values };
  }

  #value(): Literal {
    const token = this.#next();
    switch (token.kind) {
      case 'text':
        return { type: 'text', value: token.text };
      case 'number':
        return { type: 'number', value: token.value };
      case 'substitute':
        return this.#substituted(token);
      case 'word':
        if (token.text.toLowerCase() === '@dt') return this.#moment();
        return this.#fail('A value was expected; text stands in single quotes', token);
      case 'operator':
      case 'mark':
      case 'end':
        return this.#fail('A value was expected', token);
    }
  }

  #moment(): Literal {
    const open = this.#takeMark('(');
    const token = this.#next();
    if (!open || token.kind !== 'text' || !this.#takeMark(')')) return this.#fail("@dt('…') was expected", token);
    const time = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$/.test(token.text)
      ? Date.parse(token.text)
      : Number.NaN;
    return Number.isNaN(time) ? this.#fail('This is not a date', token) : { type: 'datetime', value: time };
  }

  #substituted(token: Token & { kind: 'substitute' }): Literal {
    const given: unknown =
      token.name === ''
        ? unwrap(this.#args[this.#positional++])
        : unwrap(this.#args.find((arg) => isObject(arg) && arg['name'] === token.name));
    if (typeof given === 'string') return { type: 'text', value: given };
    if (typeof given === 'number') return { type: 'number', value: given };
    const moment = isObject(given) && given['type'] === 'datetime' ? Date.parse(String(given['data'])) : Number.NaN;
    if (!Number.isNaN(moment)) return { type: 'datetime', value: moment };
    throw badRequest(`no usable value was given for "?${token.name}"`);
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', offset: this.#query.length };
  }

  #next(): Token {
    const token = this.#peek();
    this.#at++;
    return token;
  }

  #takeWord(word: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'word' || token.text.toLowerCase() !== word) return false;
    this.#at++;
    return true;
  }

  #takeMark(mark: '(' | ')' | ','): boolean {
    const token = this.#peek();
    if (token.kind !== 'mark' || token.text !== mark) return false;
    this.#at++;
    return true;
  }

  #fail(reason: string, token: Token = this.#peek()): never {
    throw querySyntaxError(reason, this.#query, token.offset);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Arguments come bare or as `{ name, value }`. */
function unwrap(arg: unknown): unknown {
  return isObject(arg) && 'value' in arg ? arg['value'] : arg;
}
