/**
 * Codes of errors that arise in the client itself; all others are the bridge's, as in its error table.
 * - `API_UNREACHABLE`: nobody answered, or not in time.
 * - `CLIENT_ANSWER`: what came is no answer of a bridge.
 * - `CLIENT_LIMIT`: what came is larger than this client takes.
 * - `CLIENT_USAGE`: the client was called wrongly.
 */
export type ClientErrorCode = 'API_UNREACHABLE' | 'CLIENT_ANSWER' | 'CLIENT_LIMIT' | 'CLIENT_USAGE';

const NEXT: Readonly<Record<ClientErrorCode, string>> = {
  API_UNREACHABLE: 'Check the address of the bridge, that it runs, and that its certificate is trusted.',
  CLIENT_ANSWER: 'Check that the address is the one of a bridge, and what stands between.',
  CLIENT_LIMIT: 'Ask for fewer people at once.',
  CLIENT_USAGE: 'Correct the call; the message names the part.',
};

export interface PresenceErrorFacts {
  readonly code: string;
  readonly message: string;
  /** HTTP status; 0 where there was no answer. */
  readonly status?: number | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly next?: string | undefined;
  readonly cause?: unknown;
}

/** Everything that goes wrong between an application and the bridge. */
export class PresenceError extends Error {
  override readonly name = 'PresenceError';
  /** Stable: one of the bridge's error table or a `ClientErrorCode`. */
  readonly code: string;
  readonly status: number;
  /** Least time to wait before the next attempt, where the bridge said so. */
  readonly retryAfterSeconds: number | undefined;
  /** What the reader can do next. */
  readonly next: string;

  constructor({ code, message, status = 0, retryAfterSeconds, next, cause }: PresenceErrorFacts) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
    this.next = next ?? (Object.hasOwn(NEXT, code) ? NEXT[code as ClientErrorCode] : '');
  }

  /** Any thrown value; an unknown one means that nobody answered. */
  static from(thrown: unknown, message = 'the bridge cannot be reached'): PresenceError {
    if (thrown instanceof PresenceError) return thrown;
    return new PresenceError({ code: 'API_UNREACHABLE', message, cause: thrown });
  }
}

const REFUSALS: readonly string[] = ['API_UNAUTHORIZED', 'API_FORBIDDEN', 'API_BAD_REQUEST', 'CLIENT_USAGE'];

/** True when the same again cannot help. */
export function isRefusal({ code, status }: Pick<PresenceError, 'code' | 'status'>): boolean {
  return status === 401 || status === 403 || REFUSALS.includes(code);
}
