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

/** What is wrong with a start line; `line` is the part of a request that can still be answered. */
export interface BadStartLine {
  readonly problem: string;
  readonly line?: RequestLine;
  /** Status to answer with when `line` is there. */
  readonly respondWith: 400 | 505;
}

const VERSION = 'SIP/2.0';
const LOWEST_STATUS = 100;
const HIGHEST_STATUS = 699;

/** Reads a start line strictly: exactly one blank between its parts, nothing behind them. */
export function parseStartLine(text: string): StartLine | BadStartLine {
  const first = text.indexOf(' ');
  if (first < 1) return unreadable('the first line is neither a request line nor a status line');
  const word = text.slice(0, first);
  if (word.slice(0, 4).toUpperCase() === 'SIP/') return parseStatusLine(word, text.slice(first + 1));
  if (!isMadeOf(TOKEN, word)) return unreadable('the method is not a token');
  return parseRequestLine(word, text.slice(first + 1));
}

function parseStatusLine(version: string, rest: string): StartLine | BadStartLine {
  if (!isVersion(version)) return unreadable('the version of the response is not SIP/2.0');
  if (rest[3] !== ' ' || !isMadeOf(DIGIT, rest, 0, 3)) return unreadable('the status code has not three digits');
  const status = Number(rest.slice(0, 3));
  if (status < LOWEST_STATUS || status > HIGHEST_STATUS) return unreadable('the status code is out of range');
  return { kind: 'response', status, reason: rest.slice(4) };
}

function parseRequestLine(method: string, rest: string): StartLine | BadStartLine {
  const second = rest.indexOf(' ');
  const requestUri = second < 0 ? rest : rest.slice(0, second);
  const version = second < 0 ? '' : rest.slice(second + 1);
  const line: RequestLine = { kind: 'request', method, requestUri };
  if (requestUri === '') return { problem: 'the request line has no URI', line, respondWith: 400 };
  if (isVersion(version)) return line;
  if (isOtherVersion(version)) return { problem: 'the SIP version is not 2.0', line, respondWith: 505 };
  return { problem: 'the request line does not end in " SIP/2.0"', line, respondWith: 400 };
}

function isVersion(text: string): boolean {
  return text === VERSION || text.toUpperCase() === VERSION;
}

function isOtherVersion(text: string): boolean {
  const dot = text.indexOf('.');
  return text.slice(0, 4).toUpperCase() === 'SIP/' && isMadeOf(DIGIT, text, 4, dot) && isMadeOf(DIGIT, text, dot + 1);
}

function unreadable(problem: string): BadStartLine {
  return { problem, respondWith: 400 };
}
