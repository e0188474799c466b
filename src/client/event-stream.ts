import { PresenceError } from './presence-error.js';

/**
 * Reads server-sent events (WHATWG HTML, "text/event-stream") from text that comes in any pieces. Only their data counts:
 * type and cursor stand in the messages themselves.
 */
export class EventStreamReader {
  readonly #limit: number;
  /** Pieces of a line whose end has not come yet. */
  #line: string[] = [];
  #data: string[] = [];
  /** Characters in both. */
  #size = 0;
  #atStart = true;
  /** The last piece ended between the two characters of a line's end. */
  #afterReturn = false;

  /** `limit`: characters of one event at most. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The data of all events that end in this piece. Throws `CLIENT_LIMIT`. */
  push(piece: string): string[] {
    const text = this.#continued(piece);
    const events: string[] = [];
    const lineEnd = /\r\n|\n|\r/g;
    let from = 0;
    for (let end = lineEnd.exec(text); end !== null; end = lineEnd.exec(text)) {
      this.#hold(text.slice(from, end.index));
      const event = this.#endLine();
      if (event !== undefined) events.push(event);
      from = lineEnd.lastIndex;
    }
    this.#hold(text.slice(from));
    return events;
  }

  #continued(piece: string): string {
    if (piece === '') return piece;
    const skipped = (this.#afterReturn && piece.startsWith('\n')) || (this.#atStart && piece.startsWith('\uFEFF'));
    this.#afterReturn = piece.endsWith('\r');
    this.#atStart = false;
    return skipped ? piece.slice(1) : piece;
  }

  #hold(piece: string): void {
    if (piece === '') return;
    this.#size += piece.length;
    if (this.#size > this.#limit) {
      throw new PresenceError({ code: 'CLIENT_LIMIT', message: `a message is longer than ${this.#limit} characters` });
    }
    this.#line.push(piece);
  }

  #endLine(): string | undefined {
    const line = this.#line.join('');
    this.#line = [];
    if (line === '') {
      const data = this.#data;
      this.#data = [];
      this.#size = 0;
      return data.length === 0 ? undefined : data.join('\n');
    }
    const [field, value] = split(line);
    if (field === 'data') this.#data.push(value);
    else this.#size -= line.length;
    return undefined;
  }
}

function split(line: string): readonly [field: string, value: string] {
  const colon = line.indexOf(':');
  if (colon < 0) return [line, ''];
  return [line.slice(0, colon), line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)];
}
