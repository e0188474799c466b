import { PresenceError } from './presence-error.js';
import { problemAnswer } from './problem-answer.js';
import { readBody } from './read-body.js';
import type { FetchLike } from './wire-ports.js';

export interface CallerOptions {
  /** Ends with a slash. */
  readonly base: string;
  readonly token?: string | undefined;
  readonly fetch: FetchLike;
}

export interface CallOptions {
  readonly body?: unknown;
  /** Milliseconds until the answer has to be there as a whole. */
  readonly timeout?: number;
}

/** Asks the bridge one thing. Rejects with `PresenceError`. What comes is taken to be what the bridge's document says. */
export type Caller = <Answer>(method: string, path: string, options?: CallOptions) => Promise<Answer>;

const TIMEOUT_MS = 30_000;
/** Everybody of a large site, in full. */
const LIMIT = 64 * 1024 * 1024;

export function createCaller({ base, token, fetch }: CallerOptions): Caller {
  return async <Answer>(method: string, path: string, { body, timeout = TIMEOUT_MS }: CallOptions = {}) => {
    let text: string;
    try {
      const response = await fetch(base + path, {
        method,
        headers: {
          accept: 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeout),
        // A token goes nowhere but where it was meant to go.
        redirect: 'error',
        cache: 'no-store',
      });
      if (response.status < 200 || response.status > 299) throw await problemAnswer(response);
      text = await readBody(response, LIMIT);
    } catch (thrown) {
      throw PresenceError.from(thrown);
    }
    return readAnswer(text) as Answer;
  };
}

function readAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PresenceError({ code: 'CLIENT_ANSWER', message: 'the answer is not JSON', cause });
  }
}
