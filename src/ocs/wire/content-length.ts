import { bad, ok, type Result } from '../../presence/result.js';
import { parseUnsigned } from './headers/number.js';
import { isBlank, skipBlanks } from './scan.js';

const NAME = 'content-length';
const LETTER_C = 0x63;
const LETTER_L = 0x6c;
const TO_LOWER = 0x20;

/**
 * Finds the Content-Length of a message without reading its other headers (RFC 3261 §20.14). Framer and decoder both
 * ask here, so they cannot disagree on where a message ends. `undefined` when the header is absent; bad when it is no
 * number, negative, or stated twice with different values.
 *
 * @param head start line and header fields with the CRLF of the last one, one character per octet
 */
export function contentLengthOf(head: string): Result<number | undefined> {
  let length: number | undefined;
  let feed = head.indexOf('\n');
  while (feed >= 0) {
    const colon = colonOfContentLength(head, feed + 1);
    if (colon >= 0) {
      const value = parseUnsigned(head.slice(colon + 1, endOfField(head, colon)), Number.MAX_SAFE_INTEGER);
      if (value === undefined) return bad('Content-Length is not a number');
      if (length !== undefined && length !== value) return bad('Content-Length is stated twice, with different values');
      length = value;
    }
    feed = head.indexOf('\n', feed + 1);
  }
  return ok(length);
}

/** Position of the colon when the line that starts here is a Content-Length, otherwise -1. */
function colonOfContentLength(head: string, start: number): number {
  const first = head.charCodeAt(start) | TO_LOWER;
  if (first === LETTER_L) return colonAt(head, start + 1);
  if (first !== LETTER_C || head.charCodeAt(start + 7) !== 0x2d /* - */) return -1;
  return head.slice(start, start + NAME.length).toLowerCase() === NAME ? colonAt(head, start + NAME.length) : -1;
}

function colonAt(head: string, at: number): number {
  const colon = skipBlanks(head, at);
  return head[colon] === ':' ? colon : -1;
}

/** Position of the line feed that ends the field, continuation lines included. */
function endOfField(head: string, at: number): number {
  let feed = head.indexOf('\n', at);
  while (feed >= 0 && isBlank(head.charCodeAt(feed + 1))) feed = head.indexOf('\n', feed + 1);
  return feed < 0 ? head.length : feed;
}
