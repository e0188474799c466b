import { BridgeError, type ErrorCode } from '../../presence/errors.js';
import type { RedirectTarget } from '../link/redirect.js';
import { AccountMoved } from './account-moved.js';

/** A final response other than success and challenge. */
export interface Rejection {
  readonly status: number;
  readonly reason: string;
  /** `ms-diagnostics` without what may name a person; `undefined` when there is none. */
  readonly diagnostics: string | undefined;
  /** Seconds. */
  readonly retryAfter: number | undefined;
  /** Servers in the Contact headers of a redirect. */
  readonly targets?: readonly RedirectTarget[];
}

/** Statuses with a code of their own; all others are `OCS_REJECTED`. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  403: 'OCS_FORBIDDEN',
  404: 'OCS_ACCOUNT_UNKNOWN',
  408: 'OCS_TIMEOUT',
  504: 'OCS_TIMEOUT',
};

const TEXTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  OCS_FORBIDDEN: 'The OCS server does not let this account sign in',
  OCS_ACCOUNT_UNKNOWN: 'The OCS server does not know this account',
  OCS_TIMEOUT: 'The OCS server could not reach the home server of this account in time',
};

/** What a refused REGISTER means, and how long to wait before the next one (milliseconds). */
export function refusalOf({ status, reason, diagnostics, retryAfter, targets = [] }: Rejection): {
  readonly error: BridgeError;
  readonly retryAfterMs: number | undefined;
} {
  const details = { status, reason, diagnostics };
  const retryAfterMs = retryAfter === undefined ? undefined : retryAfter * 1000;
  if (status >= 300 && status < 400) {
    const text = `The OCS server sends this account to another server (${status} ${reason}).`;
    return { error: new AccountMoved('redirect', text, { targets, details }), retryAfterMs };
  }
  const code = CODES[status] ?? 'OCS_REJECTED';
  const text = TEXTS[code] ?? 'The OCS server refused to register this account';
  return { error: new BridgeError(code, `${text} (${status} ${reason}).`, { details }), retryAfterMs };
}
