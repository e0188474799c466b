import type { Position } from './syntax.js';

/** Thrown while a formula is read; `parseFormula` turns it into an outcome, so it never leaves this folder. */
export class FormulaFault extends Error {
  readonly at: Position;

  constructor(reason: string, at: Position) {
    super(reason);
    this.at = at;
  }
}
