import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isDoubtful, shown } from '../../../src/bridge/engine/entry.js';
import type { Person, PersonRecord } from '../../../src/bridge/ports.js';
import { rankOf, statusOf } from '../../../src/presence/availability.js';
import { BridgeError } from '../../../src/presence/errors.js';
import { unknownSnapshot } from '../../../src/presence/snapshot.js';
import { EngineRun } from '../../support/engine-run.js';
import { entryOf } from '../../support/lists.js';
import { notesName, person, rosterOf } from '../../support/people.js';

const ana = person('sip:ana@contoso.example', 'CN=Ana Reyes/O=Contoso');
const ben = person('sip:ben@contoso.example');
const cleo = person('sip:cleo@contoso.example');
const renamed = { ...ana, name: notesName('CN=Ana Gray/O=Contoso'), otherNames: ana.name ? [ana.name] : [] };
const everybody = [ana, ben, cleo];
const desk = entryOf('help-desk', [cleo, ben, ana]);
const AVAILABILITIES = [0, 3500, 6500, 15500, 18500];

const what = fc.constantFrom(
  ...(['changes', 'changes', 'changes', 'link-lost', 'link-back', 'lost', 'lost-passing'] as const),
  ...(['roster-shrinks', 'opted-out', 'renamed', 'roster-whole', 'edited', 'deleted', 'planted', 'reconcile'] as const),
  ...([
    'store-away',
    'database-full',
    'one-refused',
    'answer-lost',
    'store-well',
    'fenced',
    'held',
    'answered',
  ] as const),
  ...(['standby', 'active', 'gap'] as const),
);
const commandFor = (...people: readonly Person[]) =>
  fc.record({
    what,
    who: fc.constantFrom(...people),
    availability: fc.constantFrom(...AVAILABILITIES),
    wait: fc.oneof(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 60_000 })),
  });

type Command = ReturnType<typeof commandFor> extends fc.Arbitrary<infer T> ? T : never;

/** What another bridge of the name would have written in its turn. */
function other(run: EngineRun, who: typeof ana, availability: number): PersonRecord {
  const snapshot = { ...unknownSnapshot(who.uri), status: statusOf(availability) };
  const epoch = Math.max(run.state.epoch, ...[...run.documents.values()].map((one) => one.epoch)) + 1;
  return { person: who, snapshot, observedAt: run.now, bridge: 'test', epoch, seq: 1, waitingSince: run.now };
}

function plays(run: EngineRun, { what, who, availability }: Command): void {
  const standby = run.state.role.state === 'standby';
  const found = run.documents.get(who.key);
  switch (what) {
    case 'changes':
      run.becomes(who, availability);
      return;
    case 'link-lost':
      run.link('transient-disconnect');
      return;
    case 'link-back':
      run.link('connected');
      return;
    case 'lost':
    case 'lost-passing':
      run.does({ type: 'lost', uris: [who.uri], passing: what === 'lost-passing' });
      return;
    case 'roster-shrinks':
      run.roster(rosterOf([who]));
      return;
    case 'opted-out':
      run.roster(rosterOf(everybody, [who]));
      return;
    case 'renamed':
      run.roster(rosterOf([renamed, ben, cleo]));
      return;
    case 'roster-whole':
      run.roster(rosterOf(everybody.map((one) => ({ ...one }))));
      return;
    case 'edited':
      run.edited.add(who.key);
      return;
    case 'deleted':
      run.documents.delete(who.key);
      return;
    case 'planted':
      if (found !== undefined)
        run.documents.set(who.key, { ...found, snapshot: { ...found.snapshot, status: 'available' } });
      return;
    case 'reconcile':
      run.does({ type: 'reconcile', cause: 'demand' });
      return;
    case 'store-away':
      run.failure = new BridgeError('NOTES_UNREACHABLE', 'gone');
      return;
    case 'database-full':
    case 'one-refused':
      run.refused = new Set(what === 'one-refused' ? [who.key] : everybody.map(({ key }) => key));
      run.refusal = new BridgeError(what === 'one-refused' ? 'NOTES_BAD_REQUEST' : 'NOTES_FULL', 'planted');
      return;
    case 'answer-lost':
      run.lostAnswer = true;
      return;
    case 'fenced':
      run.mayWrite = false;
      return;
    case 'held':
      run.held = true;
      return;
    case 'answered':
      run.answer();
      return;
    case 'store-well':
      isWell(run);
      return;
    case 'standby':
      run.does({ type: 'role', role: { state: 'standby', holder: 'the other' } });
      if (!standby) run.documents.set(who.key, other(run, who, availability));
      return;
    case 'active':
      run.does({ type: 'role', role: { state: 'active', epoch: run.state.epoch + 1 } });
      return;
    case 'gap':
      run.does({ type: 'gap' });
      return;
  }
}

function isWell(run: EngineRun): void {
  run.failure = undefined;
  run.lostAnswer = false;
  run.refused = new Set();
  run.mayWrite = true;
}

/** What must be so at every moment. */
function isConsistent(run: EngineRun): void {
  const { state } = run;
  const entries = [...state.entries.values()];
  expect(state.doubtful).toBe(entries.filter(isDoubtful).length);
  for (const [status, count] of Object.entries(state.counts)) {
    expect([status, count]).toEqual([status, entries.filter((entry) => shown(entry).status === status).length]);
  }
  expect(state.pending.size).toBeLessThanOrEqual(entries.length);
  for (const { list, confirmed, snapshot } of entries) {
    if (list === undefined) continue;
    const members = list.members.map((uri) => state.entries.get(uri)).filter((member) => member?.confirmed);
    expect(confirmed).toBe(members.length > 0);
    if (!confirmed) continue;
    const best = Math.min(...members.map((member) => (member ? rankOf(shown(member).status) : Number.NaN)));
    expect(rankOf(snapshot.status)).toBe(best);
  }
  if (state.role.state === 'standby') expect([run.watched, state.pending.size]).toEqual([[], 0]);
}

function ends(run: EngineRun): void {
  isWell(run);
  run.answer();
  run.roster(rosterOf(everybody, [cleo]));
  run.does({ type: 'role', role: { state: 'active', epoch: 1 } });
  run.link('transient-disconnect');
  run.link('connected');
  run.passes(3_600_000);
  run.does({ type: 'reconcile', cause: 'demand' });
  run.passes(3_600_000);
}

describe('documents', () => {
  test.each([
    ['', everybody, []],
    [', those of lists too', [...everybody, desk.person], [desk]],
  ])('end at the truth after anything that can happen, and then nothing more is written%s', (_, people, lists) => {
    fc.assert(
      fc.property(fc.array(commandFor(...people), { maxLength: 40 }), (commands) => {
        const run = new EngineRun();
        run.lists = (roster) => lists.map((list) => list.with(roster));
        run.begins(everybody);
        for (const one of commands) {
          const { epoch: before } = run.state;
          plays(run, one);
          isConsistent(run);
          run.passes(one.wait);
          isConsistent(run);
          expect(run.state.epoch).toBeGreaterThanOrEqual(before);
        }
        ends(run);
        expect(run.documents.size).toBe(2 + lists.length);
        if (lists.length > 0) {
          const [one, other] = [ana, ben].map(({ uri }) => statusOf(run.truth.get(uri)));
          expect(run.statusOf(desk.person)).toBe(one && other && (rankOf(one) < rankOf(other) ? one : other));
        }
        for (const who of [ana, ben]) {
          expect([who.uri, run.statusOf(who)]).toEqual([who.uri, statusOf(run.truth.get(who.uri))]);
          expect(run.documents.get(who.key)?.person.name).toBe(who.name);
        }
        expect([ana, ben, desk.person].map(({ key }) => run.edited.has(key))).toEqual([false, false, false]);
        // I4: no write with an older turn than the one in the document.
        expect(run.outOfTurn).toBe(0);
        expect([run.state.doubtful, run.beats.at(-1)?.connected]).toEqual([0, true]);
        const { length } = run.writes;
        run.does({ type: 'reconcile', cause: 'demand' });
        run.passes(60_000);
        expect(run.writes.length).toBe(length);
      }),
      { numRuns: lists.length === 0 ? 500 : 250 },
    );
  });

  test('are written at most once for each change, and not at all for what stands there', () => {
    const changes = fc.array(
      fc.record({
        who: fc.constantFrom(...everybody),
        availability: fc.constantFrom(...AVAILABILITIES),
        wait: fc.nat({ max: 2_000 }),
        reconciles: fc.boolean(),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(changes, (all) => {
        const run = new EngineRun();
        run.begins(everybody);
        const before = run.writes.length;
        let changed = 0;
        for (const { who, availability, wait, reconciles } of all) {
          if (statusOf(run.truth.get(who.uri)) !== statusOf(availability)) changed++;
          run.becomes(who, availability);
          if (reconciles) run.does({ type: 'reconcile', cause: 'nightly' });
          run.passes(wait);
        }
        run.passes(60_000);
        expect(run.writes.length - before).toBeLessThanOrEqual(changed);
      }),
    );
  });
});
