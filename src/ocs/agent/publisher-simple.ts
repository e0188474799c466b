import type { OwnStatus } from '../../bridge/ports.js';
import { BridgeError } from '../../presence/errors.js';

/** One publication that holds everything: PUBLISH of RFC 3903, and `setPresence` of LCS 2005, which has no entity-tag. */
export interface SimplePublisherState {
  readonly wanted: OwnStatus | undefined;
  readonly goal: number;
  /** Something is to be done. */
  readonly dirty: boolean;
  /** Something of ours stands, or may stand, on the server. */
  readonly stands: boolean;
  readonly etag: string | undefined;
  readonly underWay: { readonly goal: number; readonly kind: PublishKind } | undefined;
  /** Entity-tags, or lifetimes, that were refused in a row. */
  readonly setbacks: number;
  /** Passing failures in a row. */
  readonly failures: number;
  readonly waiting: boolean;
  /** Seconds to ask for. */
  readonly expires: number;
}

/** RFC 3903 §4, table 1. */
export type PublishKind = 'initial' | 'modify' | 'refresh' | 'remove';

export type SimplePublisherEvent =
  | { readonly type: 'want'; readonly status: OwnStatus | undefined; readonly goal: number }
  /** `expires` in seconds; `undefined` where nothing has to be refreshed. */
  | { readonly type: 'accepted'; readonly etag: string | undefined; readonly expires: number | undefined }
  /** 412: the server knows our entity-tag no more. */
  | { readonly type: 'forgotten' }
  /** 423: it lasts at least so many seconds. */
  | { readonly type: 'too-brief'; readonly minExpires: number }
  | { readonly type: 'refused'; readonly error: BridgeError; readonly passing: boolean }
  | { readonly type: 'refresh-due' }
  | { readonly type: 'retry-due' };

export type SimplePublisherEffect =
  | {
      readonly type: 'publish';
      readonly kind: PublishKind;
      readonly status: OwnStatus | undefined;
      readonly etag: string | undefined;
      /** Seconds. */
      readonly expires: number;
    }
  | { readonly type: 'settled'; readonly goal: number; readonly error: BridgeError | undefined; readonly kept: boolean }
  | { readonly type: 'arm'; readonly timer: 'refresh' | 'retry'; readonly delay: number };

interface Step {
  readonly state: SimplePublisherState;
  readonly effects: readonly SimplePublisherEffect[];
}

/** Short: what a process left that ended unexpectedly stands no longer than this. */
const EXPIRES = 600;
const LONGEST_EXPIRES = 86_400;
const REFRESH_AT = 0.75;
const MAX_SETBACKS = 3;
const FIRST_RETRY_MS = 30_000;
const LAST_RETRY_MS = 5 * 60_000;

export function newSimplePublisher(): SimplePublisherState {
  return {
    wanted: undefined,
    goal: 0,
    dirty: false,
    stands: false,
    etag: undefined,
    underWay: undefined,
    setbacks: 0,
    failures: 0,
    waiting: false,
    expires: EXPIRES,
  };
}

/** Initial publication, change, refresh and removal (RFC 3903 §4); one request under way, the newest wish next. */
export function stepSimplePublisher(state: SimplePublisherState, event: SimplePublisherEvent): Step {
  switch (event.type) {
    case 'want':
      return advance({
        ...state,
        wanted: event.status,
        goal: event.goal,
        dirty: true,
        setbacks: 0,
        failures: 0,
        waiting: false,
      });
    case 'accepted':
      return onAccepted(state, event.etag, event.expires);
    case 'forgotten':
      return onSetback({ ...state, etag: undefined, stands: false });
    case 'too-brief':
      return onSetback({ ...state, expires: Math.min(Math.max(event.minExpires, 1), LONGEST_EXPIRES) });
    case 'refused':
      return onRefused(state, event.error, event.passing);
    case 'refresh-due':
      return onRefreshDue(state);
    case 'retry-due':
      return state.waiting ? advance({ ...state, waiting: false }) : { state, effects: [] };
  }
}

function advance(state: SimplePublisherState): Step {
  if (!state.dirty || state.underWay !== undefined || state.waiting) return { state, effects: [] };
  if (state.wanted === undefined) return state.stands ? send(state, 'remove') : settled(state);
  return send(state, state.etag === undefined ? 'initial' : 'modify');
}

function send(state: SimplePublisherState, kind: PublishKind): Step {
  const { wanted, goal, etag, expires } = state;
  // Without an answer nobody knows whether it stands.
  const next = { ...state, underWay: { goal, kind }, stands: state.stands || kind !== 'remove' };
  const status = kind === 'initial' || kind === 'modify' ? wanted : undefined;
  return { state: next, effects: [{ type: 'publish', kind, status, etag, expires: kind === 'remove' ? 0 : expires }] };
}

function settled(state: SimplePublisherState): Step {
  return {
    state: { ...state, dirty: false, setbacks: 0, failures: 0 },
    effects: [{ type: 'settled', goal: state.goal, error: undefined, kept: true }],
  };
}

function onAccepted(state: SimplePublisherState, etag: string | undefined, expires: number | undefined): Step {
  const done = state.underWay;
  if (done === undefined) return { state, effects: [] };
  const removed = done.kind === 'remove';
  const free: SimplePublisherState = {
    ...state,
    underWay: undefined,
    stands: !removed,
    etag: removed ? undefined : etag,
    setbacks: 0,
    failures: 0,
  };
  const refresh: readonly SimplePublisherEffect[] =
    removed || expires === undefined
      ? []
      : [{ type: 'arm', timer: 'refresh', delay: Math.min(Math.max(expires, 1), LONGEST_EXPIRES) * 1000 * REFRESH_AT }];
  if (done.kind === 'refresh') {
    const more = advance(free);
    return { state: more.state, effects: [...refresh, ...more.effects] };
  }
  const more = done.goal === free.goal ? settled(free) : advance(free);
  const reached: readonly SimplePublisherEffect[] =
    done.goal === free.goal ? [] : [{ type: 'settled', goal: done.goal, error: undefined, kept: true }];
  return { state: more.state, effects: [...refresh, ...reached, ...more.effects] };
}

/** The same wish once more, under other terms. */
function onSetback(state: SimplePublisherState): Step {
  if (state.underWay === undefined) return { state, effects: [] };
  const free = { ...state, underWay: undefined, dirty: true, setbacks: state.setbacks + 1 };
  if (free.setbacks < MAX_SETBACKS) return advance(free);
  return failed(free, new BridgeError('OCS_PUBLISH', 'The server refused the own status again and again.'), false);
}

function onRefused(state: SimplePublisherState, error: BridgeError, passing: boolean): Step {
  const done = state.underWay;
  if (done === undefined) return { state, effects: [] };
  const free = { ...state, underWay: undefined, dirty: true };
  if (done.goal === free.goal) return failed(free, error, passing);
  const more = advance(free);
  return { state: more.state, effects: [{ type: 'settled', goal: done.goal, error, kept: false }, ...more.effects] };
}

function onRefreshDue(state: SimplePublisherState): Step {
  const due = !state.dirty && state.underWay === undefined && state.wanted !== undefined;
  if (!due) return { state, effects: [] };
  return state.etag === undefined ? advance({ ...state, dirty: true }) : send(state, 'refresh');
}

function failed(state: SimplePublisherState, error: BridgeError, passing: boolean): Step {
  const { goal } = state;
  if (!passing) {
    const next = { ...state, dirty: false, wanted: undefined };
    return { state: next, effects: [{ type: 'settled', goal, error, kept: false }] };
  }
  const delay = Math.min(FIRST_RETRY_MS * 2 ** Math.min(state.failures, 10), LAST_RETRY_MS);
  return {
    state: { ...state, failures: state.failures + 1, waiting: true },
    effects: [
      { type: 'settled', goal, error, kept: true },
      { type: 'arm', timer: 'retry', delay },
    ],
  };
}
