import { BridgeError, type ErrorCode } from '../../presence/errors.js';
import type { Answer } from './core.js';
import { diagnosticsOf, retryAfterOf } from './registration-facts.js';

/** Why a request about ourselves, or a message, was not taken. */
export interface OwnRefusal {
  readonly error: BridgeError;
  /** 0 when there was no answer. */
  readonly status: number;
  /** The same request may succeed later. */
  readonly passing: boolean;
}

/** Answers that speak of the moment and not of the request (RFC 3261 §21). */
const PASSING: ReadonlySet<number> = new Set([401, 407, 408, 480, 500, 503, 504]);

/** `what` begins the sentence: `The own status was not taken`. */
export function ownRefusal(code: ErrorCode & `OCS_${string}`, what: string, answer: Answer): OwnRefusal {
  if (answer === 'timeout' || answer === 'unsent') {
    const why = answer === 'timeout' ? 'the OCS server did not answer in time' : 'the connection was lost';
    return {
      error: new BridgeError(code, `${what}: ${why}.`, { details: { unanswered: true } }),
      status: 0,
      passing: true,
    };
  }
  const { status } = answer;
  const details = {
    status,
    reason: answer.reason,
    diagnostics: diagnosticsOf(answer),
    warning: answer.header('Warning')?.slice(0, MAX_WARNING),
    retryAfterSeconds: retryAfterOf(answer),
  };
  return {
    error: new BridgeError(code, `${what}: ${words(answer.status, answer.reason)}.`, { details }),
    status,
    passing: PASSING.has(status),
  };
}

const MAX_WARNING = 200;

function words(status: number, reason: string): string {
  const known = WORDS[status];
  const said = reason.replace(/\p{Cc}/gu, ' ').slice(0, 60);
  return known === undefined ? `the server said ${status}${said === '' ? '' : ` ${said}`}` : `${known} (${status})`;
}

/** What an answer means to somebody who sends a text or a status (RFC 3261 §21). */
const WORDS: Readonly<Record<number, string>> = {
  403: 'the server does not allow it',
  404: 'nobody has this address',
  408: 'nobody answered in time',
  413: 'it is too large',
  415: 'the other side cannot read it',
  480: 'nobody is signed in there',
  486: 'the other side does not want to be disturbed',
  488: 'the other side takes no instant messages',
  503: 'the service is not available now',
  504: 'the service is not available now',
  603: 'the other side declined',
  606: 'the content is not allowed',
};
