/** Sizes in bytes. */
export interface FrameLimits {
  /** Start line and headers together, including the empty line. */
  readonly head: number;
  readonly body: number;
}

export interface Frame {
  /** Start line and headers, without the empty line. */
  readonly head: string;
  readonly body: Buffer;
}

const CR = 13;
const LF = 10;
const HEAD_END = Buffer.from('\r\n\r\n');
const CONTENT_LENGTH = /^(?:content-length|l)[ \t]*:/i;
const INITIAL_CAPACITY = 4096;

/** Thrown when the stream cannot be understood any more; the connection must be closed. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
}

/**
 * Cuts a byte stream into messages (RFC 3261 §18.3): skips CR and LF between messages, which are keep-alives, reads the
 * head up to the empty line, then `Content-Length` bytes. A missing `Content-Length` counts as 0.
 */
export class Framer {
  readonly #limits: FrameLimits;
  #buffer = Buffer.alloc(INITIAL_CAPACITY);
  #length = 0;
  /** Where the search for the end of the head goes on. */
  #searched = 0;
  #pending: { readonly head: string; readonly bodyStart: number; readonly end: number } | undefined;

  constructor(limits: FrameLimits) {
    this.#limits = limits;
  }

  /** Messages completed by this chunk. Throws `FramingError`. */
  push(chunk: Buffer): Frame[] {
    this.#append(chunk);
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #append(chunk: Buffer): void {
    const needed = this.#length + chunk.length;
    if (needed > this.#buffer.length) {
      const grown = Buffer.alloc(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    chunk.copy(this.#buffer, this.#length);
    this.#length = needed;
  }

  #next(): Frame | undefined {
    this.#pending ??= this.#readHead();
    if (!this.#pending || this.#length < this.#pending.end) return undefined;
    const { head, bodyStart, end } = this.#pending;
    const body = Buffer.from(this.#buffer.subarray(bodyStart, end));
    this.#discard(end);
    this.#pending = undefined;
    return { head, body };
  }

  #readHead(): { readonly head: string; readonly bodyStart: number; readonly end: number } | undefined {
    if (this.#searched === 0) this.#skipLineEnds();
    const from = Math.max(0, this.#searched - HEAD_END.length + 1);
    const at = this.#buffer.subarray(0, this.#length).indexOf(HEAD_END, from);
    this.#searched = this.#length;
    if (at < 0 ? this.#length > this.#limits.head : at + HEAD_END.length > this.#limits.head) {
      throw new FramingError(`the head of a message is longer than ${this.#limits.head} bytes`);
    }
    if (at < 0) return undefined;
    const head = this.#buffer.toString('utf8', 0, at);
    const bodyStart = at + HEAD_END.length;
    return { head, bodyStart, end: bodyStart + this.#contentLength(head) };
  }

  #contentLength(head: string): number {
    const lines = head.split('\r\n').filter((line) => CONTENT_LENGTH.test(line));
    const values = lines.map((line) => line.slice(line.indexOf(':') + 1).trim());
    const [value = '0'] = values;
    if (!/^\d{1,10}$/.test(value) || values.some((other) => other !== value)) {
      throw new FramingError('Content-Length is not a number, or there are two');
    }
    if (Number(value) > this.#limits.body) {
      throw new FramingError(`the body of a message is longer than ${this.#limits.body} bytes`);
    }
    return Number(value);
  }

  #skipLineEnds(): void {
    let start = 0;
    while (start < this.#length && (this.#buffer[start] === CR || this.#buffer[start] === LF)) start += 1;
    if (start > 0) this.#discard(start);
  }

  #discard(count: number): void {
    this.#buffer.copyWithin(0, count, this.#length);
    this.#length -= count;
    this.#searched = 0;
  }
}
