import type { Role } from '../lease-ports.js';
import { dropAssertions } from './assertions.js';
import { waitForPeople } from './grace.js';
import { countDoubt } from './mark.js';
import { doubtAll } from './presence.js';
import { beginReading } from './reconcile.js';
import type { EngineState } from './state.js';
import { type EngineEffect, TIMERS } from './vocabulary.js';
import { watchedUris } from './watched-uris.js';

/** What the coordinator decided. Before the start it is only noted. */
export function takeRole(state: EngineState, role: Role, now: number): EngineEffect[] {
  const was = state.role.state;
  state.role = role;
  if (role.state !== was) state.roleSince = now;
  if (!state.started || state.stopping) return [];
  const news: EngineEffect = { type: 'role', role };
  if (role.state === 'standby') return was === 'standby' ? [] : [news, ...becomeStandby(state, now)];
  if (was === 'standby') return [news, ...becomeActive(state, 'takeover', now)];
  // A later turn of our own: nobody wrote in between, but what we write must carry it.
  if (role.epoch <= state.epoch) return [];
  state.epoch = role.epoch;
  state.seq = 0;
  return [news];
}

/** This bridge writes from now on: it watches everybody, reads all documents, and writes what differs. */
export function becomeActive(state: EngineState, cause: 'start' | 'takeover', now: number): EngineEffect[] {
  // Without a roster every document would seem to be of somebody who left it.
  if (!state.rosterKnown) return [];
  state.stamped = false;
  state.storeAttempts = 0;
  state.unsettledSince = undefined;
  state.store = { state: 'starting', since: now };
  const isSignedIn = state.source.state === 'connected';
  const wish = isSignedIn ? state.config.answerMs : state.config.graceMs;
  return [
    { type: 'watch', uris: watchedUris(state) },
    ...beginReading(state, cause, now),
    waitForPeople(state, wish, now),
  ];
}

/**
 * Another bridge of this name writes: nothing more is sent, nobody is watched, and what is known of documents is
 * forgotten, since it is no longer ours to know.
 */
export function becomeStandby(state: EngineState, now: number): EngineEffect[] {
  state.reading = undefined;
  state.inFlight = undefined;
  state.fence = 'open';
  state.beat = undefined;
  state.beatDue = false;
  state.stamped = false;
  state.flush = undefined;
  state.sweep = [];
  state.graceOver = false;
  state.unsettledSince = undefined;
  state.leaving.clear();
  state.refusedDocuments.clear();
  state.flapping.clear();
  dropAssertions(state, now);
  doubtAll(state, now);
  for (const entry of state.entries.values()) {
    entry.stored = undefined;
    entry.spoilt = false;
    entry.unproven = false;
    entry.overdue = false;
    countDoubt(state, entry);
  }
  state.pending.clear();
  state.store = { state: 'stopped', since: now };
  return [
    { type: 'drop-calls' },
    ...TIMERS.map((name): EngineEffect => ({ type: 'cancel-timer', name })),
    { type: 'watch', uris: [] },
  ];
}
