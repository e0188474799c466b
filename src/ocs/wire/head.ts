import { isAscii } from 'node:buffer';

/** Start line and header fields of one message, to be searched quickly and decoded in pieces. */
export class Head {
  /** One character per octet: positions here are positions in the bytes. */
  readonly octets: string;
  readonly bytes: Buffer;
  readonly #ascii: boolean;

  /** @param bytes up to and with the CRLF of the last line */
  constructor(bytes: Buffer) {
    this.octets = bytes.toString('latin1');
    this.bytes = bytes;
    this.#ascii = isAscii(bytes);
  }

  /** The text between two positions. Headers are UTF-8 (RFC 3261 §7); octets that are not become U+FFFD. */
  text(from: number, to: number): string {
    return this.#ascii ? this.octets.slice(from, to) : this.bytes.toString('utf8', from, to);
  }
}
