import type { BinaryOperator } from './syntax.js';
import { type ErrorValue, error, number, text, time, truth, type Value, WRONG_TYPE } from './values.js';

/**
 * Whether `=` on texts heeds case is not settled by the vendor's documentation. Formulas of the template must give
 * the same under both; tests run them twice.
 */
export type TextEquality = 'exact' | 'ignore-case';

type Comparison = '=' | '<>' | '<' | '>' | '<=' | '>=';

/** The value of `left operator right`. Lists are taken pair by pair, the last entry of the shorter one repeated. */
export function applyOperator(operator: BinaryOperator, left: Value, right: Value, equality: TextEquality): Value {
  if (left.type === 'error') return left;
  if (right.type === 'error') return right;
  switch (operator) {
    case ':':
      return concatenate(left, right);
    case '+':
    case '-':
    case '*':
    case '/':
      return arithmetic(operator, left, right);
    case '&':
    case '|':
      return logical(operator, left, right);
    case '=':
    case '<>':
    case '<':
    case '>':
    case '<=':
    case '>=':
      return compare(operator, left, right, equality);
  }
}

/** `-x`. */
export function negate(value: Value): Value {
  if (value.type === 'error') return value;
  return value.type === 'number' ? number(...value.list.map((entry) => -entry)) : error(WRONG_TYPE);
}

/** `!x`. */
export function not(value: Value): Value {
  if (value.type === 'error') return value;
  return value.type === 'number' ? number(...value.list.map((entry) => (entry === 0 ? 1 : 0))) : error(WRONG_TYPE);
}

/** True when a value used as a condition holds; an error value when it is no number. */
export function conditionOf(value: Value): boolean | ErrorValue {
  if (value.type === 'error') return value;
  if (value.type !== 'number') return error(WRONG_TYPE);
  return value.list.some((entry) => entry !== 0);
}

function concatenate(left: Exclude<Value, ErrorValue>, right: Exclude<Value, ErrorValue>): Value {
  if (left.type !== right.type) return error('The values of a list must be of one kind');
  return { type: left.type, list: [...left.list, ...right.list] } as Value;
}

function pairs<L, R, T>(left: readonly L[], right: readonly R[], join: (left: L, right: R) => T): T[] {
  const result: T[] = [];
  const lastLeft = left.at(-1);
  const lastRight = right.at(-1);
  if (lastLeft === undefined || lastRight === undefined) return result;
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    result.push(join(left[index] ?? lastLeft, right[index] ?? lastRight));
  }
  return result;
}

function arithmetic(operator: '+' | '-' | '*' | '/', left: Value, right: Value): Value {
  if (left.type === 'number' && right.type === 'number') {
    if (operator === '/' && right.list.includes(0)) return error('Division by zero');
    return number(...pairs(left.list, right.list, (a, b) => calculate(operator, a, b)));
  }
  if (operator === '+' && left.type === 'text' && right.type === 'text') {
    return text(...pairs(left.list, right.list, (a, b) => a + b));
  }
  if (operator === '-' && left.type === 'time' && right.type === 'time') {
    // The difference of two moments is a number of seconds.
    return number(...pairs(left.list, right.list, (a, b) => Math.round((a - b) / 1000)));
  }
  if ((operator === '+' || operator === '-') && left.type === 'time' && right.type === 'number') {
    return time(...pairs(left.list, right.list, (a, b) => calculate(operator, a, b * 1000)));
  }
  return error(WRONG_TYPE);
}

function calculate(operator: '+' | '-' | '*' | '/', a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
  }
}

function logical(operator: '&' | '|', left: Value, right: Value): Value {
  if (left.type !== 'number' || right.type !== 'number') return error(WRONG_TYPE);
  const join = (a: number, b: number): boolean => (operator === '&' ? a !== 0 && b !== 0 : a !== 0 || b !== 0);
  return truth(pairs(left.list, right.list, join).includes(true));
}

/** True when any pair compares true, also for `<>`. */
function compare(operator: Comparison, left: Value, right: Value, equality: TextEquality): Value {
  if (left.type === 'text' && right.type === 'text') {
    const fold = (entry: string): string => (equality === 'ignore-case' ? entry.toLowerCase() : entry);
    const join = (a: string, b: string): boolean => holds(operator, orderOf(fold(a), fold(b)));
    return truth(pairs(left.list, right.list, join).includes(true));
  }
  if ((left.type === 'number' && right.type === 'number') || (left.type === 'time' && right.type === 'time')) {
    return truth(pairs(left.list, right.list, (a, b) => holds(operator, a - b)).includes(true));
  }
  return error(WRONG_TYPE);
}

function orderOf(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function holds(operator: Comparison, order: number): boolean {
  switch (operator) {
    case '=':
      return order === 0;
    case '<>':
      return order !== 0;
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
  }
}
