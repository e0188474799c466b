import type { Lease, StoredLease } from '../lease-ports.js';
import { end, holds, stepDown, tell, tellStandby, write } from './lease-moves.js';
import type { LeaseCall, LeaseEffect, LeaseState } from './lease-vocabulary.js';

/** The longest a lease in the database is believed to count: a mistaken figure must not keep everybody out. */
const MAX_DURATION_MS = 600_000;
const MIN_DURATION_MS = 1_000;

export function afterRead(
  state: LeaseState,
  call: LeaseCall,
  found: StoredLease | undefined,
  now: number,
): LeaseEffect[] {
  const isFirst = !state.hasRead;
  state.hasRead = true;
  state.readAt = call.sentAt;
  note(state, found, now);
  const lease = found?.lease;
  const isOurs = lease?.holder === state.terms.instance && lease.epoch === state.epoch;
  if (state.stopping) return isOurs ? write(state, 'release', lease.renewals, now) : end(state);
  if (!holds(state)) return compete(state, isFirst, now);
  if (isOurs) return write(state, 'renew', lease.renewals, now);
  const lost = stepDown(state, 'changed', lease?.holderName ?? '');
  return [...lost, ...compete(state, false, now)];
}

/** Remembers what stands in the database and since when it does. */
function note(state: LeaseState, found: StoredLease | undefined, now: number): void {
  state.found = found;
  if (found === undefined) return;
  const { holder, epoch, renewals } = found.lease;
  const mark = JSON.stringify([holder, epoch, renewals]);
  // The moment of the answer, not of the question: the change may have come in between.
  if (mark !== state.mark) state.seenAt = now;
  state.mark = mark;
  state.seen = found.lease;
  state.highestEpoch = Math.max(state.highestEpoch, epoch);
}

function compete(state: LeaseState, isFirst: boolean, now: number): LeaseEffect[] {
  const { instance, times } = state.terms;
  // A lease that somebody deleted may still be believed in by its holder, as long as it would have counted.
  const lease = state.found?.lease ?? state.seen;
  const isHeld = lease !== undefined && lease.holder !== '';
  // Our own from before a restart, or from a claim whose answer was lost. One with another epoch belongs to a process
  // with a copy of our identity.
  const isOwn = lease?.holder === instance && (isFirst || lease.epoch === state.epoch);
  const freeAt = isHeld && !isOwn ? state.seenAt + durationOf(lease) : now;
  if (now >= freeAt) return claim(state, isOwn && !isFirst, now);
  state.nextAt = Math.min(now + times.poll, freeAt);
  return tellStandby(state, 'held-by-other', lease?.holderName ?? '');
}

function claim(state: LeaseState, isDoubtful: boolean, now: number): LeaseEffect[] {
  const renewals = (state.found?.lease ?? state.seen)?.renewals ?? 0;
  state.epoch = ++state.highestEpoch;
  state.isDoubtful = isDoubtful;
  return write(state, 'claim', renewals, now);
}

export function afterWrite(
  state: LeaseState,
  call: LeaseCall,
  result: 'written' | 'changed',
  now: number,
): LeaseEffect[] {
  const { times } = state.terms;
  if (call.kind === 'release') return end(state);
  state.nextAt = now;
  if (state.stopping) return [];
  if (result === 'changed') {
    // Not at once: two that are refused in turn would do nothing but that.
    state.nextAt = now + times.retry;
    return holds(state) ? stepDown(state, 'changed', '') : [];
  }
  const fenceAt = call.sentAt + times.fence;
  // An answer that comes when the right it gives is over, or that was lost before: look again.
  if (now >= fenceAt || (call.kind === 'renew' && !holds(state))) return [];
  if (call.kind === 'claim') {
    state.phase = 'settling';
    state.settledAt = now + settlingTime(state, call, now);
  }
  state.fenceAt = fenceAt;
  state.nextAt = Math.max(now, call.sentAt + times.renew);
  return state.phase === 'settling' ? settle(state, call, now) : [];
}

/** How long a claim has to stand: another one may overwrite it unless the database excludes that. */
function settlingTime(state: LeaseState, call: LeaseCall, now: number): number {
  const { isConditional, times } = state.terms;
  // Two contenders can make a document in the same moment; only a change can be conditional.
  if (isConditional && state.found !== undefined) return 0;
  return state.isDoubtful || now - call.sentAt > times.quick ? times.longSettle : times.settle;
}

/** A claim gives the right to write when it was seen to stand after its time and renewed. */
function settle(state: LeaseState, call: LeaseCall, now: number): LeaseEffect[] {
  const isSettled = call.kind === 'claim' ? now >= state.settledAt : state.readAt >= state.settledAt;
  if (isSettled) {
    state.phase = 'active';
    return tell(state, { state: 'active', epoch: state.epoch }, 'taken');
  }
  state.nextAt = Math.min(state.nextAt, Math.max(now, state.settledAt));
  return tellStandby(state, 'claiming', '');
}

export function afterFailure(state: LeaseState, call: LeaseCall, passes: boolean, now: number): LeaseEffect[] {
  const { retry, poll, rare } = state.terms.times;
  if (state.stopping) {
    // Of a claim or a renewal that failed we do not know whether it stands.
    const mayStand = call.kind === 'claim' || call.kind === 'renew';
    state.nextAt = now;
    return mayStand ? [] : end(state);
  }
  const hurries = holds(state) || call.kind !== 'read';
  state.nextAt = now + (!passes && !holds(state) ? rare : hurries ? retry : poll);
  return state.told === undefined ? tellStandby(state, 'unreachable', '') : [];
}

function durationOf({ durationMs }: Lease): number {
  return Math.min(MAX_DURATION_MS, Math.max(MIN_DURATION_MS, durationMs));
}
