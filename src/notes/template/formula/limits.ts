/** Bounds of reading and running one formula. A formula that reaches one is refused or gives an error value. */
export interface FormulaLimits {
  /** Characters of the formula's text. */
  readonly length: number;
  /** Levels of brackets and calls. */
  readonly depth: number;
  /** Levels of the whole expression: a chain of n operators has n of them. */
  readonly height: number;
  /** Expressions evaluated in one run. */
  readonly steps: number;
  /** Entries of one list. */
  readonly listLength: number;
  /** Characters of one text. */
  readonly textLength: number;
}

/** Far above what a view needs; Notes itself ends a text at 64 KB. */
export const FORMULA_LIMITS: FormulaLimits = {
  length: 65_536,
  depth: 100,
  height: 1000,
  steps: 50_000,
  listLength: 10_000,
  textLength: 65_536,
};
