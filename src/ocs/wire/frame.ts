import { BridgeError, type ErrorCode } from '../../presence/errors.js';
import { DEFAULT_SIP_LIMITS, type SipLimits } from './limits.js';
import { type ReadHead, readHead } from './read-head.js';

/** Receives what the framer finds. Must not throw. */
export interface FrameSink {
  /**
   * Exactly one message; may be a view on the chunk that was pushed. `head`, when it is there, spares the decoder work.
   */
  onMessage(bytes: Buffer, head?: ReadHead): void;
  /**
   * Line ends between messages (RFC 5626 §3.5.1). Each CRLF is a `pong`; one that follows another directly makes it a
   * `ping` as well. A lone CRLF cannot be told from the first half of a ping without waiting for more.
   */
  onKeepAlive(kind: 'ping' | 'pong'): void;
  /** The stream cannot be read any further: close the connection. Comes once; nothing follows it. */
  onError(error: BridgeError): void;
}

const CR = 0x0d;
const LF = 0x0a;
const END_OF_HEAD = '\r\n\r\n';
const FIRST_CAPACITY = 4096;
const NOTHING = Buffer.alloc(0);

/**
 * Cuts a TCP stream into messages (RFC 3261 §18.3), whatever the chunks. The work grows with the octets, not with the
 * number of chunks; a message that lies within one chunk is not even copied. A message without Content-Length, or with
 * one that is malformed or over a limit, ends the stream: where the next message would start is anybody's guess, and
 * guessing is what request smuggling lives on.
 */
export class SipFramer {
  readonly #sink: FrameSink;
  readonly #limits: SipLimits;
  #state: 'between' | 'head' | 'body' | 'stopped' = 'between';
  /** Message in the making, when it does not lie within one chunk: the first `#filled` octets of this buffer. */
  #held = NOTHING;
  #filled = 0;
  /** Between messages: how many octets of CRLF CRLF have just come. */
  #matched = 0;
  #begun = 0;

  constructor(sink: FrameSink, limits: SipLimits = DEFAULT_SIP_LIMITS) {
    this.#sink = sink;
    this.#limits = limits;
  }

  /** Messages that have begun so far, the unfinished one included. */
  get begun(): number {
    return this.#begun;
  }

  /** The part of a message that the stream has not brought to its end; `undefined` between messages. */
  get unfinished(): 'head' | 'body' | undefined {
    return this.#state === 'head' || this.#state === 'body' ? this.#state : undefined;
  }

  /** Takes the next octets of the stream. */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) at = this.#step(chunk, at);
  }

  /** From now on everything is swallowed; for whoever decides in `onMessage` to close the connection. */
  stop(): void {
    this.#state = 'stopped';
    this.#release();
  }

  /** Works on the chunk from `at`, gives the position to go on from. */
  #step(chunk: Buffer, at: number): number {
    switch (this.#state) {
      case 'between':
        return this.#skipLineEnds(chunk, at);
      case 'head':
        return this.#filled === 0 ? this.#readHead(chunk, at) : this.#continueHead(chunk, at);
      case 'body':
        return this.#continueBody(chunk, at);
      case 'stopped':
        return chunk.length;
    }
  }

  /** RFC 3261 §7.5: line ends before a start line are ignored. */
  #skipLineEnds(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const octet = chunk[at];
      if (octet === CR) this.#matched = this.#matched === 2 ? 3 : 1;
      else if (octet === LF) this.#onLineFeed();
      else {
        this.#matched = 0;
        this.#begun++;
        this.#state = 'head';
        return at;
      }
      if (this.#state === 'stopped') return chunk.length;
    }
    return chunk.length;
  }

  #onLineFeed(): void {
    const before = this.#matched;
    this.#matched = before === 1 ? 2 : 0;
    if (before === 1 || before === 3) this.#sink.onKeepAlive('pong');
    if (before === 3) this.#sink.onKeepAlive('ping');
  }

  /** A message starts at `from`; usually it ends in this chunk too. */
  #readHead(chunk: Buffer, from: number): number {
    const end = chunk.indexOf(END_OF_HEAD, from, 'latin1');
    if (end < 0) return this.#checkHeld(this.#holdHead(chunk, from));
    const bodyStart = end + END_OF_HEAD.length;
    const head = this.#headOf(chunk, from, bodyStart);
    const length = head === undefined ? -1 : this.#bodyLengthOf(head);
    if (length < 0) return chunk.length;
    const next = bodyStart + length;
    if (next > chunk.length) {
      this.#startBody(chunk.subarray(from, bodyStart), length);
      return bodyStart;
    }
    this.#deliver(chunk.subarray(from, next), head);
    return next;
  }

  /** Part of a head is held; its end may lie across the border of two chunks. */
  #continueHead(chunk: Buffer, from: number): number {
    const before = this.#filled;
    const next = this.#holdHead(chunk, from);
    const end = this.#held.subarray(0, this.#filled).indexOf(END_OF_HEAD, Math.max(0, before - 3), 'latin1');
    if (end < 0) return this.#checkHeld(next);
    const bodyStart = end + END_OF_HEAD.length;
    const head = this.#headOf(this.#held, 0, bodyStart);
    const length = head === undefined ? -1 : this.#bodyLengthOf(head);
    if (length < 0) return chunk.length;
    this.#startBody(this.#held.subarray(0, bodyStart), length);
    return from + bodyStart - before;
  }

  /** Copies what may still belong to the head, at most up to its limit. */
  #holdHead(chunk: Buffer, from: number): number {
    const next = Math.min(chunk.length, from + this.#limits.headerBlock - this.#filled);
    const needed = this.#filled + next - from;
    if (needed > this.#held.length) {
      const larger = Buffer.allocUnsafe(Math.max(FIRST_CAPACITY, 2 * needed));
      this.#held.copy(larger, 0, 0, this.#filled);
      this.#held = larger;
    }
    chunk.copy(this.#held, this.#filled, from, next);
    this.#filled = needed;
    return next;
  }

  #checkHeld(next: number): number {
    const limit = this.#limits.headerBlock;
    if (this.#filled >= limit) this.#fail('OCS_LIMIT', `A message head is over the limit of ${limit} octets.`);
    return next;
  }

  /** Reads the head between two positions, which has an empty line behind it; `undefined` when the stream had to be given up. */
  #headOf(octets: Buffer, from: number, bodyStart: number): ReadHead | undefined {
    const { headerBlock } = this.#limits;
    if (bodyStart - from <= headerBlock) return readHead(octets.subarray(from, bodyStart - 2), this.#limits);
    this.#fail('OCS_LIMIT', `A message head is over the limit of ${headerBlock} octets.`);
    return undefined;
  }

  /** Length of the body that follows this head; -1 when the stream had to be given up. */
  #bodyLengthOf({ bodyLength: length }: ReadHead): number {
    const { body } = this.#limits;
    if (!length.ok) return this.#fail('OCS_PROTOCOL', `A message has no usable length: ${length.reason}.`);
    if (length.value === undefined) return this.#fail('OCS_PROTOCOL', 'A message has no Content-Length.');
    if (length.value > body) return this.#fail('OCS_LIMIT', `A message body is over the limit of ${body} octets.`);
    return length.value;
  }

  /** The length is known and within its limit: the rest goes to its place as it comes. */
  #startBody(head: Buffer, length: number): void {
    const whole = Buffer.allocUnsafeSlow(head.length + length);
    head.copy(whole);
    this.#held = whole;
    this.#filled = head.length;
    this.#state = 'body';
    if (length === 0) this.#deliver(whole);
  }

  #continueBody(chunk: Buffer, from: number): number {
    const next = Math.min(chunk.length, from + this.#held.length - this.#filled);
    chunk.copy(this.#held, this.#filled, from, next);
    this.#filled += next - from;
    if (this.#filled === this.#held.length) this.#deliver(this.#held);
    return next;
  }

  #deliver(message: Buffer, head?: ReadHead): void {
    this.#state = 'between';
    this.#release();
    this.#sink.onMessage(message, head);
  }

  #fail(code: ErrorCode, message: string): -1 {
    this.stop();
    this.#sink.onError(new BridgeError(code, message));
    return -1;
  }

  #release(): void {
    this.#held = NOTHING;
    this.#filled = 0;
  }
}
