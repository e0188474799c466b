import type { LinkState } from '../../bridge/ports.js';
import type { BridgeError, ErrorCode } from '../../presence/errors.js';
import { type BackoffOptions, backoffDelay } from '../../presence/retry.js';

export interface Reconnect {
  /** What the link is meanwhile. */
  readonly state: LinkState;
  /** Milliseconds until the next try. */
  readonly delay: number;
}

/** A certificate does not mend itself within minutes. */
const UNTRUSTED_RETRY_MS = 15 * 60_000;
/** A refusal by policy is asked about again from time to time, since an administrator may lift it. */
const REFUSED_RETRY_MS = 30 * 60_000;
/** An endpoint that was one too many has a place again when another one ends, which takes no administrator. */
const QUOTA_RETRY_MS = 10 * 60_000;
/** A password that was corrected on the server's side is noticed; one try in so much time locks no account. */
const PASSWORD_PROBE_MS = 30 * 60_000;
const MIN_PROBE_MS = 1_000;

/** Longest pause that a server can ask for after a refusal. */
const MAX_RETRY_MS = 24 * 60 * 60_000;
/** Longest pause that an overloaded server can ask for. */
const MAX_OVERLOAD_MS = 60 * 60_000;

const STATES: Readonly<Partial<Record<ErrorCode, LinkState>>> = {
  OCS_BAD_CREDENTIALS: 'bad-credentials',
  OCS_TLS_UNTRUSTED: 'untrusted-peer',
  OCS_TLS_NAME: 'untrusted-peer',
  OCS_FORBIDDEN: 'refused',
  OCS_ACCOUNT_UNKNOWN: 'refused',
  OCS_AUTH_UNSUPPORTED: 'refused',
  OCS_DEREGISTERED: 'refused',
  // Nothing that time heals: a key that cannot be read, a library that is not there.
  CFG_INVALID: 'refused',
  OCS_KERBEROS_UNAVAILABLE: 'refused',
};

/** What a link is after this error. */
export function linkStateAfter(error: BridgeError): LinkState {
  return STATES[error.code] ?? 'transient-disconnect';
}

/**
 * True when the error is about the account or our own settings: another server would say the same. What a server offers
 * to sign in with is its own matter: one without TLS may be out of the question where the next one is not.
 */
export function concernsAccount(error: BridgeError): boolean {
  if (error.code === 'OCS_AUTH_UNSUPPORTED') return false;
  const state = linkStateAfter(error);
  return state === 'refused' || state === 'bad-credentials';
}

/** Milliseconds in which a server that ended a connection so is not asked again; the others may be. */
export function restAfter(error: BridgeError, retryAfterMs: number | undefined): number {
  const state = linkStateAfter(error);
  if (state === 'untrusted-peer') return UNTRUSTED_RETRY_MS;
  if (state === 'refused') return refusedRetry(error);
  return Math.min(Math.max(retryAfterMs ?? 0, 0), MAX_OVERLOAD_MS);
}

/**
 * What follows the end of a connection when there is no other server to try. `attempt` counts the failures in a row,
 * from 0; `unit` is a random number in [0, 1). Whether a refused password may be tried again at all is up to the
 * registrar, which counts the refusals over restarts.
 */
export function reconnectAfter(
  error: BridgeError,
  attempt: number,
  unit: number,
  limits: BackoffOptions,
  retryAfterMs: number | undefined = undefined,
): Reconnect {
  const state = linkStateAfter(error);
  switch (state) {
    case 'bad-credentials':
      // The registrar knows how much of the pause went by before a restart.
      return { state, delay: Math.min(Math.max(retryAfterMs ?? PASSWORD_PROBE_MS, MIN_PROBE_MS), PASSWORD_PROBE_MS) };
    case 'untrusted-peer':
      return { state, delay: UNTRUSTED_RETRY_MS };
    case 'refused':
      return { state, delay: Math.min(Math.max(refusedRetry(error), retryAfterMs ?? 0), MAX_RETRY_MS) };
    default:
      return { state, delay: backoffDelay(attempt, unit, limits, retryAfterMs) };
  }
}

/** MS-SIPREGE 2.2.4: `unregistered` is what the oldest endpoint hears when there are too many. */
function refusedRetry({ code, details }: BridgeError): number {
  const isOneTooMany = code === 'OCS_DEREGISTERED' && details['event'] === 'unregistered';
  return isOneTooMany ? QUOTA_RETRY_MS : REFUSED_RETRY_MS;
}
