import type { EventCode } from '../design/formula-code.js';

/** Gives everything that can be clicked an id that stays the same as long as the design does. */
export class ClickIds {
  readonly codes = new Map<string, EventCode>();
  readonly #taken = new Map<string, number>();

  /** The id of something with this code; by the line of the code, which no hidden neighbour can shift. */
  idOf(code: EventCode | undefined): string {
    const line = code ? `click-${code.line}` : 'click-none';
    const count = (this.#taken.get(line) ?? 0) + 1;
    this.#taken.set(line, count);
    const id = count === 1 ? line : `${line}-${count}`;
    if (code) this.codes.set(id, code);
    return id;
  }
}
