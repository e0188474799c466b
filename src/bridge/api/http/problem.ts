import { STATUS_CODES } from 'node:http';
import { BridgeError, type ErrorCode } from '../../../presence/errors.js';
import { SECURITY_HEADERS } from './security-headers.js';

/** Body of every answer that is an error. */
export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly next: string;
}

export interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Problem;
}

const HTTP_STATUS: Partial<Record<ErrorCode, number>> = {
  API_BAD_REQUEST: 400,
  API_UNAUTHORIZED: 401,
  API_FORBIDDEN: 403,
  API_NOT_FOUND: 404,
  API_BUSY: 429,
  DIRECTORY_NOBODY: 404,
  PERSON_NOT_ALLOWED: 403,
  BRIDGE_STANDBY: 409,
  // What the OCS server did not do is the caller's business, reason included (RFC 4918 §11.4).
  OCS_PUBLISH: 424,
  OCS_MESSAGE: 424,
};

/** HTTP status of an error. */
export function statusOf(code: ErrorCode): number {
  // What Domino did not do is the caller's business likewise.
  return HTTP_STATUS[code] ?? (code.startsWith('NOTES_') ? 424 : 500);
}

/** An error as the answer to a request. What went wrong inside stays inside: callers get a neutral sentence. */
export function problemOf(error: BridgeError, status = statusOf(error.code)): ProblemAnswer {
  const { code, next, details } = error;
  const message = status >= 500 ? 'The bridge could not answer.' : error.message;
  return {
    status,
    headers: {
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
      ...(details['retryAfterSeconds'] !== undefined && { 'retry-after': String(details['retryAfterSeconds']) }),
    },
    body: { code, message, next },
  };
}

/** What the HTTP library threw, as ours. `statusCode` is how it marks a caller's mistake. */
export function problemOfThrown(thrown: unknown): ProblemAnswer {
  const status = (thrown as { statusCode?: unknown }).statusCode;
  if (thrown instanceof BridgeError || typeof status !== 'number' || status >= 500) {
    return problemOf(BridgeError.from(thrown));
  }
  return problemOf(new BridgeError('API_BAD_REQUEST', BridgeError.from(thrown).message), status);
}

/** The answer as octets, for sockets that never reached the HTTP library (RFC 9112 §4). */
export function rawAnswer({ status, headers, body }: ProblemAnswer): string {
  const text = JSON.stringify(body);
  const all = {
    ...SECURITY_HEADERS,
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${text}`;
}
