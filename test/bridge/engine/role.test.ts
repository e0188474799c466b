import { describe, expect, test } from 'vitest';
import type { Role } from '../../../src/bridge/lease-ports.js';
import { ENGINE_CONFIG, EngineRun } from '../../support/engine-run.js';
import { person, rosterOf } from '../../support/people.js';

const { windowMs, graceMs, heartbeatMs } = ENGINE_CONFIG;
const ana = person('sip:ana@contoso.example');
const ben = person('sip:ben@contoso.example');
const STANDBY: Role = { state: 'standby', holder: 'srv2' };

function onStandby(): EngineRun {
  const run = new EngineRun();
  run.does({ type: 'role', role: STANDBY });
  run.begins([ana, ben]);
  return run;
}

describe('a bridge on standby', () => {
  test('watches nobody, opens no store and writes nothing, not even a heartbeat', () => {
    const run = onStandby();
    run.passes(3_600_000);
    expect([run.watched, run.documents.size, run.beats.length]).toEqual([[], 0, 0]);
    expect(run.effects.filter(({ type }) => type === 'open-store')).toEqual([]);
  });

  test('goes on where the other one stopped, in a later turn, and writes differences only', () => {
    const first = new EngineRun();
    first.begins([ana, ben]);
    const run = onStandby();
    for (const [key, record] of first.documents) run.documents.set(key, { ...record, epoch: 7 });
    run.truth.set(ben.uri, 6500);
    run.does({ type: 'role', role: { state: 'active', epoch: 3 } });
    expect(run.watched).toEqual([ana.uri, ben.uri]);
    run.passes(5_000);
    expect(run.writes.map(({ person: { uri }, epoch }) => [uri, epoch])).toEqual([[ben.uri, 8]]);
    expect(run.state.reconciled).toMatchObject({ cause: 'takeover', documents: 2, spoilt: 0 });
  });

  test('says in its first heartbeat that nothing counts yet, since nobody was answered for', () => {
    const first = new EngineRun();
    first.begins([ana]);
    const run = onStandby();
    run.documents.set(ana.key, first.documents.get(ana.key) as never);
    run.does({ type: 'role', role: { state: 'active', epoch: 3 } });
    run.passes(10);
    expect(run.beats.map(({ connected }) => connected)).toEqual([false]);
    run.passes(1_000);
    expect(run.beats.at(-1)?.connected).toBe(true);
  });
});

describe('a bridge that loses its role', () => {
  test('sends nothing more, watches nobody and calls everybody unknown', () => {
    const run = new EngineRun();
    run.begins([ana, ben]);
    run.becomes(ana, 6500);
    run.does({ type: 'role', role: STANDBY });
    const { length } = run.writes;
    const beats = run.beats.length;
    run.passes(graceMs + 2 * heartbeatMs);
    expect([run.writes.length, run.beats.length, run.watched]).toEqual([length, beats, []]);
    expect(run.state.counts.unknown).toBe(2);
    expect(run.effects.some(({ type }) => type === 'drop-calls')).toBe(true);
  });

  test('removes nobody from the documents whom it loses from its roster meanwhile', () => {
    const run = new EngineRun();
    run.begins([ana, ben]);
    run.does({ type: 'role', role: STANDBY });
    run.roster(rosterOf([ana]));
    run.passes(60_000);
    expect(run.documents.size).toBe(2);
    run.does({ type: 'role', role: { state: 'active', epoch: 9 } });
    run.passes(60_000);
    expect([...run.documents.keys()]).toEqual([ana.key]);
  });

  test('has a role again in a turn above every other', () => {
    const run = new EngineRun();
    run.begins([ana]);
    run.does({ type: 'role', role: STANDBY });
    const found = run.documents.get(ana.key) as never as { epoch: number };
    run.documents.set(ana.key, { ...(found as never as object), epoch: 20 } as never);
    run.does({ type: 'role', role: { state: 'active', epoch: 12 } });
    run.passes(5_000);
    expect(run.state.epoch).toBe(21);
  });
});

describe('a bridge that must not write for a moment', () => {
  test('keeps what waits, counts no failure of the store, and goes on when it may', () => {
    const run = new EngineRun();
    run.begins([ana]);
    run.mayWrite = false;
    run.becomes(ana, 6500);
    run.passes(10_000);
    expect([run.statusOf(ana), run.state.store.state]).toEqual(['available', 'connected']);
    expect(run.state.counters.fenced).toBeGreaterThan(5);
    run.mayWrite = true;
    run.passes(1_000 + windowMs);
    expect(run.statusOf(ana)).toBe('busy');
    expect(run.effects.filter(({ type }) => type === 'open-store')).toHaveLength(1);
  });

  test('reads everything again after a call that was cut short', () => {
    const run = new EngineRun();
    run.begins([ana]);
    run.does({ type: 'fenced', begun: true });
    run.passes(2_000);
    expect(run.state.counters.reconciles).toBe(2);
  });
});

describe('documents with a later stamp than this bridge gave', () => {
  test.each([
    ['a later turn', { epoch: 5, seq: 1 }],
    ['a later write of the same turn', { epoch: 1, seq: 1_000 }],
  ])('%s: they are counted, and its own turn is above them from then on', (_, stamp) => {
    const run = new EngineRun();
    run.begins([ana]);
    run.documents.set(ana.key, { ...(run.documents.get(ana.key) as never as object), ...stamp } as never);
    run.does({ type: 'reconcile', cause: 'nightly' });
    run.passes(1_000);
    expect(run.state.reconciled?.overtaken).toBe(1);
    expect(run.state.epoch).toBe(stamp.epoch + 1);
  });

  test('of another bridge are no alarm, and are taken over in a turn that is not older', () => {
    const run = new EngineRun();
    run.begins([ana, ben]);
    const found = run.documents.get(ana.key) as never as object;
    run.documents.set(ana.key, { ...found, bridge: 'other', epoch: 40, seq: 9 } as never);
    run.does({ type: 'reconcile', cause: 'nightly' });
    run.passes(1_000);
    expect(run.state.reconciled).toMatchObject({ overtaken: 0, spoilt: 1 });
    expect(run.documents.get(ana.key)).toMatchObject({ bridge: 'test', epoch: 41 });
  });
});
