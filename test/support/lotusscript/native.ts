import { mismatch, numberOf, textOf } from './conversion.js';
import { ERROR, ScriptError, StandInFault } from './script-error.js';
import { arrayOf, EMPTY, isNumber, type ObjectValue, object, str, type Value } from './values.js';

/** What a member of a Notes class gives; nothing for a sub. */
export type Result = Value | Promise<Value | undefined> | undefined;

export type Member<Self> =
  | {
      readonly kind: 'property';
      readonly get?: (self: Self) => Result;
      readonly set?: (self: Self, value: Value) => void;
    }
  | {
      readonly kind: 'method';
      readonly least: number;
      readonly most: number;
      readonly call: (self: Self, args: readonly Value[]) => Result;
    };

/** A class of Notes: members by name in lower case, and how `New` makes one where that is possible. */
export interface NativeClass<Self = unknown> {
  readonly name: string;
  readonly members: Readonly<Record<string, Member<Self>>>;
}

/** A Notes object as scripts hold it. The same `self` always gives the same one, so that `Is` works. */
export class NativeObject implements ObjectValue {
  readonly className: string;
  readonly definition: NativeClass<never>;
  readonly self: unknown;

  constructor(definition: NativeClass<never>, self: unknown) {
    this.className = definition.name;
    this.definition = definition;
    this.self = self;
  }

  /** A member by name in lower case; an unknown one fails the test, since Notes would not compile the script. */
  member(key: string): Member<unknown> {
    const found = Object.hasOwn(this.definition.members, key) ? this.definition.members[key] : undefined;
    if (!found) throw new StandInFault(`${this.className} has no member ${key}, or its stand-in lacks it`);
    return found as Member<unknown>;
  }
}

const OBJECTS = new WeakMap<object, NativeObject>();

/** A thing as an object of a class; Nothing for `undefined`. */
export function native<Self extends object>(definition: NativeClass<Self>, self: Self | undefined): Value {
  if (!self) return object(undefined);
  const known = OBJECTS.get(self) ?? new NativeObject(definition as NativeClass<never>, self);
  OBJECTS.set(self, known);
  return object(known);
}

export function property<Self>(get: (self: Self) => Result, set?: (self: Self, value: Value) => void): Member<Self> {
  return { kind: 'property', get, ...(set && { set }) };
}

export function method<Self>(
  least: number,
  most: number,
  call: (self: Self, args: readonly Value[]) => Result,
): Member<Self> {
  return { kind: 'method', least, most, call };
}

/** A text argument. Numbers are not taken: Notes would not compile most such calls. */
export function textArg(args: readonly Value[], index: number, fallback?: string): string {
  const value = args[index];
  if (value === undefined && fallback !== undefined) return fallback;
  return value === undefined || value.kind === 'array' ? mismatch() : textOf(value);
}

export function numberArg(args: readonly Value[], index: number, fallback?: number): number {
  const value = args[index];
  if (value === undefined && fallback !== undefined) return fallback;
  return value === undefined ? mismatch() : numberOf(value);
}

export function booleanArg(args: readonly Value[], index: number, fallback = false): boolean {
  const value = args[index];
  return value === undefined ? fallback : numberOf(value) !== 0;
}

/** The thing behind an object argument. Error 91 for Nothing, 13 for another class. */
export function selfArg<Self extends object>(
  args: readonly Value[],
  index: number,
  definition: NativeClass<Self>,
): Self {
  const value = args[index];
  if (value?.kind !== 'object') return mismatch();
  if (!value.object) throw new ScriptError(ERROR.objectVariableNotSet);
  return value.object instanceof NativeObject && value.object.className === definition.name
    ? (value.object.self as Self)
    : mismatch();
}

/** The same, but Nothing is allowed. */
export function optionalSelfArg<Self extends object>(
  args: readonly Value[],
  index: number,
  definition: NativeClass<Self>,
): Self | undefined {
  const value = args[index];
  return value === undefined || (value.kind === 'object' && !value.object)
    ? undefined
    : selfArg(args, index, definition);
}

export function textArray(texts: readonly string[]): Value {
  return arrayOf(texts.map(str), { kind: 'string' });
}

/** Values of an argument that is a single one or an array. */
export function valuesOf(value: Value | undefined): readonly Value[] {
  if (!value) return [EMPTY];
  return value.kind === 'array' ? value.array.elements : [value];
}

export function isScalar(value: Value): boolean {
  return isNumber(value) || value.kind === 'string' || value.kind === 'date' || value.kind === 'boolean';
}
