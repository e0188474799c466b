import type { SipUri } from '../../presence/ids.js';
import { unknownSnapshot } from '../../presence/snapshot.js';
import { differs, type Entry } from './entry.js';
import { isAvailable, mark } from './mark.js';
import type { EngineState } from './state.js';
import type { EngineEffect } from './vocabulary.js';

const SWEEP_PERIOD_MS = 1_000;

/** The time to answer, or to come back, is over: what is not confirmed is to be unknown in documents too. */
export function endGrace(state: EngineState, now: number): EngineEffect[] {
  state.graceOver = true;
  state.unsettledSince = undefined;
  return beginSweep(state, now);
}

/**
 * Puts everybody whom nobody confirms in line, those first whose documents say available. Documents turn slowly, since
 * the heartbeat says already that nothing counts, and a server that has just come back should not be flooded.
 */
export function beginSweep(state: EngineState, now: number): EngineEffect[] {
  const available: SipUri[] = [];
  const others: SipUri[] = [];
  const missing: SipUri[] = [];
  for (const entry of state.entries.values()) {
    if (entry.confirmed || entry.overdue) continue;
    entry.tolerated = false;
    if (saysUnknown(entry)) {
      entry.overdue = true;
      mark(state, entry, now);
      continue;
    }
    const line = entry.stored === undefined ? missing : isAvailable(entry.stored.status) ? available : others;
    line.push(entry.person.uri);
    mark(state, entry, now);
  }
  state.sweep = [...available, ...others, ...missing];
  state.sweptUpTo = 0;
  return sweepSome(state, now);
}

/** The next part of the sweep. While the store is away, or behind, nothing is added to what waits for it. */
export function sweepSome(state: EngineState, now: number): EngineEffect[] {
  const { sweepPerSecond } = state.config;
  const isBehind = state.store.state !== 'connected' || state.reading !== undefined || state.fence !== 'open';
  let left = state.stopping ? Number.POSITIVE_INFINITY : isBehind ? 0 : sweepPerSecond - state.pending.swept;
  while (left > 0 && state.sweptUpTo < state.sweep.length) {
    const uri = state.sweep[state.sweptUpTo++];
    const entry = uri === undefined ? undefined : state.entries.get(uri);
    if (entry === undefined || entry.confirmed || entry.overdue) continue;
    entry.overdue = true;
    // On the way out nothing is spared, and whoever is available must go first.
    mark(state, entry, now, state.stopping ? 'normal' : 'sweep');
    left--;
  }
  if (state.sweptUpTo < state.sweep.length) return [{ type: 'set-timer', name: 'sweep', delayMs: SWEEP_PERIOD_MS }];
  state.sweep = [];
  return [];
}

/** OCS is back: whoever was not swept yet will simply be confirmed. */
export function endSweep(state: EngineState): EngineEffect[] {
  state.sweep = [];
  for (const uri of state.pending.takeSwept()) {
    const entry = state.entries.get(uri);
    if (entry !== undefined) entry.overdue = false;
  }
  return [{ type: 'cancel-timer', name: 'sweep' }];
}

function saysUnknown(entry: Entry): boolean {
  const { stored, person, snapshot } = entry;
  return stored !== undefined && !differs(entry, unknownSnapshot(person.uri, snapshot.displayName));
}
