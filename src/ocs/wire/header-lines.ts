import { TOKEN } from './char-class.js';
import type { Head } from './head.js';
import { type HeaderName, headerKey, isNamed } from './header-name.js';
import type { SipLimits } from './limits.js';
import { isBlank, trimmed } from './scan.js';

const COLON = 0x3a;

/** Where one header field stands in the head. Nothing is cut out until somebody asks for it. */
interface HeaderLine {
  readonly key: number;
  readonly start: number;
  readonly nameEnd: number;
  readonly colon: number;
  /** Where its last line feed stands. */
  readonly end: number;
  readonly folded: boolean;
}

export interface HeaderProblem {
  readonly reason: string;
  /** A limit was passed, and reading stopped there. */
  readonly overLimit: boolean;
}

/** Index over the header fields of one message: which lines there are, and where. */
export class HeaderLines {
  readonly #head: Head;
  readonly #lines: HeaderLine[] = [];
  /** Fields seen, malformed ones included. */
  #fields = 0;
  #problem: HeaderProblem | undefined;

  /** @param from where the first header field starts */
  constructor(head: Head, from: number, limits: SipLimits) {
    this.#head = head;
    let at = from;
    while (at < head.octets.length && !this.#problem?.overLimit) at = this.#scan(at, limits);
  }

  /** First thing found wrong with the block. The lines that can be read are there all the same. */
  get problem(): HeaderProblem | undefined {
    return this.#problem;
  }

  /** Value of the first field of this name, unfolded, without blanks around it. */
  first(name: HeaderName): string | undefined {
    const { bytes } = this.#head;
    for (const line of this.#lines)
      if (line.key === name.key && isNamed(bytes, line.start, line.nameEnd, name)) return this.#valueOf(line);
    return undefined;
  }

  all(name: HeaderName): string[] {
    const { bytes } = this.#head;
    const values: string[] = [];
    for (const line of this.#lines) {
      if (line.key === name.key && isNamed(bytes, line.start, line.nameEnd, name)) values.push(this.#valueOf(line));
    }
    return values;
  }

  /** All fields of this name as whole lines: as they came, but unfolded, and a compact name in full as `label`. */
  written(name: HeaderName, label: string): string[] {
    const head = this.#head;
    const lines: string[] = [];
    for (const line of this.#lines) {
      const { key, start, nameEnd, end, folded } = line;
      if (key !== name.key || !isNamed(head.bytes, start, nameEnd, name)) continue;
      const isUsual = !folded && nameEnd - start === label.length;
      lines.push(isUsual ? head.text(start, end + 1) : `${label}: ${this.#valueOf(line)}\r\n`);
    }
    return lines;
  }

  /** FNV-1a over the octets of all fields of this name, going on from the hash before. */
  hashed(name: HeaderName, before: number): number {
    const { bytes } = this.#head;
    let hash = before;
    for (const { key, start, nameEnd, end } of this.#lines) {
      if (key !== name.key || !isNamed(bytes, start, nameEnd, name)) continue;
      for (let at = nameEnd; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
    }
    return hash >>> 0;
  }

  count(name: HeaderName): number {
    const { bytes } = this.#head;
    let count = 0;
    for (const line of this.#lines)
      if (line.key === name.key && isNamed(bytes, line.start, line.nameEnd, name)) count++;
    return count;
  }

  /** All fields in their order, names as written. */
  entries(): [name: string, value: string][] {
    return this.#lines.map((line) => [this.#head.octets.slice(line.start, line.nameEnd), this.#valueOf(line)]);
  }

  /** Reads one field with its continuation lines and gives the position of the next. */
  #scan(start: number, limits: SipLimits): number {
    const { bytes } = this.#head;
    let feed = this.#lineFeed(start);
    const folded = isBlank(bytes[feed + 1]);
    while (isBlank(bytes[feed + 1])) feed = this.#lineFeed(feed + 1);
    const next = feed + 1;
    if (next - start > limits.line) return this.#stop('a header line', limits.line, next);
    if (this.#fields++ === limits.headers) return this.#stop('the number of headers', limits.headers, next);
    let nameEnd = start;
    while (TOKEN[bytes[nameEnd] ?? 0] === 1) nameEnd++;
    let colon = nameEnd;
    while (isBlank(bytes[colon])) colon++;
    if (nameEnd === start || bytes[colon] !== COLON) this.#report('a header line has no name');
    else this.#lines.push({ key: headerKey(bytes, start, nameEnd), start, nameEnd, colon, end: feed, folded });
    return next;
  }

  /** Position of the line feed that ends the line; the head ends in one. */
  #lineFeed(at: number): number {
    const { octets } = this.#head;
    const feed = octets.indexOf('\n', at);
    // Looked for only until it was found once: searching on from each of many lone LFs would take quadratic time.
    if (!this.#problem && octets.indexOf('\r', at) !== feed - 1) this.#report('a line holds a lone CR or LF');
    return feed;
  }

  #valueOf(line: HeaderLine): string {
    const value = trimmed(this.#head.text(line.colon + 1, line.end));
    return line.folded ? unfolded(value) : value;
  }

  #report(reason: string): void {
    this.#problem ??= { reason, overLimit: false };
  }

  #stop(what: string, limit: number, next: number): number {
    this.#problem = { reason: `${what} is over the limit of ${limit}`, overLimit: true };
    return next;
  }
}

/** RFC 3261 §7.3.1: a line break and the blanks around it count as one blank. */
function unfolded(value: string): string {
  return value
    .split('\n')
    .map((line) => trimmed(line))
    .filter((line) => line !== '')
    .join(' ');
}
