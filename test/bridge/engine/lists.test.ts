import { describe, expect, test } from 'vitest';
import { type Entry, shown, sourceOf } from '../../../src/bridge/engine/entry.js';
import type { Person } from '../../../src/bridge/ports.js';
import { EngineRun } from '../../support/engine-run.js';
import { entryOf } from '../../support/lists.js';
import { person, rosterOf } from '../../support/people.js';

const [ana, ben, cleo] = ['ana', 'ben', 'cleo'].map((user) => person(`sip:${user}@contoso.example`)) as [
  Person,
  Person,
  Person,
];
const everybody = [ana, ben, cleo];
const desk = entryOf('help-desk', [ben, ana]);
const onCall = entryOf('on-call', [cleo, ben], 'first-reachable');
const [AVAILABLE, BUSY, AWAY, OFFLINE] = [3500, 6500, 15_500, 18_500];

function begun(...lists: readonly ReturnType<typeof entryOf>[]): EngineRun {
  const run = new EngineRun();
  run.lists = (roster) => lists.map((list) => list.with(roster));
  run.begins(everybody, BUSY);
  return run;
}

function entryIn(run: EngineRun, { uri }: Person): Entry {
  const entry = run.state.entries.get(uri);
  if (entry === undefined) throw new Error(`${uri} has no entry`);
  return entry;
}

const shownIn = (run: EngineRun, who: Person): string => shown(entryIn(run, who)).status;

describe('an entry that stands for a list', () => {
  test('has a document like anybody, and is not asked for at OCS', () => {
    const run = begun(desk);
    expect(run.statusOf(desk.person)).toBe('busy');
    expect(run.documents.get(desk.person.key)?.person).toEqual(desk.person);
    expect(run.watched).toEqual(everybody.map(({ uri }) => uri));
    expect(sourceOf(entryIn(run, desk.person))).toBe('list');
    expect(run.beats.at(-1)).toMatchObject({ people: 4, connected: true });
  });

  test('follows its members at once, its document within the window', () => {
    const run = begun(desk, onCall);
    run.becomes(ben, AVAILABLE);
    expect([desk, onCall].map((list) => shownIn(run, list.person))).toEqual(['available', 'available']);
    run.becomes(ben, OFFLINE);
    run.becomes(ana, AWAY);
    run.passes(1_000);
    expect([desk, onCall].map((list) => run.statusOf(list.person))).toEqual(['away', 'busy']);
  });

  test('is told with the members who changed it, and not when it stayed', () => {
    const run = begun(desk);
    run.effects.length = 0;
    run.becomes(ana, AVAILABLE);
    run.becomes(cleo, AVAILABLE);
    run.becomes(ben, AWAY);
    const told = run.effects.flatMap((effect) => (effect.type === 'presence' ? [[...effect.uris]] : []));
    expect(told).toEqual([[ana.uri, desk.person.uri], [cleo.uri], [ben.uri]]);
  });

  test('is written once when everybody in it changes at once', () => {
    const run = begun(desk);
    const before = run.writes.length;
    const observations = everybody.map(({ uri }) => ({
      uri,
      state: { availability: AVAILABLE, activity: '', publishedAt: run.now },
    }));
    run.does({ type: 'observed', observations, authoritative: false });
    expect(run.state.counters.coalesced).toBe(0);
    run.passes(1_000);
    expect(run.writes.slice(before).filter((record) => record.person.key === desk.person.key)).toHaveLength(1);
  });

  test('is believed by nobody but its members', () => {
    const run = begun(desk);
    const state = { availability: AVAILABLE, activity: '', publishedAt: run.now };
    run.does({ type: 'observed', observations: [{ uri: desk.person.uri, state }], authoritative: true });
    expect(shownIn(run, desk.person)).toBe('busy');
    run.does({ type: 'lost', uris: [desk.person.uri], passing: false });
    expect(shownIn(run, desk.person)).toBe('busy');
  });

  test('is unknown at once when OCS is lost, its document after the grace', () => {
    const run = begun(desk);
    run.link('transient-disconnect');
    expect([shownIn(run, desk.person), run.statusOf(desk.person)]).toEqual(['unknown', 'busy']);
    run.passes(60_000);
    expect(run.statusOf(desk.person)).toBe('unknown');
    run.link('connected');
    run.passes(5_000);
    expect(run.statusOf(desk.person)).toBe('busy');
  });

  test('is unknown only when nobody in it is confirmed any more', () => {
    const run = begun(desk);
    run.does({ type: 'lost', uris: [ben.uri], passing: false });
    expect(shownIn(run, desk.person)).toBe('busy');
    run.does({ type: 'lost', uris: [ana.uri], passing: false });
    expect(shownIn(run, desk.person)).toBe('unknown');
    run.passes(1_000);
    expect(run.statusOf(desk.person)).toBe('unknown');
    expect(run.state.doubtful).toBe(0);
  });

  test('keeps its document for the grace when its members are about to be confirmed again', () => {
    const run = begun(desk);
    run.does({ type: 'lost', uris: [ana.uri, ben.uri], passing: true });
    run.passes(1_000);
    expect([shownIn(run, desk.person), run.statusOf(desk.person)]).toEqual(['unknown', 'busy']);
    // Else one broken subscription would turn everybody grey.
    expect(run.state.doubtful).toBe(0);
    run.passes(60_000);
    expect(run.statusOf(desk.person)).toBe('unknown');
  });

  test('forgets a member who opts out', () => {
    const run = begun(desk);
    run.becomes(ana, AVAILABLE);
    run.passes(1_000);
    run.roster(rosterOf(everybody, [ana]));
    expect(shownIn(run, desk.person)).toBe('busy');
    run.passes(1_000);
    expect(run.statusOf(desk.person)).toBe('busy');
    run.roster(rosterOf(everybody, [ana, ben]));
    run.passes(1_000);
    expect(run.statusOf(desk.person)).toBe('unknown');
  });

  test('says unknown where it has no members', () => {
    const empty = entryOf('empty', []);
    expect(begun(empty).statusOf(empty.person)).toBe('unknown');
  });

  test('loses its document with its list, and when somebody opts its address out', () => {
    const run = begun(desk, onCall);
    run.lists = (roster) => [onCall.with(roster)];
    run.roster(rosterOf(everybody));
    run.passes(1_000);
    expect(run.documents.has(desk.person.key)).toBe(false);
    run.roster(rosterOf(everybody, [onCall.person]));
    run.passes(1_000);
    expect([...run.documents.keys()].sort()).toEqual(everybody.map(({ key }) => key).sort());
  });

  test('begins anew when its address becomes a person, and when it is a list again', () => {
    const run = begun(desk);
    const { lists } = run;
    run.lists = () => [];
    run.roster(rosterOf([...everybody, desk.person]));
    expect(run.watched).toContain(desk.person.uri);
    expect(shownIn(run, desk.person)).toBe('unknown');
    run.passes(5_000);
    expect([run.statusOf(desk.person), sourceOf(entryIn(run, desk.person))]).toEqual(['offline', 'ocs']);
    run.lists = lists;
    run.roster(rosterOf(everybody));
    run.passes(5_000);
    expect([run.statusOf(desk.person), run.watched.includes(desk.person.uri)]).toEqual(['busy', false]);
  });

  test('is unknown on standby and written by the bridge that takes over', () => {
    const run = begun(desk);
    run.does({ type: 'role', role: { state: 'standby', holder: 'other' } });
    expect([shownIn(run, desk.person), run.state.pending.size]).toEqual(['unknown', 0]);
    run.becomes(ana, AVAILABLE);
    run.does({ type: 'role', role: { state: 'active', epoch: run.state.epoch + 1 } });
    run.passes(5_000);
    expect(run.statusOf(desk.person)).toBe('available');
    expect(run.documents.get(desk.person.key)?.epoch).toBe(run.state.epoch);
  });

  test('is written anew when somebody changed its document, and tried again when it was refused', () => {
    const run = begun(desk);
    run.edited.add(desk.person.key);
    run.does({ type: 'reconcile', cause: 'demand' });
    run.passes(1_000);
    expect([run.edited.size, run.state.reconciled?.spoilt]).toEqual([0, 1]);
    run.refused = new Set([desk.person.key]);
    run.becomes(ana, AVAILABLE);
    run.passes(1_000);
    expect(run.statusOf(desk.person)).toBe('busy');
    run.refused = new Set();
    run.passes(120_000);
    expect(run.statusOf(desk.person)).toBe('available');
  });

  test('ends as unknown when the bridge stops', () => {
    const run = begun(desk);
    run.does({ type: 'stop' });
    run.passes(5_000);
    expect(run.statusOf(desk.person)).toBe('unknown');
  });
});

test('ten thousand members who change one by one cost no search of all of them', () => {
  const people = Array.from({ length: 10_000 }, (_, index) => person(`sip:p${index}@contoso.example`));
  const all = entryOf('all', people);
  const run = new EngineRun();
  run.lists = (roster) => [all.with(roster)];
  run.begins(people, AVAILABLE);
  let looks = 0;
  const { entries } = run.state;
  const get = entries.get.bind(entries);
  entries.get = (uri) => {
    looks++;
    return get(uri);
  };
  for (const who of people.slice(0, 1_000)) run.becomes(who, AWAY);
  expect(shownIn(run, all.person)).toBe('available');
  expect(looks).toBeLessThan(10_000);
});
