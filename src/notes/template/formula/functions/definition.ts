import type { FormulaContext } from '../context.js';
import type { Value } from '../values.js';

/** One @function with evaluated arguments; none of them is an error value. */
export interface FunctionDefinition {
  /** Fewest and most arguments. */
  readonly least: number;
  readonly most: number;
  readonly apply: (args: readonly Value[], context: FormulaContext) => Value;
}

/** Functions by their name in lower case, with the `@`. */
export type FunctionTable = Readonly<Record<string, FunctionDefinition>>;

/** For functions that take as many arguments as one likes. */
export const ANY_NUMBER = 1000;

/** Characters of a text that a function may build; checked before building it. */
export const LONGEST_TEXT = 65_536;

export const TOO_LONG = 'The text becomes too long';
