import { refusal } from './refusal.js';
import type { Slices } from './slices.js';

export interface MultipartLimits {
  readonly parts: number;
  /** Octets of all header lines of one part. */
  readonly headerBytes: number;
}

export const MULTIPART_LIMITS: MultipartLimits = { parts: 1024, headerBytes: 8 * 1024 };

export interface BodyPart {
  /** By field name in lower case, values unfolded. The first of two equal names counts. */
  readonly headers: ReadonlyMap<string, string>;
  /** The octets, a view into the whole body. */
  readonly body: Buffer;
}

/** RFC 2046 allows 70; more than enough for those who do not know. */
const LONGEST_BOUNDARY = 200;
const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;

/**
 * Splits a multipart body (RFC 2046 §5.1.1). What stands before the first and behind the closing delimiter is
 * dropped, a missing closing delimiter ends the last part with the body, and lines may end in a bare LF.
 * COMPAT(mobicents): a missing empty line ends the header lines where the first line stands that is none. Throws
 * `OCS_DOCUMENT`: `boundary` when there is no delimiter, `parts` and `part-header` when a limit is exceeded. Each part
 * is read when all before it were taken; a step without a part gives `undefined`.
 */
export function* splitMultipart(
  body: Buffer,
  boundary: string,
  limits: MultipartLimits = MULTIPART_LIMITS,
): Generator<BodyPart | undefined, void, undefined> {
  if (boundary === '' || boundary.length > LONGEST_BOUNDARY)
    throw refusal('boundary', 'The body has no usable boundary.');
  const delimiter = Buffer.from(`--${boundary}`, 'latin1');
  let parts = 0;
  let here = yield* nextDelimiter(body, delimiter, 0);
  if (here === undefined) throw refusal('boundary', 'The boundary does not occur in the body.');
  while (here !== undefined && !here.closing) {
    if (parts++ >= limits.parts) throw refusal('parts', `The body has more than ${limits.parts} parts.`);
    const next: Delimiter | undefined = yield* nextDelimiter(body, delimiter, here.end);
    yield readPart(body.subarray(here.end, next?.start ?? body.length), limits.headerBytes);
    here = next;
  }
}

interface Delimiter {
  /** Where the line end before it begins, which belongs to the delimiter. */
  readonly start: number;
  /** Behind its own line end. */
  readonly end: number;
  readonly closing: boolean;
}

/** Octets that are searched, and lines that look like a delimiter but are none, in one step. */
const STEP = 256 * 1024;
const STEP_MISSES = 1024;

function* nextDelimiter(body: Buffer, delimiter: Buffer, from: number): Slices<Delimiter | undefined> {
  let misses = 0;
  let at = from;
  while (at < body.length) {
    const end = Math.min(body.length, at + STEP + delimiter.length);
    const found = end === body.length ? body.indexOf(delimiter, at) - at : body.subarray(at, end).indexOf(delimiter);
    if (found >= 0) {
      const delimited = delimiterAt(body, delimiter, at + found, from);
      if (delimited !== undefined) return delimited;
      at += found + 1;
      if (++misses % STEP_MISSES === 0) yield;
    } else {
      if (end === body.length) return undefined;
      at += STEP;
      yield;
    }
  }
  return undefined;
}

function delimiterAt(body: Buffer, delimiter: Buffer, at: number, from: number): Delimiter | undefined {
  if (at > from && body[at - 1] !== LF) return undefined;
  const behind = at + delimiter.length;
  const closing = body[behind] === DASH && body[behind + 1] === DASH;
  const end = lineEnd(body, closing ? behind + 2 : behind);
  if (end === undefined) return undefined;
  const lineBreak = at === from ? 0 : body[at - 2] === CR && at - 2 >= from ? 2 : 1;
  return { start: at - lineBreak, end, closing };
}

/** Index behind the line end, when nothing but blanks stands before it; the end of the body counts as one. */
function lineEnd(body: Buffer, from: number): number | undefined {
  let at = from;
  while (body[at] === 0x20 || body[at] === 0x09) at++;
  if (at === body.length) return at;
  if (body[at] === CR) at++;
  return body[at] === LF ? at + 1 : undefined;
}

const FIELD = /^([A-Za-z0-9!#$%&'*+.^_`|~-]{1,127})[ \t]*:[ \t]*(.*)$/s;

const NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,127}$/;
const END_OF_HEADERS = '\r\n\r\n';
const SPACE = 0x20;
/** Names of the usual fields in their usual spelling, which need not be checked each time. */
const USUAL_FIELDS: ReadonlyMap<string, string> = new Map(
  ['Content-Type', 'Content-ID', 'Content-Transfer-Encoding'].map((name) => [name, name.toLowerCase()]),
);

/** A part whose header lines are as simple as usual: one line each, ended by CRLF, and an empty line behind them. */
function readUsualPart(part: Buffer, headerBytes: number): BodyPart | undefined {
  const head = part.length > headerBytes ? part.subarray(0, headerBytes) : part;
  const end = head.indexOf(END_OF_HEADERS, 0, 'latin1');
  if (end <= 0) return undefined;
  const text = part.toString('latin1', 0, end);
  const headers = new Map<string, string>();
  for (let at = 0; at <= end; ) {
    const feed = text.indexOf('\r\n', at);
    const next = feed < 0 ? end : feed;
    const colon = text.indexOf(':', at);
    const name = text.slice(at, colon);
    const value = text.slice(text.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1, next);
    if (colon < 0 || colon > next || value.includes('\n') || value.includes('\r')) return undefined;
    const key = USUAL_FIELDS.get(name) ?? (NAME.test(name) ? name.toLowerCase() : undefined);
    if (key === undefined) return undefined;
    if (!headers.has(key)) headers.set(key, withoutBlanks(value));
    at = next + 2;
  }
  return { headers, body: part.subarray(end + END_OF_HEADERS.length) };
}

function withoutBlanks(value: string): string {
  const first = value.charCodeAt(0);
  return (first === SPACE || first === TAB ? value.replace(/^[ \t]+/, '') : value).trimEnd();
}

function readPart(part: Buffer, headerBytes: number): BodyPart {
  const usual = readUsualPart(part, headerBytes);
  if (usual !== undefined) return usual;
  const headers = new Map<string, string>();
  let last = '';
  for (let at = 0; ; ) {
    if (at > headerBytes) throw refusal('part-header', `The header of a part is longer than ${headerBytes} octets.`);
    const lf = part.indexOf(LF, at);
    const next = lf < 0 ? part.length : lf + 1;
    const line = part.toString('latin1', at, Math.min(next, at + headerBytes + 1)).replace(/\r?\n$/, '');
    if (line === '') return { headers, body: part.subarray(next) };
    const [, name, value] = FIELD.exec(line) ?? [];
    if (name !== undefined) {
      last = name.toLowerCase();
      if (!headers.has(last)) headers.set(last, (value ?? '').trimEnd());
    } else if (last !== '' && /^[ \t]/.test(line)) {
      headers.set(last, `${headers.get(last)} ${line.trim()}`);
    } else {
      return { headers, body: part.subarray(at) };
    }
    at = next;
  }
}
