import { afterFailure, afterRead, afterWrite } from './lease-answers.js';
import { begin, end, holds, stepDown } from './lease-moves.js';
import type { LeaseAnswer, LeaseEffect, LeaseEvent, LeaseState } from './lease-vocabulary.js';

export interface LeaseStep {
  readonly state: LeaseState;
  readonly effects: readonly LeaseEffect[];
}

/**
 * What one event means for a contender for the lease. Pure but for `state`, which is changed in place. `now` is the
 * contender's monotonic clock, milliseconds. Never throws.
 *
 * Other people's leases are judged by how long they were seen to stand still, never by a time that they name: clocks of
 * two machines differ. Leader election in Kubernetes does the same.
 */
export function step(state: LeaseState, event: LeaseEvent, now: number): LeaseStep {
  if (state.phase === 'stopped') return { state, effects: [] };
  // First of all: after a pause of the whole process the answer that comes first may be one from before it.
  const fenced = obeyFence(state, now);
  const taken = take(state, event, now);
  return { state, effects: [...fenced, ...taken, ...goOn(state, now)] };
}

function take(state: LeaseState, event: LeaseEvent, now: number): LeaseEffect[] {
  switch (event.type) {
    case 'start':
      state.nextAt = now;
      return [];
    case 'timer':
      return [];
    case 'stop':
      return beginStop(state, now);
    case 'read':
    case 'wrote':
    case 'failed':
      return takeAnswer(state, event, now);
  }
}

function takeAnswer(state: LeaseState, answer: LeaseAnswer, now: number): LeaseEffect[] {
  const { call } = state;
  // The answer to a call that was given up says nothing about now.
  if (call === undefined || call.id !== answer.call) return [];
  state.call = undefined;
  switch (answer.type) {
    case 'read':
      return afterRead(state, call, answer.found, now);
    case 'wrote':
      return afterWrite(state, call, answer.result, now);
    case 'failed':
      return afterFailure(state, call, answer.passes, now);
  }
}

function obeyFence(state: LeaseState, now: number): LeaseEffect[] {
  if (!holds(state) || now < state.fenceAt) return [];
  state.nextAt = Math.min(state.nextAt, now);
  return stepDown(state, 'fenced', '');
}

function goOn(state: LeaseState, now: number): LeaseEffect[] {
  const { patience } = state.terms.times;
  const effects: LeaseEffect[] = [];
  if (state.call !== undefined && now >= state.call.sentAt + patience) {
    const { call } = state;
    state.call = undefined;
    effects.push(...afterFailure(state, call, true, now));
  }
  if (state.phase === 'stopped') return effects;
  if (state.call === undefined && now >= state.nextAt) effects.push({ type: 'read', call: begin(state, 'read', now) });
  const due = state.call === undefined ? state.nextAt : state.call.sentAt + patience;
  const wake = holds(state) ? Math.min(due, state.fenceAt) : due;
  // Whole milliseconds, rounded up: a timer that comes a trifle early would only come again and again.
  if (wake < Number.POSITIVE_INFINITY) effects.push({ type: 'timer', delayMs: Math.max(1, Math.ceil(wake - now)) });
  return effects;
}

function beginStop(state: LeaseState, now: number): LeaseEffect[] {
  if (state.stopping) return [];
  const mayStand =
    holds(state) ||
    (state.call !== undefined && state.call.kind !== 'read') ||
    (state.epoch > 0 && state.found?.lease.holder === state.terms.instance);
  state.stopping = true;
  state.phase = 'watching';
  state.nextAt = now;
  return mayStand ? [] : end(state);
}
