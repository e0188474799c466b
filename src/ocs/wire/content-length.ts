import { bad, ok, type Result } from '../../presence/result.js';
import { parseUnsigned } from './headers/number.js';
import { isBlank, skipBlanks } from './scan.js';

const NAME = 'content-length';
const LETTER_C = 0x63;
const LETTER_L = 0x6c;
const TO_LOWER = 0x20;

/**
 * Length that the Content-Length lines of a message agree on (RFC 3261 §20.14): `undefined` when there is no line, bad
 * when one is no number or they differ.
 */
export function agreedLength(lines: readonly string[]): Result<number | undefined> {
  let agreed: number | undefined;
  for (const line of lines) {
    const length = parseUnsigned(line, Number.POSITIVE_INFINITY);
    if (length === undefined) return bad('Content-Length is not a number');
    if (agreed !== undefined && agreed !== length) return bad('Content-Length is stated twice, with different values');
    agreed = length;
  }
  return ok(agreed);
}

/**
 * Finds the Content-Length lines without reading the other headers, by the rules of `HeaderLines`: framer and decoder
 * must not disagree on where a message ends.
 *
 * @param octets start line and header fields with the CRLF of the last one, one character per octet
 */
export function contentLengthLines(octets: string): string[] {
  const lines: string[] = [];
  for (let feed = octets.indexOf('\n'); feed >= 0; feed = octets.indexOf('\n', feed + 1)) {
    const colon = colonOfContentLength(octets, feed + 1);
    if (colon >= 0) lines.push(octets.slice(colon + 1, endOfField(octets, colon)));
  }
  return lines;
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
