import { compileFormula } from '../formula/compile.js';
import type { FormulaContext } from '../formula/context.js';
import { evaluate } from '../formula/evaluate.js';
import type { ParseOutcome } from '../formula/parser.js';
import { error, type Value } from '../formula/values.js';
import { childrenOf, type XmlElement } from '../xml-tree.js';

/** A formula of the DXL. One that cannot be read gives an error value where it is run, so that it hides nothing else. */
export interface FormulaCode {
  readonly kind: 'formula';
  readonly outcome: ParseOutcome;
  /** Line of the DXL on which it begins. */
  readonly line: number;
}

/** Something fixed, or what a formula gives. */
export type Computed = string | FormulaCode;

/** What runs at an event. Only formulas can be run here; of others it is known that they are there. */
export type EventCode =
  | FormulaCode
  | { readonly kind: 'lotusscript' | 'javascript'; readonly source: string; readonly line: number }
  | { readonly kind: 'simple-action'; readonly line: number };

/** The code of one event of an element for the Notes client, whatever its language. */
export function eventCode(element: XmlElement, event: string): EventCode | undefined {
  const code = childrenOf(element, 'code').find(
    ({ attributes }) =>
      attributes.get('event') === event && attributes.get('for') !== 'web' && attributes.get('enabled') !== 'false',
  );
  const [content] = code?.children ?? [];
  if (!content) return undefined;
  const { name, text: source, contentLine: line } = content;
  if (name === 'formula') return formulaCode(content);
  if (name === 'lotusscript' || name === 'javascript') return { kind: name, source, line };
  return { kind: 'simple-action', line };
}

/** The formula of an event; nothing when there is none or it is written in another language. */
export function eventFormula(element: XmlElement, event: string): FormulaCode | undefined {
  const code = eventCode(element, event);
  return code?.kind === 'formula' ? code : undefined;
}

/** Reads a `formula` element. It is compiled when it is first asked for: who draws views needs no formulas of forms. */
export function formulaCode(formula: XmlElement): FormulaCode {
  const { text: source, contentLine: line } = formula;
  let known: ParseOutcome | undefined;
  return {
    kind: 'formula',
    line,
    get outcome() {
      known ??= compileFormula(source);
      return known;
    },
  };
}

/** Runs a formula of the DXL; one that could not be read gives an error value that names the line. */
export function runFormula({ outcome, line }: FormulaCode, context: FormulaContext): Value {
  if (outcome.ok) return evaluate(outcome.formula, context);
  return error(`line ${line + outcome.at.line - 1}: ${outcome.reason}`);
}
