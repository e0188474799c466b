import { DIGIT, isMadeOf, TOKEN } from './char-class.js';

/** First line of a request (RFC 3261 §7.1). */
export interface RequestLine {
  readonly kind: 'request';
  readonly method: string;
  readonly requestUri: string;
}

/** First line of a response (RFC 3261 §7.2). */
export interface StatusLine {
  readonly kind: 'response';
  /** 100-699. */
  readonly status: number;
  readonly reason: string;
}

export type StartLine = RequestLine | StatusLine;

export interface Flaw {
  readonly reason: string;
  /** Status to answer a request with. */
  readonly respondWith: 400 | 505;
}

/** A line with a flaw is a request that can be answered but not obeyed. */
export type ReadStartLine =
  | { readonly line: StartLine; readonly flaw: Flaw | undefined }
  | { readonly line: undefined; readonly flaw: Flaw };

const VERSION = 'SIP/2.0';
const LOWEST_STATUS = 100;
const HIGHEST_STATUS = 699;

/** Reads a start line strictly: exactly one blank between its parts, nothing behind them. */
export function readStartLine(text: string): ReadStartLine {
  const blank = text.indexOf(' ');
  const word = text.slice(0, Math.max(blank, 0));
  const rest = text.slice(blank + 1);
  if (word.slice(0, 4).toUpperCase() === 'SIP/') return readStatusLine(word, rest);
  return isMadeOf(TOKEN, word) ? readRequestLine(word, rest) : unreadable('the first line is no start line');
}

function readStatusLine(version: string, rest: string): ReadStartLine {
  if (!isVersion(version)) return unreadable('the version of the response is not SIP/2.0');
  if (rest[3] !== ' ' || !isMadeOf(DIGIT, rest, 0, 3)) return unreadable('the status code has not three digits');
  const status = Number(rest.slice(0, 3));
  if (status < LOWEST_STATUS || status > HIGHEST_STATUS) return unreadable('the status code is out of range');
  return { line: { kind: 'response', status, reason: rest.slice(4) }, flaw: undefined };
}

function readRequestLine(method: string, rest: string): ReadStartLine {
  const blank = rest.indexOf(' ');
  const requestUri = blank < 0 ? rest : rest.slice(0, blank);
  const version = blank < 0 ? '' : rest.slice(blank + 1);
  return { line: { kind: 'request', method, requestUri }, flaw: flawOf(requestUri, version) };
}

function flawOf(requestUri: string, version: string): Flaw | undefined {
  if (requestUri === '') return { reason: 'the request line has no URI', respondWith: 400 };
  if (isVersion(version)) return undefined;
  if (isOtherVersion(version)) return { reason: 'the SIP version is not 2.0', respondWith: 505 };
  return { reason: 'the request line does not end in " SIP/2.0"', respondWith: 400 };
}

/** The version is compared without regard to case (RFC 3261 §7.1). */
function isVersion(text: string): boolean {
  return text === VERSION || text.toUpperCase() === VERSION;
}

function isOtherVersion(text: string): boolean {
  const dot = text.indexOf('.');
  return text.slice(0, 4).toUpperCase() === 'SIP/' && isMadeOf(DIGIT, text, 4, dot) && isMadeOf(DIGIT, text, dot + 1);
}

function unreadable(reason: string): ReadStartLine {
  return { line: undefined, flaw: { reason, respondWith: 400 } };
}
