import { conditionOf, convert, dateOf, mismatch, numberInText, numberOf, textOf } from '../conversion.js';
import { dateFromText } from '../dates.js';
import { ERROR, ScriptError } from '../script-error.js';
import {
  bool,
  checked,
  date,
  double,
  isNumber,
  long,
  type NumberKind,
  roundHalfEven,
  str,
  type Value,
} from '../values.js';
import { type BuiltInTable, builtIn, numberAt, textAt } from './definition.js';

function conversion(kind: NumberKind) {
  return builtIn(1, 1, ([value]) => checked(kind, numberOf(value ?? mismatch())));
}

/** Conversions and functions on numbers. */
export const NUMBER_FUNCTIONS: BuiltInTable = {
  cbyte: conversion('byte'),
  cint: conversion('integer'),
  clng: conversion('long'),
  csng: conversion('single'),
  cdbl: conversion('double'),
  ccur: conversion('currency'),
  cbool: builtIn(1, 1, ([value]) => bool(conditionOf(value ?? mismatch()))),
  cstr: builtIn(1, 1, ([value]) => str(textOf(value ?? mismatch()))),
  cvar: builtIn(1, 1, ([value]) => convert(value ?? mismatch(), { kind: 'variant' })),
  cdat: builtIn(1, 1, ([value]) => date(dateOf(value ?? mismatch()))),
  cvdate: builtIn(1, 1, ([value]) => date(dateOf(value ?? mismatch()))),
  isnumeric: builtIn(1, 1, ([value]) =>
    bool(
      value !== undefined &&
        (isNumber(value) ||
          value.kind === 'boolean' ||
          value.kind === 'empty' ||
          (value.kind === 'string' && numberInText(value.value) !== undefined)),
    ),
  ),
  isdate: builtIn(1, 1, ([value]) =>
    bool(value?.kind === 'date' || (value?.kind === 'string' && dateFromText(value.value) !== undefined)),
  ),
  val: builtIn(1, 1, (args) =>
    double(Number(/^[+-]?\d*\.?\d*/.exec(textAt(args, 0).replaceAll(' ', ''))?.[0] || 0) || 0),
  ),
  str: builtIn(1, 1, ([value]) => {
    const number = numberOf(value ?? mismatch());
    return str(`${number < 0 ? '' : ' '}${textOf(double(number))}`);
  }),
  hex: builtIn(1, 1, (args) => str((roundHalfEven(numberAt(args, 0)) >>> 0).toString(16).toUpperCase())),
  abs: builtIn(1, 1, ([value]) => sameKind(value, Math.abs)),
  int: builtIn(1, 1, ([value]) => sameKind(value, Math.floor)),
  fix: builtIn(1, 1, ([value]) => sameKind(value, Math.trunc)),
  fraction: builtIn(1, 1, (args) => double(numberAt(args, 0) % 1)),
  sgn: builtIn(1, 1, (args) => checked('integer', Math.sign(numberAt(args, 0)))),
  sqr: builtIn(1, 1, (args) => {
    if (numberAt(args, 0) < 0) throw new ScriptError(ERROR.illegalFunctionCall);
    return double(Math.sqrt(numberAt(args, 0)));
  }),
  round: builtIn(2, 2, (args) => {
    const factor = 10 ** numberAt(args, 1);
    return double(roundHalfEven(numberAt(args, 0) * factor) / factor);
  }),
  rnd: builtIn(0, 1, (_, { surroundings }) => double(surroundings.random())),
  err: builtIn(0, 0, (_, { currentError }) => long(currentError?.number ?? 0)),
  erl: builtIn(0, 0, (_, { currentError }) => long(currentError?.line ?? 0)),
};

function sameKind(value: Value | undefined, change: (number: number) => number): Value {
  if (value?.kind === 'date') return date(change(value.value));
  const number = change(numberOf(value ?? mismatch()));
  return value && isNumber(value) ? checked(value.kind, number) : double(number);
}
