import { ERROR, ScriptError } from './script-error.js';

export type NumberKind = 'byte' | 'integer' | 'long' | 'single' | 'double' | 'currency';

/** A value of LotusScript. A Variant is no kind of its own: it holds one of these. */
export type Value =
  | { readonly kind: 'empty' }
  | { readonly kind: 'null' }
  | { readonly kind: NumberKind; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  /** Days since 1899-12-30, by the wall clock of the machine. */
  | { readonly kind: 'date'; readonly value: number }
  /** `undefined` is Nothing. */
  | { readonly kind: 'object'; readonly object: ObjectValue | undefined }
  | { readonly kind: 'array'; readonly array: ArrayValue }
  | { readonly kind: 'list'; readonly list: ListValue };

export interface ObjectValue {
  readonly className: string;
}

/** What a variable may hold: a scalar kind, any value, or objects of a class. */
export type ElementType =
  | { readonly kind: NumberKind | 'string' | 'boolean' | 'variant' }
  | { readonly kind: 'object'; readonly className: string };

export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/** Elements stand in row-major order. `bounds` is empty for a dynamic array before its first ReDim. */
export interface ArrayValue {
  readonly type: ElementType;
  readonly isDynamic: boolean;
  bounds: readonly Bounds[];
  elements: Value[];
}

export interface ListValue {
  readonly type: ElementType;
  /** By tag as it was written first; under `Option Compare NoCase` by the tag in lower case. */
  readonly entries: Map<string, { readonly tag: string; value: Value }>;
}

export const EMPTY: Value = { kind: 'empty' };
export const NULL: Value = { kind: 'null' };
export const NOTHING: Value = { kind: 'object', object: undefined };
export const TRUE: Value = { kind: 'boolean', value: true };
export const FALSE: Value = { kind: 'boolean', value: false };
export const VARIANT: ElementType = { kind: 'variant' };

export function str(value: string): Value {
  return { kind: 'string', value };
}

export function bool(value: boolean): Value {
  return value ? TRUE : FALSE;
}

export function int(value: number): Value {
  return checked('integer', value);
}

export function long(value: number): Value {
  return checked('long', value);
}

export function double(value: number): Value {
  return { kind: 'double', value };
}

export function date(value: number): Value {
  return { kind: 'date', value };
}

export function object(value: ObjectValue | undefined): Value {
  return value ? { kind: 'object', object: value } : NOTHING;
}

/** A dynamic array that begins at 0. */
export function arrayOf(values: readonly Value[], type: ElementType = VARIANT): Value {
  const bounds = values.length === 0 ? [] : [{ lower: 0, upper: values.length - 1 }];
  return { kind: 'array', array: { type, isDynamic: true, bounds, elements: [...values] } };
}

const RANGES: Readonly<Record<NumberKind, readonly [least: number, most: number]>> = {
  byte: [0, 255],
  integer: [-32_768, 32_767],
  long: [-2_147_483_648, 2_147_483_647],
  single: [-3.402823e38, 3.402823e38],
  double: [-Number.MAX_VALUE, Number.MAX_VALUE],
  currency: [-922_337_203_685_477, 922_337_203_685_477],
};

export function fits(kind: NumberKind, value: number): boolean {
  const [least, most] = RANGES[kind];
  return value >= least && value <= most;
}

/** A number of that kind: whole kinds round halves to the even neighbour. Error 6 outside the range. */
export function checked(kind: NumberKind, value: number): Value {
  const isWhole = kind === 'byte' || kind === 'integer' || kind === 'long';
  const rounded = isWhole ? roundHalfEven(value) : kind === 'single' ? Math.fround(value) : value;
  if (!fits(kind, rounded)) throw new ScriptError(ERROR.overflow);
  return { kind, value: kind === 'currency' ? Math.round(rounded * 10_000) / 10_000 : rounded };
}

export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

export function isNumber(value: Value): value is Extract<Value, { kind: NumberKind }> {
  return value.kind in RANGES;
}

/** What a variable of that type holds before anything is assigned. */
export function initialValue(type: ElementType): Value {
  switch (type.kind) {
    case 'string':
      return str('');
    case 'boolean':
      return FALSE;
    case 'variant':
      return EMPTY;
    case 'object':
      return NOTHING;
    default:
      return { kind: type.kind, value: 0 };
  }
}
