import { PresenceError } from '../client/presence-error.js';
import { BridgeError, ERROR_CODES, type ErrorCode } from '../presence/errors.js';

/** What went wrong in the client package, as commands report it; other thrown values as they are taken everywhere. */
export function bridgeErrorOf(thrown: unknown): BridgeError {
  if (!(thrown instanceof PresenceError)) return BridgeError.from(thrown);
  const { code, message, cause } = thrown;
  return new BridgeError(codeOf(code), message, { cause });
}

function codeOf(code: string): ErrorCode {
  if (code === 'CLIENT_USAGE') return 'CLI_USAGE';
  // A bridge of an older version has no such route, and what is no bridge says what it likes.
  return Object.hasOwn(ERROR_CODES, code) && code !== 'API_NOT_FOUND' ? (code as ErrorCode) : 'API_UNREACHABLE';
}
