import { type EventCode, runFormula } from '../design/formula-code.js';
import type { FormulaContext } from '../formula/context.js';
import { contextOf } from '../formula/context.js';
import type { FormulaEffect } from '../formula/effects.js';
import type { Value } from '../formula/values.js';

export type ClickOutcome =
  | {
      readonly kind: 'ran';
      readonly value: Value;
      /** What it did, in order. */
      readonly effects: readonly FormulaEffect[];
      /** The document's fields afterwards, by name in lower case. */
      readonly values: ReadonlyMap<string, Value>;
    }
  /** Its code is not a formula, so only Notes can run it. */
  | { readonly kind: 'cannot-run'; readonly language: Exclude<EventCode['kind'], 'formula'> };

/**
 * Runs what an action, a button or a hotspot does, on the values of an open form. Effects are recorded and none is carried
 * out; questions are answered by `formulas.answer`.
 */
export function runClick(
  code: EventCode,
  fields: ReadonlyMap<string, Value>,
  formulas: Partial<Omit<FormulaContext, 'field'>> = {},
): ClickOutcome {
  if (code.kind !== 'formula') return { kind: 'cannot-run', language: code.kind };
  const values = new Map(fields);
  const effects: FormulaEffect[] = [];
  const record = (effect: FormulaEffect): void => {
    if (effect.kind === 'set-field') values.set(effect.name.toLowerCase(), effect.value);
    effects.push(effect);
    formulas.effects?.(effect);
  };
  const value = runFormula(code, contextOf(values, { ...formulas, effects: record }));
  return { kind: 'ran', value, effects, values };
}
