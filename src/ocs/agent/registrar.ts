import { BridgeError } from '../../presence/errors.js';
import type { RedirectTarget } from '../link/redirect.js';
import { AccountMoved } from './account-moved.js';
import { type Rejection, refusalOf } from './register-refusal.js';
import type { RegistrationFacts } from './registration-facts.js';
import { badCredentials, noTicket } from './sign-in-errors.js';

export type RegistrarEvent =
  /** `now` as in `RegistrarState.lastFailureAt`; `secretChanged`: the refused password is no longer the one we have. */
  | { readonly type: 'start'; readonly now: number; readonly secretChanged: boolean }
  /** A 401 or 407, and what the handshake made of it; `expired` when no handshake was under way. */
  | {
      readonly type: 'challenged';
      readonly outcome: 'answer' | 'refused' | 'expired';
      readonly skewSeconds?: number;
      /** What refused, when it was not the server. */
      readonly reason?: string;
    }
  /** There is no proof to answer a challenge with: no ticket, or one that the server does not take. */
  | { readonly type: 'unproven'; readonly error: BridgeError; readonly skewSeconds?: number }
  | { readonly type: 'unacceptable'; readonly reason: string }
  /** `lifetimeMs`: how long the association that this answer completes may be used, where a ticket says so. */
  | { readonly type: 'accepted'; readonly registration: RegistrationFacts; readonly lifetimeMs?: number | undefined }
  | { readonly type: 'rejected'; readonly rejection: Rejection }
  | { readonly type: 'unanswered' }
  | { readonly type: 'unsent' }
  | { readonly type: 'refresh-due' }
  /** `forgotten`: the server no longer knows our association. */
  | { readonly type: 'renewal-due'; readonly forgotten?: boolean }
  /** The association's ticket has come to its end. */
  | { readonly type: 'expiry-due' }
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
  | { readonly type: 'arm'; readonly timer: 'refresh' | 'renewal' | 'expiry'; readonly delay: number }
  | { readonly type: 'disarm'; readonly timer: 'expiry' }
  | { readonly type: 'signed-in'; readonly registration: RegistrationFacts }
  /** How often the password has been refused in a row, as of now; to be kept over restarts. */
  | { readonly type: 'count-failures'; readonly failures: number }
  | { readonly type: 'failed'; readonly error: BridgeError; readonly retryAfterMs: number | undefined }
  | { readonly type: 'signed-off' };

export interface RegistrarState {
  /** `renewing` is a second sign-in over the same connection while the first one still holds. */
  readonly phase: 'idle' | 'signing-in' | 'registered' | 'refreshing' | 'renewing' | 'signing-off' | 'ended';
  /** Refused passwords in a row, over all connections. */
  readonly failures: number;
  /** With so many of them there is one try per `PROBE_MS`. */
  readonly maxFailures: number;
  /** When the last of `failures` happened, milliseconds since 1970. */
  readonly lastFailureAt: number;
  /** A renewal came due while a refresh was under way, or has failed for the moment. */
  readonly renewalDue: boolean;
  /** Refreshes and renewals in a row that got no good answer. */
  readonly misses: number;
  /** The timer for the end of the association's ticket runs. */
  readonly expires: boolean;
  /** The association on which a renewal could fall back is of no use any more. */
  readonly forgotten: boolean;
}

interface Step {
  readonly state: RegistrarState;
  readonly effects: readonly RegistrarEffect[];
}

/** So that an account with a usual lockout threshold is never locked by us. */
export const MAX_PASSWORD_FAILURES = 2;
/** Pause between tries once the password has been refused too often. */
export const PROBE_MS = 30 * 60_000;
/** A timer of `PROBE_MS` that fires a moment early must not cost another such pause. */
const EARLY_MS = 1_000;
/** An association lives at most eight hours (MS-SIPAE 3.2.2); COMPAT(ocs2007): whatever the server or a ticket says. */
const ASSOCIATION_MS = 8 * 60 * 60_000;
/** Time that a renewal gets, and the part of a short lifetime that it gets at most. */
const RENEWAL_MARGIN_MS = 5 * 60_000;
const RENEWAL_MARGIN = 0.25;
/** Part of the registration's lifetime after which it is refreshed. */
const REFRESH_AT = 0.75;
const DEFAULT_EXPIRES = 600;
/** However long the server grants: a timer must be able to hold it. Seconds. */
const MAX_EXPIRES = 86_400;
const RETRY_MS = 30_000;
const MAX_MISSES = 3;

/** `before`: refusals of earlier connections. */
export function newRegistrar(
  before: { readonly failures: number; readonly at: number } | undefined,
  maxFailures: number = MAX_PASSWORD_FAILURES,
): RegistrarState {
  const { failures = 0, at = 0 } = before ?? {};
  return {
    phase: 'idle',
    failures,
    maxFailures,
    lastFailureAt: at,
    renewalDue: false,
    misses: 0,
    expires: false,
    forgotten: false,
  };
}

/**
 * Signing in, staying signed in and signing off (MS-SIPREGE, MS-SIPAE 3.2.4). At most one REGISTER is under way at any
 * time. After `failed` and `signed-off` nothing more happens.
 */
export function stepRegistrar(state: RegistrarState, event: RegistrarEvent): Step {
  if (state.phase === 'ended') return { state, effects: [] };
  switch (event.type) {
    case 'start':
      return start(state, event.now, event.secretChanged);
    case 'challenged':
      return onChallenge(state, event);
    case 'unproven':
      return onUnproven(state, event.error, event.skewSeconds);
    case 'unacceptable':
      return fail(state, new BridgeError('OCS_AUTH_UNSUPPORTED', `Cannot sign in: ${event.reason}.`));
    case 'accepted':
      return onAccepted(state, event.registration, event.lifetimeMs);
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
      return onRenewalDue({ ...state, forgotten: state.forgotten || event.forgotten === true });
    case 'expiry-due':
      return onExpiry(state);
    case 'deregistered':
      return onDeregistered(state, event);
    case 'sign-off':
      return onSignOff(state);
  }
}

/** Why nothing was tried. */
const NOT_YET = 'the OCS server refused this password before, and it is not tried again yet';

function start(state: RegistrarState, now: number, secretChanged: boolean): Step {
  const failures = secretChanged ? 0 : state.failures;
  const waited = now - state.lastFailureAt;
  if (failures < state.maxFailures || waited >= PROBE_MS - EARLY_MS) {
    return register({ ...state, failures, phase: 'signing-in' }, 'new');
  }
  if (waited >= 0) return fail(state, badCredentials(failures, { reason: NOT_YET }), PROBE_MS - waited);
  // The clock went back, perhaps by years: the pause begins anew.
  const { state: ended, effects } = fail(state, badCredentials(failures, { reason: NOT_YET }), PROBE_MS);
  return { state: ended, effects: [{ type: 'count-failures', failures }, ...effects] };
}

function onChallenge(state: RegistrarState, event: Extract<RegistrarEvent, { type: 'challenged' }>): Step {
  if (state.phase === 'signing-off') return signedOff(state);
  if (event.outcome === 'answer') return register(state, 'answer');
  // The server has forgotten our association: everything is still as it was, but the proof must be given again.
  if (event.outcome === 'expired') return register({ ...state, phase: 'renewing', forgotten: true }, 'new');
  const failures = state.failures + 1;
  const counted = { ...state, failures };
  const count: RegistrarEffect = { type: 'count-failures', failures };
  const next =
    failures >= state.maxFailures ? fail(counted, badCredentials(failures, event), PROBE_MS) : register(counted, 'new');
  return { state: next.state, effects: [count, ...next.effects] };
}

/** Without a ticket a renewal waits, as long as the association that it should replace still holds. */
function onUnproven(state: RegistrarState, error: BridgeError, skewSeconds = 0): Step {
  if (state.phase === 'signing-off') return signedOff(state);
  if (state.phase === 'renewing' && !state.forgotten && error.retry === 'later') {
    return {
      state: { ...state, phase: 'registered', renewalDue: false },
      effects: [{ type: 'arm', timer: 'renewal', delay: RETRY_MS }],
    };
  }
  return fail(state, noTicket(error, skewSeconds));
}

function onExpiry(state: RegistrarState): Step {
  if (state.phase === 'signing-off') return { state, effects: [] };
  return fail(state, new BridgeError('OCS_KERBEROS', 'The Kerberos ticket has expired, and no new one could be got.'));
}

function onAccepted(
  state: RegistrarState,
  registration: RegistrationFacts,
  lifetimeMs: number = Number.POSITIVE_INFINITY,
): Step {
  if (state.phase === 'signing-off') return signedOff(state);
  const effects: RegistrarEffect[] = [];
  const signedIn = state.phase === 'signing-in' || state.phase === 'renewing';
  const lifetime = Math.min(lifetimeMs, ASSOCIATION_MS);
  const expires = lifetime === lifetimeMs;
  if (signedIn) {
    effects.push({ type: 'establish' }, { type: 'arm', timer: 'renewal', delay: renewalAfter(lifetime) });
    if (expires) effects.push({ type: 'arm', timer: 'expiry', delay: lifetime });
    // What replaces it may have no ticket at all.
    else if (state.expires) effects.push({ type: 'disarm', timer: 'expiry' });
    if (state.failures > 0) effects.push({ type: 'count-failures', failures: 0 });
  }
  const seconds = registration.expires > 0 ? Math.min(registration.expires, MAX_EXPIRES) : DEFAULT_EXPIRES;
  effects.push({ type: 'arm', timer: 'refresh', delay: seconds * 1000 * REFRESH_AT });
  if (state.phase === 'signing-in') effects.push({ type: 'signed-in', registration });
  const next: RegistrarState = {
    ...state,
    phase: 'registered',
    failures: signedIn ? 0 : state.failures,
    renewalDue: false,
    misses: 0,
    expires: signedIn ? expires : state.expires,
    forgotten: signedIn ? false : state.forgotten,
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

function renewalAfter(lifetime: number): number {
  return lifetime - Math.min(RENEWAL_MARGIN_MS, lifetime * RENEWAL_MARGIN);
}
