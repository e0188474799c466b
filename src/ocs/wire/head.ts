import { isAscii } from 'node:buffer';

/** Start line and header fields of one message, to be searched quickly and decoded in pieces. */
export class Head {
  /** One character per octet, up to and with the CRLF of the last line: positions here are positions in the bytes. */
  readonly octets: string;
  readonly bytes: Buffer;
  readonly #ascii: boolean;

  /**
   * @param end position of the empty line that ends the header fields
   * @param octets what stands before it, when that is known
   */
  constructor(bytes: Buffer, end: number, octets = bytes.toString('latin1', 0, end)) {
    this.octets = octets;
    this.bytes = bytes;
    this.#ascii = isAscii(bytes.subarray(0, end));
  }

  /** The text between two positions. Headers are UTF-8 (RFC 3261 §7); octets that are not become U+FFFD. */
  text(from: number, to: number): string {
    return this.#ascii ? this.octets.slice(from, to) : this.bytes.toString('utf8', from, to);
  }
}
