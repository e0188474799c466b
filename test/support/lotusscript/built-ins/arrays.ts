import { mismatch, textOf } from '../conversion.js';
import { orderOfTexts } from '../operators.js';
import { ERROR, ScriptError } from '../script-error.js';
import { type ArrayValue, arrayOf, bool, isNumber, long, NULL, str, type Value } from '../values.js';
import { type BuiltInTable, builtIn, comparisonAt, numberAt } from './definition.js';

/** Functions on arrays, and questions about values. */
export const ARRAY_FUNCTIONS: BuiltInTable = {
  lbound: builtIn(1, 2, (args) => long(boundsAt(args).lower)),
  ubound: builtIn(1, 2, (args) => long(boundsAt(args).upper)),
  arrayappend: builtIn(2, 2, ([first, second]) => {
    const { bounds, elements } = arrayIn(first);
    const more = second?.kind === 'array' ? second.array.elements : [second ?? mismatch()];
    const lower = bounds[0]?.lower ?? 0;
    const all = [...elements, ...more];
    return {
      kind: 'array',
      array: {
        type: { kind: 'variant' },
        isDynamic: true,
        bounds: [{ lower, upper: lower + all.length - 1 }],
        elements: all,
      },
    };
  }),
  arraygetindex: builtIn(2, 3, (args, context) => {
    const { bounds, elements } = arrayIn(args[0]);
    const wanted = textOf(args[1] ?? mismatch());
    const comparison = comparisonAt(args, 2, context);
    const index = elements.findIndex((value) => isText(value) && orderOfTexts(textOf(value), wanted, comparison) === 0);
    return index < 0 ? NULL : long(index + (bounds[0]?.lower ?? 0));
  }),
  arrayunique: builtIn(1, 2, (args, context) => {
    const { elements, type } = arrayIn(args[0]);
    const comparison = comparisonAt(args, 1, context);
    const kept: Value[] = [];
    for (const value of elements) {
      if (!kept.some((other) => orderOfTexts(textOf(other), textOf(value), comparison) === 0)) kept.push(value);
    }
    return arrayOf(kept, type);
  }),
  isarray: builtIn(1, 1, ([value]) => bool(value?.kind === 'array')),
  islist: builtIn(1, 1, ([value]) => bool(value?.kind === 'list')),
  isempty: builtIn(1, 1, ([value]) => bool(value?.kind === 'empty')),
  isnull: builtIn(1, 1, ([value]) => bool(value?.kind === 'null')),
  isobject: builtIn(1, 1, ([value]) => bool(value?.kind === 'object')),
  isscalar: builtIn(1, 1, ([value]) =>
    bool(value !== undefined && !['object', 'array', 'list', 'null'].includes(value.kind)),
  ),
  typename: builtIn(1, 1, ([value]) => str(typeName(value ?? mismatch()))),
  datatype: builtIn(1, 1, ([value]) => long(dataType(value ?? mismatch()))),
  vartype: builtIn(1, 1, ([value]) => long(dataType(value ?? mismatch()))),
};

function isText(value: Value): boolean {
  return value.kind === 'string' || isNumber(value) || value.kind === 'boolean' || value.kind === 'date';
}

/** One dimension only. */
function arrayIn(value: Value | undefined): ArrayValue {
  if (value?.kind !== 'array' || value.array.bounds.length > 1) return mismatch();
  return value.array;
}

function boundsAt(args: readonly Value[]) {
  const [value] = args;
  if (value?.kind !== 'array') return mismatch();
  if (value.array.bounds.length === 0) throw new ScriptError(200, 'Attempt to access uninitialized dynamic array');
  const found = value.array.bounds[numberAt(args, 1, 1) - 1];
  if (!found) throw new ScriptError(ERROR.subscriptOutOfRange);
  return found;
}

const TYPE_NUMBERS = {
  empty: 0,
  null: 1,
  integer: 2,
  long: 3,
  single: 4,
  double: 5,
  currency: 6,
  date: 7,
  string: 8,
  boolean: 11,
  variant: 12,
  byte: 17,
} as const;

function dataType(value: Value): number {
  if (value.kind === 'object') return value.object ? (value.object.className.startsWith('Notes') ? 35 : 34) : 9;
  if (value.kind === 'array') return (value.array.isDynamic ? 8704 : 8192) + elementNumber(value.array.type.kind);
  if (value.kind === 'list') return 2048 + elementNumber(value.list.type.kind);
  return TYPE_NUMBERS[value.kind];
}

function elementNumber(kind: ArrayValue['type']['kind']): number {
  return kind === 'object' ? 35 : TYPE_NUMBERS[kind];
}

function typeName(value: Value): string {
  if (value.kind === 'object') return value.object?.className.toUpperCase() ?? 'OBJECT';
  if (value.kind === 'array') return `${typeWord(value.array.type)}( )`;
  if (value.kind === 'list') return `${typeWord(value.list.type)} LIST`;
  return value.kind.toUpperCase();
}

function typeWord(type: ArrayValue['type']): string {
  return (type.kind === 'object' ? type.className : type.kind).toUpperCase();
}
