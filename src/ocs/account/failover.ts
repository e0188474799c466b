import type { LinkState } from '../../bridge/ports.js';
import { BridgeError } from '../../presence/errors.js';
import { type BackoffOptions, backoffDelay } from '../../presence/retry.js';
import { AccountMoved } from '../agent/account-moved.js';
import { followRedirect } from '../link/redirect.js';
import type { ServerAddress } from '../link/server-address.js';
import { sameServer, serverText } from '../link/server-text.js';
import { concernsAccount, linkStateAfter, reconnectAfter, restAfter } from './reconnect.js';
import { startDelay } from './start-delay.js';

/** `unit` is a random number in [0, 1). */
export type FailoverEvent =
  | { readonly type: 'start' }
  /** The servers to try, best first; found in DNS or set by hand. */
  | { readonly type: 'found'; readonly candidates: readonly ServerAddress[]; readonly unit: number }
  | { readonly type: 'not-found'; readonly error: BridgeError; readonly unit: number }
  | { readonly type: 'signed-in' }
  /** The connection is over, or was never made. `watched` is the number of people on the roster. */
  | {
      readonly type: 'ended';
      readonly error: BridgeError;
      readonly retryAfterMs: number | undefined;
      readonly watched: number;
      readonly unit: number;
    }
  /** The wait is over. */
  | { readonly type: 'due' };

export type FailoverEffect =
  /** Find out which servers there are. */
  | { readonly type: 'find' }
  | { readonly type: 'connect'; readonly server: ServerAddress }
  /** This server is given up for the moment, another one is tried at once. */
  | { readonly type: 'passed-over'; readonly server: ServerAddress; readonly error: BridgeError }
  | { readonly type: 'redirected'; readonly from: ServerAddress; readonly to: ServerAddress }
  /** Nothing is tried for so many milliseconds. */
  | { readonly type: 'wait'; readonly link: LinkState; readonly error: BridgeError; readonly delay: number }
  /** This server is good, as of now. */
  | { readonly type: 'remember'; readonly server: ServerAddress }
  | { readonly type: 'forget' };

export interface FailoverTerms {
  /** Domains that a redirect may lead to. */
  readonly domains: readonly string[];
  readonly backoff: BackoffOptions;
}

/** A server that is not to be asked for a while, and why. Times on the monotonic clock. */
interface Rest {
  readonly until: number;
  readonly error: BridgeError;
}

export interface FailoverState {
  readonly terms: FailoverTerms;
  /** All servers of this round, and how many of them had their turn. */
  readonly candidates: readonly ServerAddress[];
  readonly tried: number;
  readonly current: ServerAddress | undefined;
  /** Servers whose redirects led to the current one, oldest first. */
  readonly chain: readonly ServerAddress[];
  /** Tried first: where we were signed in last, or where the server sends us. */
  readonly preferred: ServerAddress | undefined;
  readonly resting: ReadonlyMap<string, Rest>;
  /** Rounds over the whole list that failed in a row. */
  readonly rounds: number;
  /** Failures of this round, in order. */
  readonly failures: readonly BridgeError[];
  readonly signedInAt: number | undefined;
}

interface Step {
  readonly state: FailoverState;
  readonly effects: readonly FailoverEffect[];
}

/** A session that held so long was a good one: the next failure is a first one again. */
const STABLE_MS = 60_000;

export function newFailover(terms: FailoverTerms, lastGood?: ServerAddress): FailoverState {
  return {
    terms,
    candidates: [],
    tried: 0,
    current: undefined,
    chain: [],
    preferred: lastGood,
    resting: new Map(),
    rounds: 0,
    failures: [],
    signedInAt: undefined,
  };
}

/**
 * Which server to try next, and when. A failure leads to the next server at once; only when the whole list has failed
 * there is a pause, with full jitter, and the list is made anew. `now` is on the monotonic clock.
 */
export function stepFailover(state: FailoverState, event: FailoverEvent, now: number): Step {
  switch (event.type) {
    case 'start':
    case 'due':
      return { state, effects: [{ type: 'find' }] };
    case 'found':
      return next(newRound(state, event.candidates, now), now, event.unit, []);
    case 'not-found':
      return endRound({ ...newRound(state, [], now), failures: [event.error] }, now, event.unit, []);
    case 'signed-in':
      if (state.current === undefined) return { state, effects: [] };
      return {
        state: { ...state, signedInAt: now, preferred: state.current, chain: [] },
        effects: [{ type: 'remember', server: state.current }],
      };
    case 'ended':
      return state.signedInAt === undefined
        ? onFailure(state, event, now)
        : onLoss(state, state.signedInAt, event, now);
  }
}

function newRound(state: FailoverState, found: readonly ServerAddress[], now: number): FailoverState {
  const { preferred } = state;
  const candidates = preferred === undefined ? found : withPreferred(preferred, found);
  const resting = new Map([...state.resting].filter(([, { until }]) => until > now));
  return { ...state, candidates, tried: 0, current: undefined, chain: [], resting, failures: [] };
}

function withPreferred(preferred: ServerAddress, found: readonly ServerAddress[]): readonly ServerAddress[] {
  // As it was found: what was remembered may lack the settings that belong to it.
  const known = found.find((server) => sameServer(server, preferred));
  const others = found.filter((server) => server !== known);
  // Whoever once was driven to a server without TLS must not stay there while there are servers with it.
  const leads = preferred.transport === 'tls' || others.every(({ transport }) => transport !== 'tls');
  if (leads) return [known ?? preferred, ...others];
  return known === undefined ? [...found, preferred] : found;
}

function next(state: FailoverState, now: number, unit: number, before: readonly FailoverEffect[]): Step {
  for (let index = state.tried; index < state.candidates.length; index++) {
    const server = state.candidates[index];
    if (server === undefined) break;
    const rest = state.resting.get(serverText(server));
    if (rest !== undefined && rest.until > now) continue;
    return {
      state: { ...state, tried: index + 1, current: server, chain: [] },
      effects: [...before, { type: 'connect', server }],
    };
  }
  return endRound(state, now, unit, before);
}

/** A connection that never came to a sign-in. */
function onFailure(state: FailoverState, event: Extract<FailoverEvent, { type: 'ended' }>, now: number): Step {
  const { current } = state;
  if (current === undefined) return { state, effects: [] };
  if (concernsAccount(event.error)) return pause(state, event);
  if (!(event.error instanceof AccountMoved)) return passOver(state, current, event.error, event, now);
  const chain = [...state.chain, current];
  const followed = followRedirect(event.error.targets, chain, state.terms.domains);
  if (!followed.ok) return passOver(state, current, refusedRedirect(event.error, current, followed.reason), event, now);
  const rest = state.resting.get(serverText(followed.value));
  if (rest !== undefined && rest.until > now) {
    // A home that asked for patience is not disturbed by way of its director either.
    const patience = { retryAfterMs: rest.until - now, unit: event.unit };
    return passOver({ ...state, chain }, followed.value, rest.error, patience, now);
  }
  return {
    state: { ...state, chain, current: followed.value },
    effects: [
      { type: 'redirected', from: current, to: followed.value },
      { type: 'connect', server: followed.value },
    ],
  };
}

function passOver(
  state: FailoverState,
  server: ServerAddress,
  error: BridgeError,
  { retryAfterMs, unit }: { readonly retryAfterMs: number | undefined; readonly unit: number },
  now: number,
): Step {
  // It is the server at the start of the chain that would lead here again.
  const entry = state.chain[0] ?? server;
  const resting = withRest(state.resting, entry, error, retryAfterMs, now);
  const failed: FailoverState = { ...state, current: undefined, resting, failures: [...state.failures, error] };
  return next(failed, now, unit, [{ type: 'passed-over', server, error }]);
}

function withRest(
  resting: FailoverState['resting'],
  server: ServerAddress | undefined,
  error: BridgeError,
  retryAfterMs: number | undefined,
  now: number,
): FailoverState['resting'] {
  const rest = restAfter(error, retryAfterMs);
  return server === undefined || rest === 0
    ? resting
    : new Map(resting).set(serverText(server), { until: now + rest, error });
}

function endRound(state: FailoverState, now: number, unit: number, before: readonly FailoverEffect[]): Step {
  const rests = state.candidates.map((server) => state.resting.get(serverText(server)));
  const ends = rests.map((rest) => rest?.until ?? now);
  const wait = ends.length === 0 ? 0 : Math.max(0, Math.min(...ends) - now);
  const errors = [...state.failures, ...rests.flatMap((rest) => rest?.error ?? [])];
  const error = mostTelling(errors);
  const delay = wait + backoffDelay(state.rounds, unit, state.terms.backoff);
  return {
    state: { ...state, current: undefined, rounds: state.rounds + 1 },
    effects: [...before, { type: 'wait', link: linkStateAfter(error), error, delay }],
  };
}

/** What a person can do something about comes before what may pass; otherwise the best server's failure. */
function mostTelling(errors: readonly BridgeError[]): BridgeError {
  const telling = errors.find((error) => linkStateAfter(error) !== 'transient-disconnect') ?? errors[0];
  return telling ?? new BridgeError('OCS_NOT_FOUND', 'There is no OCS server to try.');
}

/** No server can help: the account, or our own settings, are refused. */
function pause(state: FailoverState, { error, retryAfterMs, unit }: Extract<FailoverEvent, { type: 'ended' }>): Step {
  const { state: link, delay } = reconnectAfter(error, state.rounds, unit, state.terms.backoff, retryAfterMs);
  return {
    state: { ...state, current: undefined, chain: [], signedInAt: undefined, rounds: state.rounds + 1 },
    effects: [{ type: 'wait', link, error, delay }],
  };
}

/** An established session came to its end. */
function onLoss(
  state: FailoverState,
  signedInAt: number,
  event: Extract<FailoverEvent, { type: 'ended' }>,
  now: number,
): Step {
  const { current, terms } = state;
  const rounds = now - signedInAt >= STABLE_MS ? 0 : state.rounds;
  const lost: FailoverState = { ...state, rounds, signedInAt: undefined };
  const { error, retryAfterMs, watched, unit } = event;
  if (concernsAccount(error)) return pause(lost, event);
  const delay = Math.max(startDelay(watched, unit), backoffDelay(rounds, unit, terms.backoff));
  const wait: FailoverEffect = { type: 'wait', link: linkStateAfter(error), error, delay };
  // What the server asks for holds for that server: another one may take us at once.
  const resting = withRest(state.resting, current, error, retryAfterMs, now);
  const waiting: FailoverState = { ...lost, resting, current: undefined, rounds: rounds + 1 };
  if (error instanceof AccountMoved) {
    const followed = followRedirect(error.targets, current === undefined ? [] : [current], terms.domains);
    const preferred = followed.ok ? followed.value : undefined;
    return { state: { ...waiting, preferred }, effects: [{ type: 'forget' }, wait] };
  }
  // It was good until now, and so were its addresses.
  const still: readonly FailoverEffect[] = current === undefined ? [] : [{ type: 'remember', server: current }];
  return { state: waiting, effects: [...still, wait] };
}

function refusedRedirect(moved: AccountMoved, from: ServerAddress, reason: string): BridgeError {
  const [target] = moved.targets;
  return new BridgeError('OCS_REDIRECT', `${serverText(from)} sends this account elsewhere, not followed: ${reason}.`, {
    cause: moved,
    details: { ...moved.details, from: serverText(from), to: target?.host, objection: reason },
  });
}
