import { ScriptFault } from './fault.js';
import type { Token } from './lexer.js';
import type { ScriptLimits } from './limits.js';
import type { Expression, Name, Position, TypeSuffix } from './syntax.js';
import { isReserved } from './words.js';

/** A place in the tokens to come back to. */
export type Mark = number;

/** Walks over the tokens of one script and keeps its bounds. Everything here throws `ScriptFault`. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  readonly #limits: ScriptLimits;
  readonly #heights = new WeakMap<Expression, number>();
  readonly #end: Token;
  #index = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], limits: ScriptLimits) {
    this.#tokens = tokens;
    this.#limits = limits;
    this.#end = tokens.at(-1) ?? { kind: 'end', at: { line: 1, column: 1 } };
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#index + ahead] ?? this.#end;
  }

  get at(): Position {
    return this.peek().at;
  }

  advance(): Token {
    const token = this.peek();
    this.#index += 1;
    return token;
  }

  mark(): Mark {
    return this.#index;
  }

  goBack(mark: Mark): void {
    this.#index = mark;
  }

  isSign(text: string): boolean {
    const token = this.peek();
    return token.kind === 'sign' && token.text === text;
  }

  takeSign(text: string): boolean {
    if (!this.isSign(text)) return false;
    this.#index += 1;
    return true;
  }

  expectSign(text: string): void {
    if (!this.takeSign(text)) this.fail(`"${text}" was expected instead of ${this.found()}`);
  }

  /** The word that comes next, in lower case; empty when something else does. */
  word(ahead = 0): string {
    const token = this.peek(ahead);
    return token.kind === 'name' && token.suffix === '' ? token.key : '';
  }

  isWord(...keys: readonly string[]): boolean {
    return keys.includes(this.word()) && this.word() !== '';
  }

  takeWord(key: string): boolean {
    if (this.word() !== key) return false;
    this.#index += 1;
    return true;
  }

  expectWord(word: string): void {
    if (!this.takeWord(word.toLowerCase())) this.fail(`${word} was expected instead of ${this.found()}`);
  }

  /** True at the end of a line or of the script. */
  atLineEnd(): boolean {
    return this.peek().kind === 'line' || this.peek().kind === 'end';
  }

  /** True for the first token of a line. */
  atLineStart(): boolean {
    return this.#index === 0 || this.#tokens[this.#index - 1]?.kind === 'line';
  }

  skipEmptyLines(): void {
    while (this.peek().kind === 'line' || this.isSign(':')) this.#index += 1;
  }

  /** A name that is no word of the grammar, with its suffix. `what` says what it is for. */
  identifier(what: string): Name & { readonly suffix: TypeSuffix | '' } {
    const token = this.peek();
    if (token.kind !== 'name' || isReserved(token.key)) {
      this.fail(`the name of ${what} was expected instead of ${this.found()}`);
    }
    this.#index += 1;
    return { name: token.text, key: token.key, at: token.at, suffix: token.suffix };
  }

  /** A name behind a dot or in a class: words of the language are allowed. */
  memberName(): Name & { readonly suffix: TypeSuffix | '' } {
    const token = this.peek();
    if (token.kind !== 'name') this.fail(`a name was expected instead of ${this.found()}`);
    this.#index += 1;
    return { name: token.text, key: token.key, at: token.at, suffix: token.suffix };
  }

  /** A name without suffix: of a label, class, type, loop variable's end. */
  plainName(what: string): Name {
    const { name, key, at, suffix } = this.identifier(what);
    if (suffix !== '') this.fail(`the name of ${what} has no "${suffix}"`, at);
    return { name, key, at };
  }

  /** What comes next, for a message. */
  found(): string {
    const token = this.peek();
    switch (token.kind) {
      case 'name':
        return `"${token.text}${token.suffix}"`;
      case 'number':
        return `the number ${token.value}`;
      case 'text':
        return 'a text';
      case 'sign':
        return `"${token.text}"`;
      case 'line':
        return 'the end of the line';
      case 'end':
        return 'the end';
    }
  }

  fail(reason: string, at: Position = this.at): never {
    throw new ScriptFault(reason, at);
  }

  /** Reads what stands one level deeper. */
  deeper<T>(at: Position, read: () => T): T {
    this.#depth += 1;
    if (this.#depth > this.#limits.depth)
      this.fail(`more than ${this.#limits.depth} levels of blocks and brackets`, at);
    const result = read();
    this.#depth -= 1;
    return result;
  }

  /** Keeps expressions low enough for those who walk them by recursion. */
  made<T extends Expression>(expression: T, ...parts: readonly Expression[]): T {
    let height = 1;
    for (const part of parts) height = Math.max(height, 1 + (this.#heights.get(part) ?? 1));
    if (height > this.#limits.height) {
      this.fail(`the expression has more than ${this.#limits.height} levels`, expression.at);
    }
    this.#heights.set(expression, height);
    return expression;
  }
}
