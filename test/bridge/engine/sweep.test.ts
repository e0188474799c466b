import { expect, test } from 'vitest';
import type { Person } from '../../../src/bridge/ports.js';
import { BridgeError } from '../../../src/presence/errors.js';
import { ENGINE_CONFIG, EngineRun } from '../../support/engine-run.js';
import { person, rosterOf } from '../../support/people.js';

const { graceMs, answerMs, sweepPerSecond, heartbeatMs, windowMs } = ENGINE_CONFIG;
const some = (count: number, from = 0): readonly Person[] =>
  Array.from({ length: count }, (_, index) => person(`sip:p${index + from}@contoso.example`));

/** 100 people who are available, and 200 who are busy. */
function crowd(): { run: EngineRun; available: readonly Person[]; busy: readonly Person[] } {
  const [available, busy] = [some(100), some(200, 100)];
  const run = new EngineRun();
  for (const { uri } of busy) run.truth.set(uri, 6500);
  run.begins([...busy, ...available]);
  return { run, available, busy };
}

const saying = (run: EngineRun, status: string): number =>
  [...run.documents.values()].filter(({ snapshot }) => snapshot.status === status).length;

test('after the grace documents turn to unknown no faster than allowed, those first that say available', () => {
  const { run, available, busy } = crowd();
  run.link('transient-disconnect');
  run.passes(graceMs - 1);
  expect(saying(run, 'unknown')).toBe(0);
  run.passes(windowMs + 1);
  for (let second = 1; second <= 6; second++) {
    expect(saying(run, 'unknown')).toBeLessThanOrEqual(second * sweepPerSecond);
    expect(saying(run, 'available')).toBe(Math.max(0, available.length - second * sweepPerSecond));
    run.passes(1_000);
  }
  expect(saying(run, 'unknown')).toBe(available.length + busy.length);
});

test('when OCS is back in the middle of it, whoever was not swept yet costs no write', () => {
  const { run, busy } = crowd();
  run.link('transient-disconnect');
  run.passes(graceMs + 1_500);
  const swept = saying(run, 'unknown');
  expect(swept).toBe(2 * sweepPerSecond);
  const { length } = run.writes;
  run.link('connected');
  run.passes(answerMs + 60_000);
  expect(run.writes.length - length).toBe(swept);
  expect([saying(run, 'available'), saying(run, 'busy')]).toEqual([100, busy.length]);
});

test('a change of somebody who was answered for is not held up by the sweep', () => {
  const { run, busy } = crowd();
  const [somebody] = busy as [Person];
  run.link('transient-disconnect');
  run.link('connected');
  run.held = true;
  run.does({ type: 'timer', name: 'grace' });
  run.becomes(somebody, 18500);
  run.does({
    type: 'observed',
    observations: [{ uri: somebody.uri, state: { availability: 18500, activity: '' } }],
    authoritative: true,
  });
  run.passes(0);
  run.answer();
  run.passes(windowMs);
  expect(run.writes.findIndex(({ snapshot }) => snapshot.status === 'offline')).toBe(300);
});

test('nothing is added to what waits for a store that is away', () => {
  const { run } = crowd();
  run.does({ type: 'role', role: { state: 'active', epoch: 2 } });
  run.link('transient-disconnect');
  run.state.store = { state: 'transient-disconnect', since: run.now };
  run.passes(graceMs + 10_000);
  expect(run.state.pending.size).toBe(0);
});

test('a clean stop turns all of them at full speed', () => {
  const { run } = crowd();
  run.does({ type: 'stop' });
  run.passes(100);
  expect(saying(run, 'unknown')).toBe(300);
  expect(run.beats.at(-1)).toMatchObject({ connected: false, ocs: { state: 'stopped' } });
});

test('the heartbeat says connected only once nobody is doubtful any more, and then at once', () => {
  const { run } = crowd();
  expect(run.beats.at(-1)?.connected).toBe(true);
  run.link('transient-disconnect');
  expect(run.beats.at(-1)?.connected).toBe(false);
  run.passes(5_000);
  run.link('connected');
  expect([run.beats.at(-1)?.connected, run.state.doubtful]).toEqual([false, 300]);
  run.passes(200);
  expect([run.beats.at(-1)?.connected, run.state.doubtful]).toEqual([true, 0]);
});

test('the heartbeat does not say connected while somebody got no answer and the document says more', () => {
  const [silent, other] = some(2) as [Person, Person];
  const run = new EngineRun();
  run.begins([silent, other]);
  run.link('transient-disconnect');
  run.does({ type: 'source-link', report: { state: 'connected', since: run.now } });
  run.does({
    type: 'observed',
    observations: [{ uri: other.uri, state: { availability: 3500, activity: '' } }],
    authoritative: true,
  });
  run.passes(heartbeatMs - 1_000);
  expect(run.beats.at(-1)?.connected).toBe(false);
  run.passes(2_000 + windowMs);
  expect([run.statusOf(silent), run.beats.at(-1)?.connected]).toEqual(['unknown', true]);
});

test('one subscription that is broken for a moment turns nobody else grey', () => {
  const { run, available } = crowd();
  const [one] = available as [Person];
  run.does({ type: 'lost', uris: [one.uri], passing: true });
  run.does({ type: 'timer', name: 'heartbeat' });
  expect([run.beats.at(-1)?.connected, run.statusOf(one)]).toEqual([true, 'available']);
  run.passes(graceMs + windowMs);
  expect([run.beats.at(-1)?.connected, run.statusOf(one)]).toEqual([true, 'unknown']);
});

test('a roster that changes by thousands leaves those alone who stay', () => {
  const [staying, going, coming] = [some(50), some(5_000, 1_000), some(5_000, 10_000)];
  const run = new EngineRun();
  run.begins([...staying, ...going]);
  run.passes(60_000);
  const before = new Map(staying.map(({ key }) => [key, run.documents.get(key)]));
  for (const { uri } of coming) run.truth.set(uri, 6500);
  run.roster(rosterOf([...staying, ...coming]));
  for (const { uri } of staying) expect(run.state.entries.get(uri)?.confirmed).toBe(true);
  run.passes(5);
  run.becomes(staying[0] as Person, 6500);
  run.passes(1_000);
  expect(run.statusOf(staying[0] as Person)).toBe('busy');
  run.passes(60_000);
  expect(run.documents.size).toBe(5_050);
  for (const { key } of staying.slice(1)) expect(run.documents.get(key)).toBe(before.get(key));
  // Newcomers are written once, with what OCS says, not as unknown before.
  expect(run.writes.filter(({ snapshot }) => snapshot.status === 'unknown')).toEqual([]);
});

test('a heartbeat lets changes go first that are known, so that it confirms nothing that is about to be corrected', () => {
  const { run, available } = crowd();
  const [one] = available as [Person];
  run.becomes(one, 18500);
  run.does({ type: 'timer', name: 'heartbeat' });
  expect([run.statusOf(one), run.beats.at(-1)?.connected]).toEqual(['offline', true]);
  const beats = run.beats.length;
  run.held = true;
  run.becomes(one, 3500);
  run.passes(windowMs);
  const due = run.now;
  run.does({ type: 'timer', name: 'heartbeat' });
  run.passes(2_000);
  run.failure = new BridgeError('NOTES_FULL', 'planted');
  run.answer();
  expect(run.beats.length).toBe(beats);
  run.failure = undefined;
  run.passes(5_000);
  expect(run.beats.at(-1)?.writtenAt).toBeGreaterThan(due);
});
