import type { LinkReport } from '../ports.js';
import { assert, endAssertions, retract, silence } from './assertions.js';
import { waitForPeople } from './grace.js';
import { beat, beatIfChanged, beatWhenDue, lastBeat } from './heartbeat.js';
import { settleLists } from './lists.js';
import { doubtAll, lose, observe, takeLink } from './presence.js';
import { beginReading, reconcile, takeStored } from './reconcile.js';
import { retryRefused } from './refusals.js';
import { endRest } from './rest.js';
import { becomeActive, becomeStandby, takeRole } from './role.js';
import { takeRoster } from './roster.js';
import type { EngineState } from './state.js';
import { fenced, storeFailed, storeOpened } from './store-link.js';
import { endGrace, endSweep, sweepSome } from './sweep.js';
import { type ActiveEvent, type EngineEffect, type EngineEvent, TIMERS, type TimerName } from './vocabulary.js';
import { watchedUris } from './watched-uris.js';
import { hasDocumentsToDo, nextWrite, scheduleFlush, takeRemoved, takeWritten } from './writing.js';

export interface Step {
  readonly state: EngineState;
  readonly effects: readonly EngineEffect[];
}

/** Long enough for a source to end what it watched before it begins anew. */
const WATCH_ANEW_MS = 1_000;

/**
 * The whole decision logic of the bridge: what one event means for statuses, documents, timers. Pure but for `state`,
 * which is changed in place (see `EngineState`). `now` in milliseconds since 1970. Never throws.
 */
export function step(state: EngineState, event: EngineEvent, now: number): Step {
  const effects = assertionsAreDue(state, event, now) ? endAssertions(state, now) : [];
  effects.push(...decide(state, event, now));
  settleLists(state, now);
  effects.push(...scheduleFlush(state), ...beatIfChanged(state, now), ...presenceNews(state));
  return { state, effects };
}

/** Whatever happens after an end must not find what ended, even if the timer is late. */
function assertionsAreDue({ assertionsDue }: EngineState, event: EngineEvent, now: number): boolean {
  if (event.type === 'timer' && event.name === 'assertions') return true;
  return assertionsDue !== undefined && assertionsDue <= now;
}

function presenceNews(state: EngineState): EngineEffect[] {
  if (state.touched.size === 0) return [];
  const uris = state.touched;
  state.touched = new Set();
  return [{ type: 'presence', uris }];
}

function decide(state: EngineState, event: EngineEvent, now: number): EngineEffect[] {
  switch (event.type) {
    case 'start':
      state.started = true;
      return state.role.state === 'active' ? becomeActive(state, 'start', now) : becomeStandby(state, now);
    case 'role':
      return takeRole(state, event.role, now);
    case 'roster': {
      const isFirst = !state.rosterKnown;
      state.rosterKnown = true;
      const effects = takeRoster(state, event.roster, event.lists ?? [], now);
      const begins = isFirst && state.started && !state.stopping && state.role.state === 'active';
      return begins ? becomeActive(state, 'start', now) : effects;
    }
    case 'source-link':
      // On the way out nothing brings a status back.
      return state.stopping ? [] : linkChanged(state, event.report, now);
    case 'gap':
      return gapped(state, now);
    case 'timer':
      return timerEnded(state, event.name, now);
    case 'stop':
      return stop(state, now);
    default:
      // On standby what still comes in is what was asked for before.
      return state.role.state === 'standby' ? [] : decideActive(state, event, now);
  }
}

function decideActive(state: EngineState, event: ActiveEvent, now: number): EngineEffect[] {
  switch (event.type) {
    case 'observed':
      if (state.source.state === 'connected') observe(state, event.observations, event.authoritative, now);
      return [];
    case 'lost':
      lose(state, event.uris, event.passing, now);
      return event.passing ? [waitForPeople(state, state.config.graceMs, now)] : [];
    case 'assert':
      return assert(state, event.uri, event.assertion, now);
    case 'retract':
      retract(state, event.uri, event.holder, now);
      return [];
    case 'silence':
      silence(state, event.holder, now);
      return [];
    case 'reconcile':
      return reconcile(state, event.cause, now);
    case 'store-opened': {
      const news = storeOpened(state, now);
      state.beat = undefined;
      return [...news, ...takeStored(state, event.contents, now), ...beat(state, now)];
    }
    case 'store-failed':
      return storeFailed(state, event.error, now);
    case 'fenced':
      return fenced(state, event.begun);
    case 'written':
      return [...takeWritten(state, event.outcome, now), ...beatWhenDue(state, now)];
    case 'removed':
      return [...takeRemoved(state, event.outcome, now), ...beatWhenDue(state, now)];
    case 'heartbeat-written':
      state.heartbeatAt = now;
      if (state.beat !== undefined) state.beat = { ...state.beat, pending: false };
      // While people wait, only their documents prove that the store works.
      if (state.inFlight === undefined && !hasDocumentsToDo(state)) state.storeAttempts = 0;
      return [];
    case 'heartbeat-dropped':
      state.beat = undefined;
      return [];
  }
}

function linkChanged(state: EngineState, report: LinkReport, now: number): EngineEffect[] {
  const was = state.source.state;
  takeLink(state, report, now);
  if (report.state === was) return [];
  const becameConnected = report.state === 'connected';
  const lostConnection = was === 'connected';
  const news: EngineEffect = { type: 'link', partner: 'ocs', report };
  if (state.role.state === 'standby' || !(becameConnected || lostConnection)) return [news];
  const { answerMs, graceMs } = state.config;
  return [
    news,
    ...(becameConnected ? endSweep(state) : []),
    waitForPeople(state, becameConnected ? answerMs : graceMs, now),
    ...beat(state, now),
  ];
}

/**
 * As after a loss of OCS nothing is confirmed until it was said anew. The source itself may not notice: its connection
 * can have outlived the pause. Watching everybody anew makes the server say what is so.
 */
function gapped(state: EngineState, now: number): EngineEffect[] {
  state.counters.gaps++;
  if (state.role.state === 'standby' || state.stopping || state.source.state !== 'connected') return [];
  doubtAll(state, now);
  // Nobody could answer during the gap: the time for it begins now.
  state.unsettledSince = undefined;
  return [
    { type: 'watch', uris: [] },
    { type: 'set-timer', name: 'watch', delayMs: WATCH_ANEW_MS },
    waitForPeople(state, state.config.answerMs, now),
  ];
}

function timerEnded(state: EngineState, name: TimerName, now: number): EngineEffect[] {
  switch (name) {
    case 'flush':
      state.flush = undefined;
      return nextWrite(state, now);
    case 'grace':
      return endGrace(state, now);
    case 'sweep':
      return sweepSome(state, now);
    case 'heartbeat':
      return beat(state, now);
    case 'rest':
      return endRest(state, now);
    case 'refused-documents':
      retryRefused(state, now);
      return [];
    case 'watch':
      return [{ type: 'watch', uris: watchedUris(state) }];
    case 'assertions':
      // Seen to before anything else.
      return [];
    case 'fence': {
      const { fence, reading } = state;
      state.fence = 'open';
      return fence === 'reopen' ? beginReading(state, reading?.cause ?? 'store-back', now) : [];
    }
  }
}

/** The last will: nobody will confirm these statuses any more. */
function stop(state: EngineState, now: number): EngineEffect[] {
  state.stopping = true;
  takeLink(state, { state: 'stopped', since: now }, now);
  if (state.role.state === 'standby') return TIMERS.map((name) => ({ type: 'cancel-timer', name }));
  state.flapping.clear();
  const will = lastBeat(state, now);
  const swept = endGrace(state, now);
  retryRefused(state, now);
  state.flush = undefined;
  return [...TIMERS.map((name): EngineEffect => ({ type: 'cancel-timer', name })), ...will, ...swept];
}
