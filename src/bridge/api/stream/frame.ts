/** Opcode of a text message in one piece (RFC 6455 §5.2). */
const FINAL_TEXT = 0x81;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/**
 * One message, framed once for each kind of wire however many streams it goes to. The octets are shared between them:
 * nobody may change them.
 */
export class Frame {
  readonly #type: string;
  readonly #text: string;
  readonly #id: string | undefined;
  #webSocket: Buffer | undefined;
  #eventStream: Buffer | undefined;

  /**
   * `text` is the message as JSON, `type` its type. `id` is what a reader of server-sent events shows when it comes back:
   * the empty text makes it forget what it had, `undefined` leaves that.
   */
  constructor(type: string, text: string, id?: string) {
    this.#type = type;
    this.#text = text;
    this.#id = id;
  }

  /** As a WebSocket frame of a server, which is not masked (RFC 6455 §5.1). */
  get webSocket(): Buffer {
    this.#webSocket ??= webSocketFrame(this.#text);
    return this.#webSocket;
  }

  /** As a server-sent event (HTML, "Server-sent events"); JSON has no line ends of its own. */
  get eventStream(): Buffer {
    const id = this.#id === undefined ? '' : `id: ${this.#id}\n`;
    this.#eventStream ??= Buffer.from(`event: ${this.#type}\n${id}data: ${this.#text}\n\n`);
    return this.#eventStream;
  }
}

/** A message whose type stands in it. */
export function frameOf(message: { readonly type: string }): Frame {
  return new Frame(message.type, JSON.stringify(message));
}

function webSocketFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const start = length < LENGTH_16 ? 2 : length < 2 ** 16 ? 4 : 10;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = FINAL_TEXT;
  frame[1] = start === 2 ? length : start === 4 ? LENGTH_16 : LENGTH_64;
  if (start === 4) frame.writeUInt16BE(length, 2);
  if (start === 10) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.write(text, start);
  return frame;
}
