import { FormulaFault } from './fault.js';
import { type Token, tokenize } from './lexer.js';
import { FORMULA_LIMITS, type FormulaLimits } from './limits.js';
import {
  type BinaryOperator,
  type Expression,
  type Formula,
  type Position,
  partsOf,
  type Statement,
} from './syntax.js';

export type ParseOutcome =
  | { readonly ok: true; readonly formula: Formula }
  | { readonly ok: false; readonly reason: string; readonly at: Position };

/**
 * Binary operators, binding loosest first (Domino Designer, "Operators and precedence", ranks 7 to 2). `&` and `|`
 * rank equal and read from left to right. Unary minus stands between `*` and `:`, `!` with `&` and `|`.
 */
const RANKS: readonly (readonly BinaryOperator[])[] = [
  ['&', '|'],
  ['=', '<>', '<', '>', '<=', '>='],
  ['+', '-'],
  ['*', '/'],
];

/** Reads a formula of the Notes formula language; see `functions/table.ts` for the functions. Never throws. */
export function parseFormula(source: string, limits: FormulaLimits = FORMULA_LIMITS): ParseOutcome {
  if (source.length > limits.length) {
    return { ok: false, reason: `a formula has at most ${limits.length} characters`, at: { line: 1, column: 1 } };
  }
  try {
    return { ok: true, formula: { statements: new Parser(tokenize(source), limits).statements() } };
  } catch (fault) {
    if (fault instanceof FormulaFault) return { ok: false, reason: fault.message, at: fault.at };
    throw fault;
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #limits: FormulaLimits;
  readonly #heights = new WeakMap<Expression, number>();
  #index = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], limits: FormulaLimits) {
    this.#tokens = tokens;
    this.#limits = limits;
  }

  statements(): Statement[] {
    const statements: Statement[] = [];
    while (this.#peek().kind !== 'end') {
      if (this.#take(';')) continue;
      const statement = this.#statement();
      if (statement) statements.push(statement);
      if (this.#peek().kind !== 'end') this.#expect(';');
    }
    if (statements.length === 0) throw new FormulaFault('the formula is empty', this.#peek().at);
    return statements;
  }

  #statement(): Statement | undefined {
    const { kind, text, at } = this.#peek();
    const word = kind === 'name' ? text.toUpperCase() : '';
    const follower = this.#tokens[this.#index + 1];
    if (word === 'REM' && follower?.kind === 'text') {
      this.#index += 2;
      return undefined;
    }
    if (word === 'SELECT') {
      this.#index += 1;
      return { kind: 'select', value: this.#expression() };
    }
    if ((word === 'FIELD' || word === 'DEFAULT') && follower?.kind === 'name') {
      this.#index += 2;
      this.#expect(':=');
      const target = word === 'FIELD' ? 'field' : 'default';
      return { kind: 'expression', value: this.#assignment(target, follower.text, at) };
    }
    return { kind: 'expression', value: this.#expression() };
  }

  #expression(): Expression {
    const { kind, text, at } = this.#peek();
    const follower = this.#tokens[this.#index + 1];
    if (kind === 'name' && follower?.kind === 'sign' && follower.text === ':=') {
      this.#index += 2;
      return this.#assignment('variable', text, at);
    }
    return this.#binary(0);
  }

  #assignment(target: 'variable' | 'field' | 'default', name: string, at: Position): Expression {
    return this.#made({ kind: 'assign', target, name, key: name.toLowerCase(), value: this.#expression(), at });
  }

  #binary(rank: number): Expression {
    const operators = RANKS[rank];
    if (!operators) return this.#signed();
    let left = rank === 0 ? this.#negatable() : this.#binary(rank + 1);
    for (;;) {
      const { kind, text, at } = this.#peek();
      const operator = kind === 'sign' ? operators.find((known) => known === text) : undefined;
      if (!operator) return left;
      this.#index += 1;
      const right = rank === 0 ? this.#negatable() : this.#binary(rank + 1);
      left = this.#made({ kind: 'binary', operator, left, right, at });
    }
  }

  /** `!` negates the whole comparison after it. */
  #negatable(): Expression {
    const { at } = this.#peek();
    if (!this.#take('!')) return this.#binary(1);
    return this.#deeper(at, () => this.#made({ kind: 'unary', operator: '!', operand: this.#negatable(), at }));
  }

  #signed(): Expression {
    const { kind, text, at } = this.#peek();
    if (kind === 'sign' && (text === '-' || text === '+')) {
      this.#index += 1;
      return this.#deeper(at, () => this.#made({ kind: 'unary', operator: text, operand: this.#signed(), at }));
    }
    return this.#list();
  }

  #list(): Expression {
    let left = this.#subscripted();
    while (this.#peek().kind === 'sign' && this.#peek().text === ':') {
      const { at } = this.#peek();
      this.#index += 1;
      left = this.#made({ kind: 'binary', operator: ':', left, right: this.#subscripted(), at });
    }
    return left;
  }

  #subscripted(): Expression {
    let list = this.#primary();
    while (this.#peek().kind === 'sign' && this.#peek().text === '[') {
      const { at } = this.#peek();
      this.#index += 1;
      const index = this.#deeper(at, () => this.#expression());
      this.#expect(']');
      list = this.#made({ kind: 'subscript', list, index, at });
    }
    return list;
  }

  #primary(): Expression {
    const { kind, text, at } = this.#peek();
    this.#index += 1;
    switch (kind) {
      case 'text':
        return { kind: 'text', value: text, at };
      case 'number':
        return { kind: 'number', value: Number(text), at };
      case 'keyword':
        return { kind: 'keyword', name: text, at };
      case 'name':
        return { kind: 'name', name: text, key: text.toLowerCase(), at };
      case 'function':
        return this.#made({ kind: 'call', name: text.toLowerCase(), args: this.#deeper(at, () => this.#args()), at });
      case 'sign':
        if (text === '(') {
          const inner = this.#deeper(at, () => this.#expression());
          this.#expect(')');
          return inner.kind === 'binary' ? this.#made({ ...inner, bracketed: true }) : inner;
        }
        if (text === '!') throw new FormulaFault('put brackets around the expression that begins with "!"', at);
        throw new FormulaFault(`a value was expected before "${text}"`, at);
      case 'end':
        throw new FormulaFault('a value is missing at the end', at);
    }
  }

  #args(): Expression[] {
    const args: Expression[] = [];
    if (!this.#take('(')) return args;
    if (this.#take(')')) return args;
    do args.push(this.#expression());
    while (this.#take(';'));
    this.#expect(')');
    return args;
  }

  /** Keeps expressions low enough for those who walk them by recursion. */
  #made(expression: Expression): Expression {
    const height = 1 + Math.max(0, ...partsOf(expression).map((part) => this.#heights.get(part) ?? 0));
    if (height > this.#limits.height) {
      throw new FormulaFault(`the expression has more than ${this.#limits.height} levels`, expression.at);
    }
    this.#heights.set(expression, height);
    return expression;
  }

  #deeper<T>(at: Position, read: () => T): T {
    this.#depth += 1;
    if (this.#depth > this.#limits.depth)
      throw new FormulaFault(`more than ${this.#limits.depth} levels of brackets`, at);
    const result = read();
    this.#depth -= 1;
    return result;
  }

  #peek(): Token {
    const token = this.#tokens[this.#index];
    if (!token) throw new FormulaFault('the formula ends too early', { line: 1, column: 1 });
    return token;
  }

  #take(sign: string): boolean {
    if (this.#peek().kind !== 'sign' || this.#peek().text !== sign) return false;
    this.#index += 1;
    return true;
  }

  #expect(sign: string): void {
    if (this.#take(sign)) return;
    const { kind, text, at } = this.#peek();
    throw new FormulaFault(`"${sign}" was expected instead of ${kind === 'end' ? text : `"${text}"`}`, at);
  }
}
