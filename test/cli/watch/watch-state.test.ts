import { describe, expect, test } from 'vitest';
import { watchRows } from '../../../src/cli/watch/watch-rows.js';
import { nothingKnown, type WatchEvent, type WatchState, watchStep } from '../../../src/cli/watch/watch-state.js';
import type { PersonPresence } from '../../../src/client/messages.js';

const NOW = 1_000_000;
const person = (name: string, status: PersonPresence['status'] = 'available'): PersonPresence => ({
  address: `sip:${name}@x.example`,
  status,
  outOfOffice: false,
  source: 'ocs',
  confirmed: true,
});
const snapshot = (people: readonly PersonPresence[], more: object = {}): WatchEvent => ({
  type: 'snapshot',
  at: NOW,
  freshUntil: NOW + 45_000,
  asked: [],
  people,
  ...more,
});
const changes = (...people: readonly PersonPresence[]): WatchEvent => ({
  type: 'changes',
  cursor: 'c',
  at: NOW,
  people,
});
const stateAfter = (...events: readonly WatchEvent[]): WatchState =>
  events.reduce((state, event) => watchStep(state, event, NOW), nothingKnown(NOW));
const shown = (state: WatchState): readonly string[] =>
  watchRows(state).map((row) => (row.kind === 'person' ? `${row.person.address} ${row.person.status}` : row.query));

describe('what watch knows', () => {
  test('is what the newest snapshot and the changes after it say', () => {
    const state = stateAfter(
      snapshot([person('gone')]),
      snapshot([person('ana'), person('ben')]),
      changes(person('ben', 'away')),
    );
    expect(shown(state)).toEqual(['sip:ana@x.example available', 'sip:ben@x.example away']);
  });

  test('stays until the last part of a big snapshot is there; changes between its parts are in it', () => {
    const first = stateAfter(snapshot([person('old')]), snapshot([person('ana')], { more: true }));
    expect(shown(first)).toEqual(['sip:old@x.example available']);
    const events = [changes(person('ana', 'busy')), snapshot([person('ben')], { asked: undefined })];
    const state = events.reduce((known, event) => watchStep(known, event, NOW), first);
    expect(shown(state)).toEqual(['sip:ana@x.example busy', 'sip:ben@x.example available']);
  });

  test('forgets parts whose end was lost with the connection', () => {
    const state = stateAfter(
      snapshot([person('old')], { more: true }),
      { type: 'connection', state: 'lost' },
      snapshot([person('ana')]),
    );
    expect(shown(state)).toEqual(['sip:ana@x.example available']);
  });

  test('is unknown once the bridge was silent, and as before when it is heard again', () => {
    const known = stateAfter(snapshot([person('ana')]));
    const silent = watchStep(known, { type: 'tick' }, NOW + 45_000);
    expect(shown(silent)).toEqual(['sip:ana@x.example unknown']);
    const sides = { state: 'connected', since: 0 };
    const status = { type: 'status', now: NOW + 50_000, bridge: 'b', ocs: sides, notes: sides } as const;
    const heard = watchStep(silent, { ...status, freshUntil: NOW + 90_000 }, NOW + 50_000);
    expect(shown(heard)).toEqual(['sip:ana@x.example available']);
  });

  test('goes by the clock of the bridge, however wrong the local one is', () => {
    const local = NOW - 3_600_000;
    const known = watchStep(nothingKnown(local), snapshot([person('ana')]), local);
    expect(watchStep(known, { type: 'tick' }, local + 44_000).isSilent).toBe(false);
    expect(watchStep(known, { type: 'tick' }, local + 45_000).isSilent).toBe(true);
  });

  test('holds the five newest messages only', () => {
    const messages = Array.from(
      { length: 9 },
      (_, at): WatchEvent => ({ type: 'message', at, from: 'sip:a@x', text: '' }),
    );
    expect(stateAfter(...messages).messages.map(({ at }) => at)).toEqual([4, 5, 6, 7, 8]);
  });
});
