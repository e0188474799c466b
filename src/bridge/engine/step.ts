import type { LinkReport } from '../ports.js';
import { endGrace, graceLeft, lose, observe, takeLink, takeRoster } from './presence.js';
import type { EngineState } from './state.js';
import type { EngineEffect, EngineEvent, TimerName } from './vocabulary.js';
import {
  endRest,
  heartbeat,
  nextWrite,
  retryRefused,
  storeFailed,
  takeRemoved,
  takeStored,
  takeWritten,
} from './writing.js';

export interface Step {
  readonly state: EngineState;
  readonly effects: readonly EngineEffect[];
}

/**
 * The whole decision logic of the bridge: what one event means for statuses, documents, timers. Pure but for `state`,
 * which is changed in place (see `EngineState`). `now` in milliseconds since 1970. Never throws.
 */
export function step(state: EngineState, event: EngineEvent, now: number): Step {
  return { state, effects: decide(state, event, now) };
}

function decide(state: EngineState, event: EngineEvent, now: number): EngineEffect[] {
  switch (event.type) {
    case 'start':
      return [
        { type: 'open-store', attempt: state.storeAttempts++ },
        { type: 'set-timer', name: 'grace', delayMs: graceLeft(state, state.config.graceMs, now) },
      ];
    case 'roster': {
      const changed = takeRoster(state, event.roster.people, now);
      return changed
        ? [{ type: 'watch', uris: [...state.entries.keys()] }, ...scheduleFlush(state)]
        : scheduleFlush(state);
    }
    case 'role':
      state.role = event.role;
      state.roleSince = now;
      return [];
    case 'reconcile':
      return state.store.state === 'connected' ? [{ type: 'open-store', attempt: 0 }] : [];
    case 'source-link':
      // On the way out nothing brings a status back.
      return state.stopping ? [] : linkChanged(state, event.report, now);
    case 'observed':
      if (state.source.state !== 'connected') return [];
      observe(state, event.observations, event.authoritative, now);
      return scheduleFlush(state);
    case 'lost':
      lose(state, event.uris, event.passing, now);
      return [...(event.passing ? waitForThem(state, now) : []), ...scheduleFlush(state)];
    case 'store-opened': {
      takeStored(state, event.contents.people, now);
      const report: LinkReport = { state: 'connected', since: now };
      const news: EngineEffect[] =
        state.store.state === 'connected' ? [] : [{ type: 'link', partner: 'notes', report }];
      state.store = report;
      return [...news, ...beat(state, now), ...scheduleFlush(state)];
    }
    case 'store-failed':
      if (state.stopping) return [];
      return storeFailed(state, event.error, now);
    case 'written':
      return [...takeWritten(state, event.outcome, now), ...scheduleFlush(state)];
    case 'removed':
      return [...takeRemoved(state, event.outcome), ...scheduleFlush(state)];
    case 'heartbeat-written':
      state.heartbeatAt = now;
      // While people wait, only their documents prove that the store works.
      if (state.inFlight === undefined && !hasDocumentsToDo(state)) state.storeAttempts = 0;
      return [];
    case 'timer':
      return timerEnded(state, event.name, now);
    case 'stop':
      return stop(state, now);
  }
}

function linkChanged(state: EngineState, report: LinkReport, now: number): EngineEffect[] {
  const was = state.source.state;
  takeLink(state, report, now);
  if (report.state === was) return [];
  const becameConnected = report.state === 'connected';
  const lostConnection = was === 'connected';
  const effects: EngineEffect[] = [{ type: 'link', partner: 'ocs', report }];
  if (!becameConnected && !lostConnection) return effects;
  const delayMs = graceLeft(state, becameConnected ? state.config.answerMs : state.config.graceMs, now);
  return [...effects, { type: 'set-timer', name: 'grace', delayMs }, ...beat(state, now)];
}

/** People who shall be confirmed again soon have as long as after a loss of OCS. */
function waitForThem(state: EngineState, now: number): EngineEffect[] {
  state.graceOver = false;
  return [{ type: 'set-timer', name: 'grace', delayMs: graceLeft(state, state.config.graceMs, now) }];
}

function timerEnded(state: EngineState, name: TimerName, now: number): EngineEffect[] {
  switch (name) {
    case 'flush':
      state.flushScheduled = false;
      return nextWrite(state, now);
    case 'grace':
      endGrace(state, now);
      return scheduleFlush(state);
    case 'heartbeat':
      return beat(state, now);
    case 'rest':
      return [...endRest(state, now), ...scheduleFlush(state)];
    case 'refused-documents':
      retryRefused(state, now);
      return scheduleFlush(state);
  }
}

function scheduleFlush(state: EngineState): EngineEffect[] {
  if (
    !hasDocumentsToDo(state) ||
    state.flushScheduled ||
    state.inFlight !== undefined ||
    state.store.state !== 'connected'
  )
    return [];
  state.flushScheduled = true;
  // A full batch would not become better by waiting, and on the way out nothing is worth it.
  const atOnce = state.stopping || state.pending.size >= state.config.batchSize;
  return [{ type: 'set-timer', name: 'flush', delayMs: atOnce ? 0 : state.config.windowMs }];
}

function hasDocumentsToDo({ pending, leaving }: EngineState): boolean {
  return pending.size > 0 || leaving.size > 0;
}

function beat(state: EngineState, now: number): EngineEffect[] {
  const next: EngineEffect = { type: 'set-timer', name: 'heartbeat', delayMs: state.config.heartbeatMs };
  if (state.store.state !== 'connected') return [next];
  return [{ type: 'heartbeat', record: heartbeat(state, now) }, next];
}

/** The last will: nobody will confirm these statuses any more. */
function stop(state: EngineState, now: number): EngineEffect[] {
  state.stopping = true;
  takeLink(state, { state: 'stopped', since: now }, now);
  state.flapping.clear();
  endGrace(state, now);
  retryRefused(state, now);
  const timers: TimerName[] = ['grace', 'heartbeat', 'refused-documents', 'rest', 'flush'];
  state.flushScheduled = false;
  return [
    ...timers.map((name): EngineEffect => ({ type: 'cancel-timer', name })),
    ...(state.store.state === 'connected' ? [{ type: 'heartbeat', record: heartbeat(state, now) } as const] : []),
    ...scheduleFlush(state),
  ];
}
