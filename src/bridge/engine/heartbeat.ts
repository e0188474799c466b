import type { HeartbeatRecord } from '../ports.js';
import type { EngineState } from './state.js';
import type { EngineEffect } from './vocabulary.js';
import { nextWrite } from './writing.js';

/** The sign of life, now and again after the interval. */
export function beat(state: EngineState, now: number): EngineEffect[] {
  if (state.role.state === 'standby') return [];
  const next: EngineEffect = { type: 'set-timer', name: 'heartbeat', delayMs: state.config.heartbeatMs };
  // One that still waits for its turn would only be followed by its copy.
  if (state.store.state !== 'connected' || state.beat?.pending) return [next];
  // What is known to have changed goes first, or the heartbeat would confirm a document that is about to be corrected.
  if (state.inFlight !== undefined) {
    state.beatDue = true;
    return [next];
  }
  state.beatDue = false;
  return [...nextWrite(state, now), send(state, now), next];
}

/** A sign of life in between, when the newest one says what is no longer so. */
export function beatIfChanged(state: EngineState, now: number): EngineEffect[] {
  const { beat: last, store, role } = state;
  if (last === undefined || last.pending || state.beatDue) return [];
  if (store.state !== 'connected' || role.state === 'standby') return [];
  return last.connected === confirmsAll(state) ? [] : beat(state, now);
}

/** The sign of life that waited for the answer to a write. */
export function beatWhenDue(state: EngineState, now: number): EngineEffect[] {
  return state.beatDue ? beat(state, now) : [];
}

/** The last will: at once, whatever waits. */
export function lastBeat(state: EngineState, now: number): EngineEffect[] {
  const canWrite = state.store.state === 'connected' && state.role.state === 'active';
  return canWrite ? [send(state, now)] : [];
}

/** True when a reader may believe every document that is signed by this bridge. */
function confirmsAll(state: EngineState): boolean {
  return state.source.state === 'connected' && !state.stopping && state.doubtful === 0;
}

function send(state: EngineState, now: number): EngineEffect {
  state.beat = { connected: state.beat?.connected ?? false, pending: true, at: now };
  return { type: 'heartbeat' };
}

/** What the heartbeat says. To be asked when its turn has come: it may have waited behind a call that took long. */
export function heartbeatRecord(state: EngineState, now: number): HeartbeatRecord {
  const { config, counts, entries } = state;
  const connected = confirmsAll(state);
  // What changed since it was due may still wait behind it: it confirms no more than was known then.
  const writtenAt = Math.min(state.beat?.at ?? now, now);
  state.beat = { connected, pending: true, at: writtenAt };
  return {
    bridge: config.bridge,
    epoch: state.epoch,
    version: config.version,
    writtenAt,
    interval: config.heartbeatMs,
    connected,
    ocs: state.source,
    notes: state.store,
    people: entries.size,
    reachable: counts.available + counts['available-idle'],
    unknown: counts.unknown,
  };
}
