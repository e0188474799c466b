import type { BinaryOperator } from '../../../src/notes/template/lotusscript/syntax.js';
import { mismatch, numberOf, textOf } from './conversion.js';
import { ERROR, ScriptError, StandInFault } from './script-error.js';
import {
  bool,
  checked,
  date,
  double,
  isNumber,
  NULL,
  type NumberKind,
  roundHalfEven,
  str,
  type Value,
} from './values.js';

/** `Option Compare` of the module. `nocase` heeds accents. */
export type Comparison = 'case' | 'nocase' | 'binary';

const WIDTH: readonly NumberKind[] = ['byte', 'integer', 'long', 'single', 'double', 'currency'];

/** Every binary operator but `Is` and `IsA`, which look at objects. A result outside its kind is error 6, not a wider kind. */
export function binary(operator: BinaryOperator, left: Value, right: Value, comparison: Comparison): Value {
  switch (operator) {
    case '&':
      if (left.kind === 'null' && right.kind === 'null') return NULL;
      return str((left.kind === 'null' ? '' : textOf(left)) + (right.kind === 'null' ? '' : textOf(right)));
    case '=':
    case '<>':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compare(operator, left, right, comparison);
    case 'like':
      return bool(isLike(textOf(left), textOf(right), comparison));
    case 'and':
    case 'or':
    case 'xor':
    case 'eqv':
    case 'imp':
      return logical(operator, left, right);
    case '+':
      if (left.kind === 'string' && right.kind === 'string') return str(left.value + right.value);
      if (left.kind === 'string' && right.kind === 'empty') return left;
      if (left.kind === 'empty' && right.kind === 'string') return right;
      return arithmetic('+', left, right);
    case '-':
    case '*':
    case '/':
    case '\\':
    case 'mod':
    case '^':
      return arithmetic(operator, left, right);
    default:
      throw new StandInFault(`operator ${operator} has no values`);
  }
}

function arithmetic(operator: '+' | '-' | '*' | '/' | '\\' | 'mod' | '^', left: Value, right: Value): Value {
  if (left.kind === 'null' || right.kind === 'null') return NULL;
  const [a, b] = [numberOf(left), numberOf(right)];
  if (operator === '^') return checked('double', a ** b);
  if (operator === '/') return double(a / notZero(b));
  if (operator === '\\' || operator === 'mod') {
    const [whole, by] = [roundHalfEven(a), notZero(roundHalfEven(b))];
    return checked('long', operator === 'mod' ? whole % by : Math.trunc(whole / by));
  }
  const result = operator === '+' ? a + b : operator === '-' ? a - b : a * b;
  if (left.kind === 'date' || right.kind === 'date') {
    return left.kind === right.kind && operator === '-' ? double(result) : date(result);
  }
  return checked(widerKind(left, right), result);
}

function widerKind(left: Value, right: Value): NumberKind {
  return WIDTH[Math.max(widthOf(left), widthOf(right))] ?? 'double';
}

function widthOf(value: Value): number {
  if (isNumber(value)) return WIDTH.indexOf(value.kind);
  return WIDTH.indexOf(value.kind === 'string' ? 'double' : 'integer');
}

function notZero(value: number): number {
  if (value === 0) throw new ScriptError(ERROR.divisionByZero);
  return value;
}

export function negate(value: Value): Value {
  if (value.kind === 'null') return NULL;
  return isNumber(value) ? checked(value.kind, -value.value) : double(-numberOf(value));
}

export function not(value: Value): Value {
  if (value.kind === 'null') return NULL;
  return value.kind === 'boolean' ? bool(!value.value) : checked('long', ~roundHalfEven(numberOf(value)));
}

function logical(operator: 'and' | 'or' | 'xor' | 'eqv' | 'imp', left: Value, right: Value): Value {
  if (left.kind === 'null' || right.kind === 'null') return NULL;
  const [a, b] = [roundHalfEven(numberOf(left)), roundHalfEven(numberOf(right))];
  const bits =
    operator === 'and'
      ? a & b
      : operator === 'or'
        ? a | b
        : operator === 'xor'
          ? a ^ b
          : operator === 'eqv'
            ? ~(a ^ b)
            : ~a | b;
  if (left.kind === 'boolean' && right.kind === 'boolean') return bool(bits !== 0);
  return checked(bits >= -32_768 && bits <= 32_767 ? 'integer' : 'long', bits);
}

function compare(
  operator: '=' | '<>' | '<' | '<=' | '>' | '>=',
  left: Value,
  right: Value,
  comparison: Comparison,
): Value {
  if (left.kind === 'null' || right.kind === 'null') return NULL;
  const order = orderOf(left, right, comparison);
  switch (operator) {
    case '=':
      return bool(order === 0);
    case '<>':
      return bool(order !== 0);
    case '<':
      return bool(order < 0);
    case '<=':
      return bool(order <= 0);
    case '>':
      return bool(order > 0);
    case '>=':
      return bool(order >= 0);
  }
}

/** Below, at or above 0 as the left value stands before, at or after the right one. */
export function orderOf(left: Value, right: Value, comparison: Comparison): number {
  if (['object', 'array', 'list'].some((kind) => kind === left.kind || kind === right.kind)) return mismatch();
  const isText = (value: Value): boolean => value.kind === 'string' || value.kind === 'empty';
  if (isText(left) && isText(right)) return orderOfTexts(textOf(left), textOf(right), comparison);
  return numberOf(left) - numberOf(right);
}

/** Texts differ in order by the machine's language in Notes; equality is the same everywhere. */
export function orderOfTexts(left: string, right: string, comparison: Comparison): number {
  const [a, b] = comparison === 'nocase' ? [left.toLowerCase(), right.toLowerCase()] : [left, right];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `?` any character, `*` any number of them, `#` a digit, `[a-c]` and `[!a-c]` sets. */
function isLike(text: string, pattern: string, comparison: Comparison): boolean {
  const source = pattern.replace(
    /\[(!?)([^\]]*)\]|[\s\S]/g,
    (part, negated: string | undefined, set: string | undefined) => {
      if (set !== undefined) return `[${negated ? '^' : ''}${set.replace(/[\\\]^]/g, '\\$&')}]`;
      if (part === '?') return '[\\s\\S]';
      if (part === '*') return '[\\s\\S]*';
      return part === '#' ? '[0-9]' : part.replace(/[.+^${}()|\\/[\]-]/g, '\\$&');
    },
  );
  return new RegExp(`^${source}$`, comparison === 'nocase' ? 'i' : '').test(text);
}
