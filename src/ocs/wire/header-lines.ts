import { TOKEN } from './char-class.js';
import type { HeaderName } from './header-name.js';
import type { SipLimits } from './limits.js';
import { isBlank, skipBlanks, trimmed } from './scan.js';

const CR = 0x0d;
const COLON = 0x3a;
const TO_LOWER = 0x20;

/** Where one header field stands in the head, as positions. Nothing is cut out until somebody asks for it. */
interface HeaderLine {
  readonly start: number;
  readonly nameEnd: number;
  readonly valueStart: number;
  /** Before the CRLF. */
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
  /** First thing found wrong with the block; lines that can be read are there all the same. */
  problem: HeaderProblem | undefined;
  readonly #head: string;
  readonly #text: (start: number, end: number) => string;
  readonly #lines: HeaderLine[] = [];

  /**
   * @param head start line and header fields with the CRLF of the last one, one character per octet
   * @param from where the first header field starts
   * @param text gives the decoded text between two positions
   */
  constructor(head: string, from: number, text: (start: number, end: number) => string, limits: SipLimits) {
    this.#head = head;
    this.#text = text;
    let at = from;
    while (at < head.length && !this.problem?.overLimit) at = this.#scan(at, limits);
  }

  /** Value of the first field of this name, unfolded, without blanks around it. */
  first(name: HeaderName): string | undefined {
    const line = this.#lines.find((candidate) => this.#isNamed(candidate, name));
    return line && this.#valueOf(line);
  }

  all(name: HeaderName): string[] {
    return this.#lines.filter((line) => this.#isNamed(line, name)).map((line) => this.#valueOf(line));
  }

  count(name: HeaderName): number {
    let count = 0;
    for (const line of this.#lines) if (this.#isNamed(line, name)) count++;
    return count;
  }

  /** All fields in their order, names as written. */
  entries(): [name: string, value: string][] {
    return this.#lines.map((line) => [this.#head.slice(line.start, line.nameEnd), this.#valueOf(line)]);
  }

  /** Reads one field with its continuation lines and gives the position of the next. */
  #scan(start: number, limits: SipLimits): number {
    const head = this.#head;
    let lineStart = start;
    let feed = head.indexOf('\n', start);
    let folded = false;
    while (feed >= 0) {
      if (head.indexOf('\r', lineStart) !== feed - 1) this.#report('a line ends in a lone CR or LF');
      if (!isBlank(head.charCodeAt(feed + 1))) break;
      folded = true;
      lineStart = feed + 1;
      feed = head.indexOf('\n', lineStart);
    }
    const next = feed < 0 ? head.length : feed + 1;
    const end = feed > start && head.charCodeAt(feed - 1) === CR ? feed - 1 : next - 1;
    if (next - start > limits.line) return this.#stop('a header line', limits.line, next);
    if (this.#lines.length === limits.headers) return this.#stop('the number of headers', limits.headers, next);
    this.#add(start, end, folded);
    return next;
  }

  #add(start: number, end: number, folded: boolean): void {
    const head = this.#head;
    let nameEnd = start;
    while (TOKEN[head.charCodeAt(nameEnd)] === 1) nameEnd++;
    const colon = head.charCodeAt(nameEnd) === COLON ? nameEnd : skipBlanks(head, nameEnd);
    if (nameEnd === start || head.charCodeAt(colon) !== COLON) {
      this.#report('a header line has no name');
      return;
    }
    this.#lines.push({ start, nameEnd, valueStart: colon + 1, end, folded });
  }

  #isNamed(line: HeaderLine, name: HeaderName): boolean {
    const length = line.nameEnd - line.start;
    const first = this.#head.charCodeAt(line.start) | TO_LOWER;
    if (length === 1) return first === name.compact || (name.long.length === 1 && first === name.long.charCodeAt(0));
    if (length !== name.long.length || first !== (name.long.charCodeAt(0) | TO_LOWER)) return false;
    return this.#head.slice(line.start, line.nameEnd).toLowerCase() === name.long;
  }

  #valueOf(line: HeaderLine): string {
    const value = trimmed(this.#text(line.valueStart, line.end));
    return line.folded ? unfolded(value) : value;
  }

  #report(reason: string): void {
    this.problem ??= { reason, overLimit: false };
  }

  #stop(what: string, limit: number, next: number): number {
    this.problem = { reason: `${what} is over the limit of ${limit}`, overLimit: true };
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
