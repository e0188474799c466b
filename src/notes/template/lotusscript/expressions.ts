import type { Argument, BinaryOperator, Expression } from './syntax.js';
import type { Mark, TokenReader } from './token-reader.js';
import { isReserved } from './words.js';

/**
 * Binary operators, binding loosest first (language reference, "Operator order of precedence"). All read from left to
 * right. `Not` stands between `And` and the comparisons, the minus sign between `*` and `^`.
 */
const RANKS: readonly (readonly BinaryOperator[])[] = [
  ['imp'],
  ['eqv'],
  ['xor'],
  ['or'],
  ['and'],
  ['=', '<>', '<', '<=', '>', '>=', 'like', 'is', 'isa'],
  ['&'],
  ['+', '-'],
  ['mod'],
  ['\\'],
  ['*', '/'],
];
const COMPARISON = 5;

type ConstantValue = Extract<Expression, { kind: 'constant' }>['value'];
const CONSTANTS: ReadonlyMap<string, ConstantValue> = new Map(
  (['true', 'false', 'null', 'empty', 'nothing'] as const).map((value) => [value, value]),
);

/** Reads expressions of a script; stops at the first token that does not belong to one. Throws `ScriptFault`. */
export class ExpressionReader {
  readonly #reader: TokenReader;
  /** Where the bracket of an `apply` opens. */
  readonly #brackets = new WeakMap<Expression, Mark>();

  constructor(reader: TokenReader) {
    this.#reader = reader;
  }

  expression(): Expression {
    return this.#binary(0);
  }

  /** A name with its members, indexes and calls: what can stand left of `=` or behind `Call`. */
  reference(): Expression {
    return this.#postfix();
  }

  /** Goes back to where the brackets of an `apply` open. */
  goBackToBracket(expression: Expression): void {
    const mark = this.#brackets.get(expression);
    if (mark !== undefined) this.#reader.goBack(mark);
  }

  /** Arguments in brackets, if there are any. */
  optionalArguments(): readonly Argument[] {
    return this.#reader.isSign('(') ? this.#bracketedArguments() : [];
  }

  /** At least one argument, without brackets around all of them. */
  openArguments(): readonly Argument[] {
    const args: Argument[] = [];
    do args.push(this.#argument());
    while (this.#reader.takeSign(','));
    return args;
  }

  #bracketedArguments(): readonly Argument[] {
    const { at } = this.#reader;
    this.#reader.expectSign('(');
    if (this.#reader.takeSign(')')) return [];
    const args = this.#reader.deeper(at, () => this.openArguments());
    this.#reader.expectSign(')');
    return args;
  }

  #argument(): Argument {
    if (this.#reader.isSign(',') || this.#reader.isSign(')')) {
      this.#reader.fail(`an argument is missing before ${this.#reader.found()}`);
    }
    const byValue = this.#reader.takeWord('byval');
    return { value: this.expression(), byValue };
  }

  #binary(rank: number): Expression {
    const operators = RANKS[rank];
    if (!operators) return this.#signed();
    const operand = (): Expression => (rank === COMPARISON - 1 ? this.#negatable() : this.#binary(rank + 1));
    let left = operand();
    for (;;) {
      const operator = this.#operator(operators);
      if (!operator) return left;
      const { at } = this.#reader.advance();
      const right = operand();
      left = this.#reader.made({ kind: 'binary', operator, left, right, at }, left, right);
    }
  }

  #operator(operators: readonly BinaryOperator[]): BinaryOperator | undefined {
    const token = this.#reader.peek();
    const text = token.kind === 'sign' ? token.text : this.#reader.word();
    return operators.find((known) => known === text);
  }

  #negatable(): Expression {
    const { at } = this.#reader;
    if (!this.#reader.takeWord('not')) return this.#binary(COMPARISON);
    const operand = this.#reader.deeper(at, () => this.#negatable());
    return this.#reader.made({ kind: 'unary', operator: 'not', operand, at }, operand);
  }

  #signed(): Expression {
    const { at } = this.#reader;
    if (this.#reader.isWord('not')) return this.#negatable();
    for (const operator of ['-', '+'] as const) {
      if (!this.#reader.takeSign(operator)) continue;
      const operand = this.#reader.deeper(at, () => this.#signed());
      return this.#reader.made({ kind: 'unary', operator, operand, at }, operand);
    }
    let left = this.#postfix();
    while (this.#reader.isSign('^')) {
      const { at: place } = this.#reader.advance();
      const right = this.#exponent();
      left = this.#reader.made({ kind: 'binary', operator: '^', left, right, at: place }, left, right);
    }
    return left;
  }

  #exponent(): Expression {
    const { at } = this.#reader;
    if (!this.#reader.takeSign('-')) return this.#postfix();
    const operand = this.#reader.deeper(at, () => this.#exponent());
    return this.#reader.made({ kind: 'unary', operator: '-', operand, at }, operand);
  }

  #postfix(): Expression {
    let target = this.#primary();
    for (;;) {
      const { at } = this.#reader;
      if (this.#reader.isSign('(')) {
        const mark = this.#reader.mark();
        const args = this.#bracketedArguments();
        target = this.#reader.made({ kind: 'apply', target, args, at: target.at }, target, ...args.map((a) => a.value));
        this.#brackets.set(target, mark);
      } else if (this.#reader.takeSign('.')) {
        const { name, key, at: place } = this.#reader.memberName();
        target = this.#reader.made({ kind: 'member', target, name, key, at: place }, target);
      } else if (this.#reader.takeSign('..')) {
        if (target.kind !== 'name') this.#reader.fail('the name of a class stands before ".."', at);
        const className = { name: target.name, key: target.key, at: target.at };
        const { name, key, at: place } = this.#reader.memberName();
        target = this.#reader.made({ kind: 'base-member', className, name, key, at: place });
      } else return target;
    }
  }

  #primary(): Expression {
    const token = this.#reader.peek();
    const { at } = token;
    switch (token.kind) {
      case 'text':
        this.#reader.advance();
        return this.#reader.made({ kind: 'text', value: token.value, at });
      case 'number':
        this.#reader.advance();
        return this.#reader.made({ kind: 'number', value: token.value, type: token.type, at });
      case 'name':
        return this.#named();
      case 'sign':
        if (this.#reader.takeSign('(')) {
          const inner = this.#reader.deeper(at, () => this.expression());
          this.#reader.expectSign(')');
          return this.#reader.made({ kind: 'bracketed', inner, at }, inner);
        }
        if (this.#reader.takeSign('.')) {
          const { name, key, at: place } = this.#reader.memberName();
          return this.#reader.made({ kind: 'member', name, key, at: place });
        }
        break;
      case 'line':
      case 'end':
        break;
    }
    return this.#reader.fail(`a value was expected instead of ${this.#reader.found()}`);
  }

  #named(): Expression {
    const { at } = this.#reader;
    const word = this.#reader.word();
    const value = CONSTANTS.get(word);
    if (value) {
      this.#reader.advance();
      return this.#reader.made({ kind: 'constant', value, at });
    }
    if (this.#reader.takeWord('me')) return this.#reader.made({ kind: 'me', at });
    if (this.#reader.takeWord('new')) {
      const className = this.#reader.plainName('a class');
      const args = this.optionalArguments();
      return this.#reader.made({ kind: 'new', className, args, at }, ...args.map((one) => one.value));
    }
    if (isReserved(word)) this.#reader.fail(`a value was expected instead of ${this.#reader.found()}`);
    const { name, key, suffix } = this.#reader.identifier('a variable');
    return this.#reader.made({ kind: 'name', name, key, at, ...(suffix === '' ? {} : { suffix }) });
  }
}
