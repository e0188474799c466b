import { BridgeError } from '../../presence/errors.js';
import type { RedirectTarget } from '../link/redirect.js';
import { AccountMoved } from './account-moved.js';
import { type Rejection, refusalOf } from './register-refusal.js';
import type { RegistrationFacts } from './registration-facts.js';

export type RegistrarEvent =
  | { readonly type: 'start' }
  /** A 401 or 407, and what the handshake made of it; `expired` when no handshake was under way. */
  | { readonly type: 'challenged'; readonly outcome: 'answer' | 'refused' | 'expired'; readonly skewSeconds?: number }
  | { readonly type: 'unacceptable'; readonly reason: string }
  | { readonly type: 'accepted'; readonly registration: RegistrationFacts }
  | { readonly type: 'rejected'; readonly rejection: Rejection }
  | { readonly type: 'unanswered' }
  | { readonly type: 'unsent' }
  | { readonly type: 'refresh-due' }
  | { readonly type: 'renewal-due' }
  /** The server ended the registration by a notice of its own. */
  | {
      readonly type: 'deregistered';
      readonly cause: string;
      readonly diagnostics: string | undefined;
      /** Server that the notice names. */
      readonly targets?: readonly RedirectTarget[];
    }
  | { readonly type: 'sign-off' };

export type RegistrarEffect =
  /** Send a REGISTER: `new` starts a handshake, `answer` carries its next token, the others are signed. */
  | { readonly type: 'register'; readonly as: 'new' | 'answer' | 'refresh' | 'sign-off' }
  /** The handshake is complete: its association signs from now on. */
  | { readonly type: 'establish' }
  | { readonly type: 'arm'; readonly timer: 'refresh' | 'renewal'; readonly delay: number }
  | { readonly type: 'signed-in'; readonly registration: RegistrationFacts }
  /** How often the password has been refused in a row; to be kept over restarts. */
  | { readonly type: 'count-failures'; readonly failures: number }
  | { readonly type: 'failed'; readonly error: BridgeError; readonly retryAfterMs: number | undefined }
  | { readonly type: 'signed-off' };

export interface RegistrarState {
  /** `renewing` is a second sign-in over the same connection while the first one still holds. */
  readonly phase: 'idle' | 'signing-in' | 'registered' | 'refreshing' | 'renewing' | 'signing-off' | 'ended';
  /** Refused passwords in a row, over all connections. */
  readonly failures: number;
  /** With so many of them no further try is made. */
  readonly maxFailures: number;
  /** A renewal came due while a refresh was under way, or has failed for the moment. */
  readonly renewalDue: boolean;
  /** Refreshes and renewals in a row that got no good answer. */
  readonly misses: number;
}

interface Step {
  readonly state: RegistrarState;
  readonly effects: readonly RegistrarEffect[];
}

/** So that an account with a usual lockout threshold is never locked by us. */
export const MAX_PASSWORD_FAILURES = 2;
/** An association lives at most eight hours (MS-SIPAE 3.2.2); COMPAT(ocs2007): whatever the server or a ticket says. */
const RENEWAL_MS = (8 * 60 - 5) * 60_000;
/** Part of the registration's lifetime after which it is refreshed. */
const REFRESH_AT = 0.75;
const DEFAULT_EXPIRES = 600;
/** However long the server grants: a timer must be able to hold it. Seconds. */
const MAX_EXPIRES = 86_400;
const RETRY_MS = 30_000;
const MAX_MISSES = 3;

export function newRegistrar(failures: number, maxFailures: number = MAX_PASSWORD_FAILURES): RegistrarState {
  return { phase: 'idle', failures, maxFailures, renewalDue: false, misses: 0 };
}

/**
 * Signing in, staying signed in and signing off (MS-SIPREGE, MS-SIPAE 3.2.4). At most one REGISTER is under way at any
 * time. After `failed` and `signed-off` nothing more happens.
 */
export function stepRegistrar(state: RegistrarState, event: RegistrarEvent): Step {
  if (state.phase === 'ended') return { state, effects: [] };
  switch (event.type) {
    case 'start':
      return start(state);
    case 'challenged':
      return onChallenge(state, event.outcome, event.skewSeconds);
    case 'unacceptable':
      return fail(state, new BridgeError('OCS_AUTH_UNSUPPORTED', `Cannot sign in: ${event.reason}.`));
    case 'accepted':
      return onAccepted(state, event.registration);
    case 'rejected':
      return onRejected(state, event.rejection);
    case 'unanswered':
      return onUnanswered(state);
    case 'unsent':
      return onUnsent(state);
    case 'refresh-due':
      return state.phase === 'registered'
        ? register({ ...state, phase: 'refreshing' }, 'refresh')
        : { state, effects: [] };
    case 'renewal-due':
      return onRenewalDue(state);
    case 'deregistered':
      return onDeregistered(state, event);
    case 'sign-off':
      return onSignOff(state);
  }
}

function start(state: RegistrarState): Step {
  if (state.failures >= state.maxFailures) return fail(state, badCredentials(state.failures, undefined));
  return register({ ...state, phase: 'signing-in' }, 'new');
}

function onChallenge(
  state: RegistrarState,
  outcome: 'answer' | 'refused' | 'expired',
  skewSeconds: number | undefined,
): Step {
  if (state.phase === 'signing-off') return signedOff(state);
  if (outcome === 'answer') return register(state, 'answer');
  // The server has forgotten our association: everything is still as it was, but the proof must be given again.
  if (outcome === 'expired') return register({ ...state, phase: 'renewing' }, 'new');
  const failures = state.failures + 1;
  const counted = { ...state, failures };
  const count: RegistrarEffect = { type: 'count-failures', failures };
  const next =
    failures >= state.maxFailures ? fail(counted, badCredentials(failures, skewSeconds)) : register(counted, 'new');
  return { state: next.state, effects: [count, ...next.effects] };
}

function onAccepted(state: RegistrarState, registration: RegistrationFacts): Step {
  if (state.phase === 'signing-off') return signedOff(state);
  const effects: RegistrarEffect[] = [];
  const signedIn = state.phase === 'signing-in' || state.phase === 'renewing';
  if (signedIn) {
    effects.push({ type: 'establish' }, { type: 'arm', timer: 'renewal', delay: RENEWAL_MS });
    if (state.failures > 0) effects.push({ type: 'count-failures', failures: 0 });
  }
  const expires = registration.expires > 0 ? Math.min(registration.expires, MAX_EXPIRES) : DEFAULT_EXPIRES;
  effects.push({ type: 'arm', timer: 'refresh', delay: expires * 1000 * REFRESH_AT });
  if (state.phase === 'signing-in') effects.push({ type: 'signed-in', registration });
  const next: RegistrarState = {
    ...state,
    phase: 'registered',
    failures: signedIn ? 0 : state.failures,
    renewalDue: false,
    misses: 0,
  };
  if (!state.renewalDue || signedIn) return { state: next, effects };
  return { state: { ...next, phase: 'renewing' }, effects: [...effects, { type: 'register', as: 'new' }] };
}

function onRejected(state: RegistrarState, rejection: Rejection): Step {
  if (state.phase === 'signing-off') return signedOff(state);
  const { error, retryAfterMs } = refusalOf(rejection);
  const passing = error.retry === 'later' && rejection.status >= 400;
  return passing ? miss(state, error, retryAfterMs) : fail(state, error, retryAfterMs);
}

function onUnanswered(state: RegistrarState): Step {
  if (state.phase === 'signing-off') return signedOff(state);
  const error = new BridgeError('OCS_TIMEOUT', 'The OCS server did not answer a REGISTER.');
  return miss(state, error, undefined);
}

function onUnsent(state: RegistrarState): Step {
  if (state.phase === 'signing-off') return signedOff(state);
  return fail(state, new BridgeError('OCS_CONNECTION_LOST', 'A REGISTER could not be sent to the OCS server.'));
}

/** A refresh or renewal that failed for the moment is tried again: the registration still holds. */
function miss(state: RegistrarState, error: BridgeError, retryAfterMs: number | undefined): Step {
  const renewing = state.phase === 'renewing';
  const misses = state.misses + 1;
  if ((!renewing && state.phase !== 'refreshing') || misses >= MAX_MISSES) return fail(state, error, retryAfterMs);
  const delay = Math.min(Math.max(retryAfterMs ?? 0, RETRY_MS), MAX_EXPIRES * 1000);
  return {
    state: { ...state, phase: 'registered', misses, renewalDue: state.renewalDue || renewing },
    effects: [{ type: 'arm', timer: renewing ? 'renewal' : 'refresh', delay }],
  };
}

function onRenewalDue(state: RegistrarState): Step {
  if (state.phase === 'refreshing') return { state: { ...state, renewalDue: true }, effects: [] };
  if (state.phase !== 'registered') return { state, effects: [] };
  return register({ ...state, phase: 'renewing' }, 'new');
}

/** MS-SIPREGE 3.2.5: which notices mean "come back" and which "stay away". */
function onDeregistered(state: RegistrarState, notice: Extract<RegistrarEvent, { type: 'deregistered' }>): Step {
  const { cause, diagnostics, targets = [] } = notice;
  const details = { event: cause, diagnostics };
  if (cause === 'deactivated' || cause === 'preferred-registrar-change') {
    const text = 'The OCS server moved this account to another server.';
    return fail(state, new AccountMoved('notice', text, { targets, details }));
  }
  const text = `The OCS server signed this account off (${cause}).`;
  return fail(state, new BridgeError('OCS_DEREGISTERED', text, { details }));
}

function onSignOff(state: RegistrarState): Step {
  if (state.phase === 'signing-off') return { state, effects: [] };
  if (state.phase === 'idle' || state.phase === 'signing-in') return signedOff(state);
  return register({ ...state, phase: 'signing-off' }, 'sign-off');
}

function register(state: RegistrarState, as: 'new' | 'answer' | 'refresh' | 'sign-off'): Step {
  return { state, effects: [{ type: 'register', as }] };
}

function signedOff(state: RegistrarState): Step {
  return { state: { ...state, phase: 'ended' }, effects: [{ type: 'signed-off' }] };
}

function fail(state: RegistrarState, error: BridgeError, retryAfterMs: number | undefined = undefined): Step {
  return { state: { ...state, phase: 'ended' }, effects: [{ type: 'failed', error, retryAfterMs }] };
}

function badCredentials(failures: number, skewSeconds: number | undefined): BridgeError {
  return new BridgeError('OCS_BAD_CREDENTIALS', 'The OCS server refused the user name or the password.', {
    details: { attempts: failures, ...(skewSeconds === undefined ? {} : { clockSkewSeconds: skewSeconds }) },
  });
}
