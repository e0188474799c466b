import { type Formula, visit } from '../formula/syntax.js';
import type { Value } from '../formula/values.js';

/** Results of formulas by what they read: many people have one status, and few formulas read more than that. */
export interface FormulaResults {
  /** The formula's value over these fields; `compute` runs it when no document before had the same. */
  valueOf(formula: Formula, fields: ReadonlyMap<string, Value>, compute: () => Value): Value;
}

/** Different inputs of one formula that are kept. One with more reads names or moments, and keeping them gains nothing. */
const MAX_INPUTS = 300;

/** Characters of an input; a longer one costs more to compare than to compute. */
const MAX_INPUT_LENGTH = 200;

/** Functions that read fields which are not named in the formula. */
const READS_OTHERS: ReadonlySet<string> = new Set(['@getfield', '@thisvalue', '@thisname']);

interface Known {
  /** Names in lower case that the formula reads or sets. */
  readonly names: readonly string[];
  readonly results: Map<string, Value>;
}

/** For one time style: the results must depend on nothing but fields. */
export function createFormulaResults(): FormulaResults {
  const formulas = new Map<Formula, Known | 'varies'>();
  return {
    valueOf: (formula, fields, compute) => {
      let known = formulas.get(formula);
      if (known === undefined) {
        known = inputsOf(formula);
        formulas.set(formula, known);
      }
      if (known === 'varies') return compute();
      const input = known.names.map((name) => inputText(fields.get(name))).join('');
      const before = known.results.get(input);
      if (before) return before;
      const value = compute();
      if (known.results.size >= MAX_INPUTS) formulas.set(formula, 'varies');
      else if (input.length <= MAX_INPUT_LENGTH) known.results.set(input, value);
      return value;
    },
  };
}

function inputsOf(formula: Formula): Known | 'varies' {
  const names = new Set<string>();
  let readsOthers = false;
  visit(formula, (expression) => {
    if (expression.kind === 'name' || expression.kind === 'assign') names.add(expression.key);
    if (expression.kind === 'call' && READS_OTHERS.has(expression.name)) readsOthers = true;
  });
  return readsOthers ? 'varies' : { names: [...names], results: new Map() };
}

/** Exact, so that no text can pass for two others. A field that is not there differs from an empty one. */
function inputText(value: Value | undefined): string {
  if (value === undefined) return '-';
  if (value.type === 'error') return `error ${value.reason.length}:${value.reason}`;
  let input = `${value.type} ${value.list.length}`;
  for (const entry of value.list) input += typeof entry === 'number' ? ` ${entry}` : ` ${entry.length}:${entry}`;
  return input;
}
