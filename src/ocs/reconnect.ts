import type { LinkState } from '../bridge/ports.js';
import type { BridgeError, ErrorCode } from '../presence/errors.js';
import { type BackoffOptions, backoffDelay } from '../presence/retry.js';

export interface Reconnect {
  /** What the link is meanwhile. */
  readonly state: LinkState;
  /** Milliseconds until the next try; `undefined` when only a person can help. */
  readonly delay: number | undefined;
}

/** A certificate does not mend itself within minutes. */
const UNTRUSTED_RETRY_MS = 15 * 60_000;
/** A refusal by policy is asked about again from time to time, since an administrator may lift it. */
const REFUSED_RETRY_MS = 30 * 60_000;

/** Longest pause that a server can ask for. */
const MAX_RETRY_MS = 24 * 60 * 60_000;

const STATES: Readonly<Partial<Record<ErrorCode, LinkState>>> = {
  OCS_BAD_CREDENTIALS: 'bad-credentials',
  OCS_TLS_UNTRUSTED: 'untrusted-peer',
  OCS_TLS_NAME: 'untrusted-peer',
  OCS_FORBIDDEN: 'refused',
  OCS_ACCOUNT_UNKNOWN: 'refused',
  OCS_AUTH_UNSUPPORTED: 'refused',
  OCS_DEREGISTERED: 'refused',
};

/**
 * What follows the end of a connection. `attempt` counts the failures in a row, from 0; `unit` is a random number in
 * [0, 1). A refused password is never tried again by itself, so that the account is not locked.
 */
export function reconnectAfter(
  error: BridgeError,
  attempt: number,
  unit: number,
  limits: BackoffOptions,
  retryAfterMs: number | undefined = undefined,
): Reconnect {
  const state = STATES[error.code] ?? 'transient-disconnect';
  switch (state) {
    case 'bad-credentials':
      return { state, delay: undefined };
    case 'untrusted-peer':
      return { state, delay: UNTRUSTED_RETRY_MS };
    case 'refused':
      return { state, delay: Math.min(Math.max(REFUSED_RETRY_MS, retryAfterMs ?? 0), MAX_RETRY_MS) };
    default:
      return { state, delay: backoffDelay(attempt, unit, limits, retryAfterMs) };
  }
}
