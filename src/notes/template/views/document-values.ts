import { contextOf } from '../formula/context.js';
import { evaluate } from '../formula/evaluate.js';
import type { Formula } from '../formula/syntax.js';
import type { TimeStyle } from '../formula/time-text.js';
import { EMPTY, type Value } from '../formula/values.js';
import type { FormulaResults } from './formula-results.js';

/** One document as the columns of views see it: items, and values of formulas, each computed once for all views. */
export interface DocumentValues {
  /** An item by its name in lower case; the empty text when it is not there. */
  item(name: string): Value;
  valueOf(formula: Formula): Value;
}

/**
 * No clock and nothing outside the document: an index must not depend on the moment or the machine it was made on.
 * `results` are shared by the documents of one time style.
 */
export function documentValues(
  fields: ReadonlyMap<string, Value>,
  timeStyle: TimeStyle,
  results?: FormulaResults,
): DocumentValues {
  const context = contextOf(fields, { timeStyle });
  const known = new Map<Formula, Value>();
  return {
    item: (name) => fields.get(name) ?? EMPTY,
    valueOf: (formula) => {
      const before = known.get(formula);
      if (before) return before;
      const compute = (): Value => evaluate(formula, context);
      const value = results ? results.valueOf(formula, fields, compute) : compute();
      known.set(formula, value);
      return value;
    },
  };
}
