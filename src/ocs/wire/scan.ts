/** Steps that the readers of header values share. All are linear and work on unfolded values. */

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const BRACKET = 0x3c;
const BACKSLASH = 0x5c;

export function isBlank(code: number | undefined): boolean {
  return code === SPACE || code === TAB;
}

/** First position at or after `at` that is neither blank nor tabulator. */
export function skipBlanks(text: string, at: number): number {
  let i = at;
  while (isBlank(text.charCodeAt(i))) i++;
  return i;
}

/** `text.slice(from, to)` without blanks and line ends around it. Unlike `trim`, it leaves other white space alone. */
export function trimmed(text: string, from = 0, to = text.length): string {
  let start = from;
  let end = to;
  while (start < end && isPadding(text.charCodeAt(start))) start++;
  while (end > start && isPadding(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isPadding(code: number): boolean {
  return code === SPACE || code === TAB || code === CR || code === LF;
}

/** Position behind the closing quote of the quoted string that opens at `at`; -1 when it never closes. */
export function endOfQuoted(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return i + 1;
    if (code === BACKSLASH) i++;
  }
  return -1;
}

/** Content of the quoted string between the positions of its quotes, escapes undone. */
export function unquoted(text: string, from: number, to: number): string {
  const inner = text.slice(from + 1, to - 1);
  if (!inner.includes('\\')) return inner;
  let plain = '';
  for (let i = 0; i < inner.length; i++) {
    if (inner.charCodeAt(i) === BACKSLASH) i++;
    plain += inner[i] ?? '';
  }
  return plain;
}

/**
 * Parts of a list, without blanks around them. Separators inside quoted strings and angle brackets do not count. Empty
 * parts are kept: whether they are allowed is the caller's question.
 */
export function splitList(text: string, separator: ',' | ';' = ','): string[] {
  if (!text.includes(separator)) return [trimmed(text)];
  const wanted = separator.charCodeAt(0);
  const parts: string[] = [];
  let start = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOrLength(text, endOfQuoted(text, at));
    else if (code === BRACKET) at = endOrLength(text, text.indexOf('>', at));
    else {
      if (code === wanted) {
        parts.push(trimmed(text, start, at));
        start = at + 1;
      }
      at++;
    }
  }
  parts.push(trimmed(text, start));
  return parts;
}

function endOrLength(text: string, end: number): number {
  return end < 0 ? text.length : end;
}

/** Whether there is text, without any blank or control character. */
export function isVisible(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= SPACE || code === 0x7f) return false;
  }
  return text.length > 0;
}
