/** What a formula computes with. Notes knows only lists; a single value is a list of one. */
export type Value =
  | { readonly type: 'text'; readonly list: readonly string[] }
  | { readonly type: 'number'; readonly list: readonly number[] }
  /** Milliseconds since 1970. */
  | { readonly type: 'time'; readonly list: readonly number[] }
  /** Words in square brackets, for functions that take such. */
  | { readonly type: 'keyword'; readonly list: readonly string[] }
  | ErrorValue;

/** What `@Error` is in Notes: it spreads through everything but `@IsError` and `@IfError`. */
export interface ErrorValue {
  readonly type: 'error';
  readonly reason: string;
}

export function text(...list: readonly string[]): Value {
  return { type: 'text', list };
}

export function number(...list: readonly number[]): Value {
  return { type: 'number', list };
}

export function time(...list: readonly number[]): Value {
  return { type: 'time', list };
}

export function error(reason: string): ErrorValue {
  return { type: 'error', reason };
}

/** Notes has no truth values: 1 is true and 0 is false. */
export function truth(condition: boolean): Value {
  return number(condition ? 1 : 0);
}

/** What a field that is not there gives. */
export const EMPTY: Value = text('');

export const WRONG_TYPE = 'Incorrect data type for operator or @Function';

/** The entries of a text; `undefined` when it is none. */
export function textsOf(value: Value | undefined): readonly string[] | undefined {
  return value?.type === 'text' ? value.list : undefined;
}

export function numbersOf(value: Value | undefined): readonly number[] | undefined {
  return value?.type === 'number' ? value.list : undefined;
}

export function timesOf(value: Value | undefined): readonly number[] | undefined {
  return value?.type === 'time' ? value.list : undefined;
}

/** The same kind of value with other entries. */
export function withList(value: Exclude<Value, ErrorValue>, list: readonly (string | number)[]): Value {
  return { type: value.type, list } as Value;
}

/** A value made from what may be absent. */
export function ifKnown<T>(make: (entry: T) => Value, entry: T | undefined): Value | undefined {
  return entry === undefined ? undefined : make(entry);
}
