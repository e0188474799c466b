import { CONVERSION_FUNCTIONS } from './conversion.js';
import type { FunctionDefinition } from './definition.js';
import { EFFECT_FUNCTIONS } from './effects.js';
import { FORM_FUNCTIONS } from './forms.js';
import { LAZY_FUNCTIONS, type LazyDefinition } from './lazy.js';
import { LIST_FUNCTIONS } from './lists.js';
import { NAME_FUNCTIONS } from './names.js';
import { NUMBER_FUNCTIONS } from './numbers.js';
import { OUTSIDE_FUNCTIONS } from './outside.js';
import { TEXT_FUNCTIONS } from './text.js';
import { TIME_FUNCTIONS } from './times.js';

const FUNCTIONS: ReadonlyMap<string, FunctionDefinition> = new Map(
  [
    CONVERSION_FUNCTIONS,
    EFFECT_FUNCTIONS,
    FORM_FUNCTIONS,
    LIST_FUNCTIONS,
    NAME_FUNCTIONS,
    NUMBER_FUNCTIONS,
    OUTSIDE_FUNCTIONS,
    TEXT_FUNCTIONS,
    TIME_FUNCTIONS,
  ].flatMap((table) => Object.entries(table)),
);

/** A function by its name in lower case. */
export function functionOf(name: string): FunctionDefinition | undefined {
  return FUNCTIONS.get(name);
}

/** A function that evaluates its arguments itself, by its name in lower case. */
export function lazyOf(name: string): LazyDefinition | undefined {
  return Object.hasOwn(LAZY_FUNCTIONS, name) ? LAZY_FUNCTIONS[name] : undefined;
}

/** Fewest and most arguments of any function that can be run; `undefined` for others. */
export function arityOf(name: string): readonly [least: number, most: number] | undefined {
  const known = FUNCTIONS.get(name) ?? lazyOf(name);
  return known && [known.least, known.most];
}
