import { CONVERSION_FUNCTIONS } from './conversion.js';
import { ANY_NUMBER, type FunctionDefinition } from './definition.js';
import { FORM_FUNCTIONS } from './forms.js';
import { LIST_FUNCTIONS } from './lists.js';
import { NAME_FUNCTIONS } from './names.js';
import { NUMBER_FUNCTIONS } from './numbers.js';
import { TEXT_FUNCTIONS } from './text.js';
import { TIME_FUNCTIONS } from './times.js';

const FUNCTIONS: ReadonlyMap<string, FunctionDefinition> = new Map(
  [
    CONVERSION_FUNCTIONS,
    FORM_FUNCTIONS,
    LIST_FUNCTIONS,
    NAME_FUNCTIONS,
    NUMBER_FUNCTIONS,
    TEXT_FUNCTIONS,
    TIME_FUNCTIONS,
  ].flatMap((table) => Object.entries(table)),
);

/** Functions that decide themselves which argument is evaluated; `evaluate.ts` runs them. */
const LAZY_ARITY: Readonly<Record<string, readonly [least: number, most: number]>> = {
  '@if': [3, ANY_NUMBER],
  '@do': [1, ANY_NUMBER],
  '@iserror': [1, 1],
  '@iferror': [1, 2],
  '@isavailable': [1, 1],
  '@isunavailable': [1, 1],
};

/** A function by its name in lower case. */
export function functionOf(name: string): FunctionDefinition | undefined {
  return FUNCTIONS.get(name);
}

/** Fewest and most arguments of any function that can be run; `undefined` for others. */
export function arityOf(name: string): readonly [least: number, most: number] | undefined {
  const known = FUNCTIONS.get(name);
  return known ? [known.least, known.most] : Object.hasOwn(LAZY_ARITY, name) ? LAZY_ARITY[name] : undefined;
}
