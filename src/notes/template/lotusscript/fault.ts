import type { Position } from './syntax.js';

/** Thrown while a script is read; `parseScript` turns it into an outcome, so it never leaves this folder. */
export class ScriptFault extends Error {
  readonly at: Position;

  constructor(reason: string, at: Position) {
    super(reason);
    this.at = at;
  }
}
