import type { Role } from '../lease-ports.js';
import type { LeaseCall, LeaseEffect, LeaseState, RoleReason } from './lease-vocabulary.js';

/** Whether the lease is this contender's, with the right to write or on the way to it. */
export function holds(state: LeaseState): boolean {
  return state.phase === 'active' || state.phase === 'settling';
}

export function stepDown(state: LeaseState, reason: RoleReason, holder: string): LeaseEffect[] {
  state.phase = 'watching';
  state.fenceAt = Number.NEGATIVE_INFINITY;
  return tellStandby(state, reason, holder);
}

export function tellStandby(state: LeaseState, reason: RoleReason, holder: string): LeaseEffect[] {
  const { told } = state;
  if (told?.state === 'standby' && told.holder === holder) return [];
  return tell(state, { state: 'standby', holder }, reason);
}

export function tell(state: LeaseState, role: Role, reason: RoleReason): LeaseEffect[] {
  state.told = role;
  return [{ type: 'role', role, reason }];
}

export function end(state: LeaseState): LeaseEffect[] {
  state.phase = 'stopped';
  return [{ type: 'stopped' }];
}

/** Writes over what was read last; `renewals` is its number. */
export function write(
  state: LeaseState,
  kind: 'claim' | 'renew' | 'release',
  renewals: number,
  now: number,
): LeaseEffect[] {
  const { instance, instanceName, times } = state.terms;
  const [holder, holderName] = kind === 'release' ? ['', ''] : [instance, instanceName];
  const lease = { holder, holderName, epoch: state.epoch, renewals: renewals + 1, durationMs: times.duration };
  return [{ type: 'write', call: begin(state, kind, now), lease, expected: state.found }];
}

/** Notes a call as under way; gives its number. */
export function begin(state: LeaseState, kind: LeaseCall['kind'], now: number): number {
  const id = ++state.calls;
  state.call = { id, kind, sentAt: now };
  return id;
}
