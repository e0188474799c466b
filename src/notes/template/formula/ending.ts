import type { Value } from './values.js';

/** Thrown to end a formula with a value: by `@Return`, and where a user cancels a dialog. `evaluate` catches it. */
export class FormulaEnded extends Error {
  readonly value: Value;

  constructor(value: Value) {
    super('The formula ended');
    this.value = value;
  }
}
