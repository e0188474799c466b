import type { HeartbeatRecord } from '../ports.js';
import type { EngineState } from './state.js';
import type { EngineEffect } from './vocabulary.js';

/** The sign of life, now and again after the interval. */
export function beat(state: EngineState): EngineEffect[] {
  if (state.role.state === 'standby') return [];
  const next: EngineEffect = { type: 'set-timer', name: 'heartbeat', delayMs: state.config.heartbeatMs };
  // One that still waits for its turn would only be followed by its copy.
  if (state.store.state !== 'connected' || state.beat?.pending) return [next];
  return [send(state), next];
}

/** A sign of life in between, when the newest one says what is no longer so. */
export function beatIfChanged(state: EngineState): EngineEffect[] {
  const { beat: last, store, role } = state;
  if (last === undefined || last.pending || store.state !== 'connected' || role.state === 'standby') return [];
  return last.connected === confirmsAll(state) ? [] : beat(state);
}

/** The last will: at once, whatever waits. */
export function lastBeat(state: EngineState): EngineEffect[] {
  const canWrite = state.store.state === 'connected' && state.role.state === 'active';
  return canWrite ? [send(state)] : [];
}

/** True when a reader may believe every document that is signed by this bridge. */
function confirmsAll(state: EngineState): boolean {
  return state.source.state === 'connected' && !state.stopping && state.doubtful === 0;
}

function send(state: EngineState): EngineEffect {
  state.beat = { connected: state.beat?.connected ?? false, pending: true };
  return { type: 'heartbeat' };
}

/** What the heartbeat says. To be asked when its turn has come: it may have waited behind a call that took long. */
export function heartbeatRecord(state: EngineState, now: number): HeartbeatRecord {
  const { config, counts, entries } = state;
  const connected = confirmsAll(state);
  state.beat = { connected, pending: true };
  return {
    bridge: config.bridge,
    epoch: state.epoch,
    version: config.version,
    writtenAt: now,
    interval: config.heartbeatMs,
    connected,
    ocs: state.source,
    notes: state.store,
    people: entries.size,
    reachable: counts.available + counts['available-idle'],
    unknown: counts.unknown,
  };
}
