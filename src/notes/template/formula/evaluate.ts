import type { FormulaContext } from './context.js';
import { FormulaEnded } from './ending.js';
import type { Evaluation } from './functions/lazy.js';
import { functionOf, lazyOf } from './functions/table.js';
import { applyOperator, negate, not } from './operators.js';
import type { Expression, Formula } from './syntax.js';
import { LATEST_MOMENT } from './time-text.js';
import { EMPTY, type ErrorValue, error, number, text, type Value, WRONG_TYPE, withList } from './values.js';

/**
 * Runs a formula: the value of its SELECT statement, or else of its last statement. Faults of the formula are values of
 * type `error`, as in Notes; nothing is thrown. The document itself is never changed: FIELD counts for this run only,
 * and the context's recorder hears of it.
 */
export function evaluate(formula: Formula, context: FormulaContext): Value {
  const run = new Run(context);
  try {
    let result: Value = EMPTY;
    let selected: Value | undefined;
    for (const statement of formula.statements) {
      result = run.value(statement.value);
      if (statement.kind === 'select') selected = result;
    }
    return selected ?? result;
  } catch (thrown) {
    if (thrown instanceof FormulaEnded) return thrown.value;
    if (thrown instanceof LimitReached) return error(thrown.message);
    throw thrown;
  }
}

/** Ends a run at once; must not be caught by `@IfError` of the formula itself. */
class LimitReached extends Error {}

/** Lists of literals, such as the words of a vocabulary: they are the same at every run. */
const CONSTANT_LISTS = new WeakMap<Expression, Value | 'varies'>();

function constantList(expression: Expression): Value | undefined {
  const known = CONSTANT_LISTS.get(expression);
  if (known !== undefined) return known === 'varies' ? undefined : known;
  const value = literalValue(expression);
  CONSTANT_LISTS.set(expression, value ?? 'varies');
  return value;
}

function literalValue(expression: Expression): Value | undefined {
  if (expression.kind === 'text') return text(expression.value);
  if (expression.kind === 'number') return number(expression.value);
  if (expression.kind !== 'binary' || expression.operator !== ':') return undefined;
  const [left, right] = [literalValue(expression.left), literalValue(expression.right)];
  return left && right && applyOperator(':', left, right, 'exact');
}

/** A result of so many characters, entries included, counts as one more step. */
const CHARACTERS_OF_A_STEP = 1024;

class Run implements Evaluation {
  readonly context: FormulaContext;
  readonly #variables = new Map<string, Value>();
  readonly #fields = new Map<string, Value>();
  #steps = 0;

  constructor(context: FormulaContext) {
    this.context = context;
  }

  value(expression: Expression): Value {
    this.#spend(1);
    switch (expression.kind) {
      case 'text':
        return text(expression.value);
      case 'number':
        return number(expression.value);
      case 'keyword':
        return { type: 'keyword', list: [expression.name] };
      case 'name':
        return this.#variables.get(expression.key) ?? this.field(expression.key) ?? EMPTY;
      case 'unary':
        return this.#unary(expression.operator, this.value(expression.operand));
      case 'binary':
        if (expression.operator === ':') {
          const constant = constantList(expression);
          if (constant) return constant;
        }
        return this.#bounded(
          applyOperator(
            expression.operator,
            this.value(expression.left),
            this.value(expression.right),
            this.context.textEquality,
          ),
        );
      case 'subscript':
        return this.#subscript(this.value(expression.list), this.value(expression.index));
      case 'assign':
        return this.#assign(expression);
      case 'call':
        return this.#call(expression.name, expression.args);
    }
  }

  #spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > this.context.limits.steps) {
      throw new LimitReached(`The formula takes more than ${this.context.limits.steps} steps`);
    }
  }

  field(key: string): Value | undefined {
    return this.#fields.get(key) ?? this.context.field(key);
  }

  #unary(operator: '+' | '-' | '!', operand: Value): Value {
    if (operator === '!') return not(operand);
    return operator === '-' ? negate(operand) : operand;
  }

  #subscript(list: Value, index: Value): Value {
    if (list.type === 'error') return list;
    if (index.type === 'error') return index;
    if (index.type !== 'number') return error(WRONG_TYPE);
    const entry = list.list[(index.list[0] ?? 0) - 1];
    return entry === undefined ? error('The index is outside the list') : withList(list, [entry]);
  }

  #assign({ target, name, key, value: entry }: Extract<Expression, { kind: 'assign' }>): Value {
    const value = this.value(entry);
    if (target === 'variable') this.#variables.set(key, value);
    else if (target === 'field') this.setField(name, value);
    else if (this.field(key) === undefined) this.#fields.set(key, value);
    return value;
  }

  variable(key: string): Value | undefined {
    return this.#variables.get(key);
  }

  setVariable(key: string, value: Value | undefined): void {
    if (value) this.#variables.set(key, value);
    else this.#variables.delete(key);
  }

  setField(name: string, value: Value): void {
    this.#fields.set(name.toLowerCase(), value);
    this.context.effects?.({ kind: 'set-field', name, value });
  }

  #call(name: string, args: readonly Expression[]): Value {
    const lazy = lazyOf(name);
    if (!lazy) return this.#apply(name, args);
    if (args.length < lazy.least || args.length > lazy.most) return error(`${name} has a wrong number of arguments`);
    return this.#bounded(lazy.apply(args, this));
  }

  #apply(name: string, args: readonly Expression[]): Value {
    const known = functionOf(name);
    if (!known) return error(`${name} is not known`);
    if (args.length < known.least || args.length > known.most) return error(`${name} has a wrong number of arguments`);
    const values = args.map((arg) => this.value(arg));
    const fault = values.find((value): value is ErrorValue => value.type === 'error');
    return fault ?? this.#bounded(known.apply(values, this.context));
  }

  #bounded(value: Value): Value {
    if (value.type === 'error') return value;
    const { listLength, textLength } = this.context.limits;
    if (value.list.length > listLength) throw new LimitReached(`A list has more than ${listLength} entries`);
    if (value.type === 'time' && !value.list.every((moment) => Math.abs(moment) <= LATEST_MOMENT)) {
      return error('The date is out of range');
    }
    if (value.type === 'text') {
      let characters = 0;
      for (const entry of value.list) {
        if (entry.length > textLength) throw new LimitReached(`A text has more than ${textLength} characters`);
        characters += entry.length;
      }
      // Long results take time and memory of their own.
      this.#spend(Math.floor((characters + value.list.length) / CHARACTERS_OF_A_STEP));
    }
    return value;
  }
}
