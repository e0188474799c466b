import { dateFromText, textOfDate } from './dates.js';
import { ERROR, ScriptError } from './script-error.js';
import { bool, checked, type ElementType, EMPTY, FALSE, isNumber, NULL, str, type Value } from './values.js';

/** The number in a value: of a Boolean -1 or 0, of a date its day number, of a text what it spells. Else error 13. */
export function numberOf(value: Value): number {
  if (isNumber(value) || value.kind === 'date') return value.value;
  switch (value.kind) {
    case 'boolean':
      return value.value ? -1 : 0;
    case 'empty':
      return 0;
    case 'string':
      return numberInText(value.value) ?? mismatch();
    case 'null':
      throw new ScriptError(ERROR.invalidUseOfNull);
    default:
      return mismatch();
  }
}

/** The number that a text spells, as `IsNumeric` judges it. */
export function numberInText(text: string): number | undefined {
  const bare = text.trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(bare)) return Number(bare);
  if (/^&h[0-9a-f]{1,8}$/i.test(bare)) return Number.parseInt(bare.slice(2), 16);
  return undefined;
}

/** A value as text, as `CStr` and `&` write it. */
export function textOf(value: Value): string {
  if (isNumber(value)) return textOfNumber(value.value, value.kind === 'single');
  switch (value.kind) {
    case 'string':
      return value.value;
    case 'empty':
      return '';
    case 'boolean':
      return value.value ? 'True' : 'False';
    case 'date':
      return textOfDate(value.value);
    case 'null':
      throw new ScriptError(ERROR.invalidUseOfNull);
    default:
      return mismatch();
  }
}

function textOfNumber(value: number, isSingle: boolean): string {
  const text = String(Number(value.toPrecision(isSingle ? 7 : 15)));
  return text
    .replace(/^(-?)0\./, '$1.')
    .replace('e+', 'E+')
    .replace('e-', 'E-');
}

/** True where LotusScript takes a branch. Texts must spell a number; Null counts as false. */
export function conditionOf(value: Value): boolean {
  if (value.kind === 'boolean') return value.value;
  if (value.kind === 'null') return false;
  return numberOf(value) !== 0;
}

/** A value as a variable of that type keeps it. Objects, arrays and lists pass into Variants as they are. */
export function convert(value: Value, type: ElementType): Value {
  switch (type.kind) {
    case 'variant':
      return value;
    case 'string':
      return value.kind === 'string' ? value : str(textOf(value));
    case 'boolean':
      return value.kind === 'boolean' ? value : bool(conditionOf(value));
    case 'object':
      return value.kind === 'object' ? value : mismatch();
    default:
      return value.kind === type.kind ? value : checked(type.kind, numberOf(value));
  }
}

/** A value as date; texts are read. */
export function dateOf(value: Value): number {
  if (value.kind === 'string') return dateFromText(value.value) ?? mismatch();
  return numberOf(value);
}

export function mismatch(): never {
  throw new ScriptError(ERROR.typeMismatch);
}

/** A value of a JavaScript scalar, for arguments that a test writes. */
export function scalarOf(plain: string | number | boolean | null | undefined): Value {
  if (plain === undefined) return EMPTY;
  if (plain === null) return NULL;
  if (typeof plain === 'string') return str(plain);
  if (typeof plain === 'boolean') return plain ? bool(true) : FALSE;
  if (!Number.isInteger(plain)) return checked('double', plain);
  return Math.abs(plain) <= 32_767 ? checked('integer', plain) : checked('long', plain);
}
