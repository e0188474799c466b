import { error, number, numbersOf, textsOf, truth, type Value, WRONG_TYPE } from '../values.js';
import { ANY_NUMBER, type FunctionDefinition, type FunctionTable } from './definition.js';

/** Constants, functions on numbers, and tests for kinds of values. */
export const NUMBER_FUNCTIONS: FunctionTable = {
  '@true': { least: 0, most: 0, apply: () => number(1) },
  '@false': { least: 0, most: 0, apply: () => number(0) },
  '@yes': { least: 0, most: 0, apply: () => number(1) },
  '@no': { least: 0, most: 0, apply: () => number(0) },
  '@all': { least: 0, most: 0, apply: () => number(1) },
  '@integer': onEach(Math.trunc),
  '@abs': onEach(Math.abs),
  '@round': { least: 1, most: 2, apply: ([value, step]) => round(value, step) },
  '@modulo': { least: 2, most: 2, apply: ([value, divisor]) => modulo(value, divisor) },
  '@max': { least: 1, most: ANY_NUMBER, apply: (values) => extreme(values, Math.max) },
  '@min': { least: 1, most: ANY_NUMBER, apply: (values) => extreme(values, Math.min) },
  '@sum': {
    least: 1,
    most: ANY_NUMBER,
    apply: (values) => extreme(values, (...all) => all.reduce((a, b) => a + b, 0)),
  },
  '@texttonumber': { least: 1, most: 1, apply: ([value]) => toNumber(value) },
  '@tonumber': { least: 1, most: 1, apply: ([value]) => (value?.type === 'number' ? value : toNumber(value)) },
  '@error': { least: 0, most: 0, apply: () => error('ERROR') },
  '@istext': { least: 1, most: 1, apply: ([value]) => truth(value?.type === 'text') },
  '@isnumber': { least: 1, most: 1, apply: ([value]) => truth(value?.type === 'number') },
  '@istime': { least: 1, most: 1, apply: ([value]) => truth(value?.type === 'time') },
};

function onEach(change: (entry: number) => number): FunctionDefinition {
  return {
    least: 1,
    most: 1,
    apply: ([value]) => {
      const list = numbersOf(value);
      return list ? number(...list.map(change)) : error(WRONG_TYPE);
    },
  };
}

function round(value: Value | undefined, step: Value | undefined): Value {
  const list = numbersOf(value);
  const unit = step === undefined ? 1 : numbersOf(step)?.[0];
  if (!list || !unit) return error(WRONG_TYPE);
  return number(...list.map((entry) => Math.sign(entry) * Math.round(Math.abs(entry) / unit) * unit));
}

function modulo(value: Value | undefined, divisor: Value | undefined): Value {
  const list = numbersOf(value);
  const by = numbersOf(divisor)?.[0];
  if (!list || by === undefined) return error(WRONG_TYPE);
  return by === 0 ? error('Division by zero') : number(...list.map((entry) => entry % by));
}

function extreme(values: readonly Value[], choose: (...all: number[]) => number): Value {
  const lists = values.map(numbersOf);
  if (lists.includes(undefined)) return error(WRONG_TYPE);
  return number(choose(...lists.flatMap((list) => list ?? [])));
}

function toNumber(value: Value | undefined): Value {
  const list = textsOf(value);
  if (!list) return error(WRONG_TYPE);
  const numbers = list.map((entry) =>
    /^\s*[+-]?(\d+\.?\d*|\.\d+)/.test(entry) ? Number.parseFloat(entry) : Number.NaN,
  );
  return numbers.some(Number.isNaN) ? error('The text cannot be converted to a number') : number(...numbers);
}
