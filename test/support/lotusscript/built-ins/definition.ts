import { numberOf, textOf } from '../conversion.js';
import type { BuiltIn, BuiltInContext } from '../machine.js';
import type { Comparison } from '../operators.js';
import { ERROR, ScriptError } from '../script-error.js';
import type { Value } from '../values.js';

export type BuiltInTable = Readonly<Record<string, BuiltIn>>;

/** A function of the language by how many arguments it takes. */
export function builtIn(
  least: number,
  most: number,
  apply: (args: readonly Value[], context: BuiltInContext) => Value | Promise<Value>,
): BuiltIn {
  return { least, most, apply };
}

export function textAt(args: readonly Value[], index: number): string {
  const value = args[index];
  if (!value) throw new ScriptError(ERROR.illegalFunctionCall);
  return textOf(value);
}

export function numberAt(args: readonly Value[], index: number, fallback = 0): number {
  const value = args[index];
  return value ? numberOf(value) : fallback;
}

/** A comparison method of string functions: bit 0 ignores case. Without one that of the module counts. */
export function comparisonAt(args: readonly Value[], index: number, context: BuiltInContext): Comparison {
  if (!args[index]) return context.comparison;
  return (numberAt(args, index) & 1) === 1 ? 'nocase' : 'case';
}
