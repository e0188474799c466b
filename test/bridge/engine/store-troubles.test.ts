import { describe, expect, test } from 'vitest';
import { storeRefusal } from '../../../src/bridge/engine/refusals.js';
import { BridgeError, type ErrorCode } from '../../../src/presence/errors.js';
import type { SipKey } from '../../../src/presence/ids.js';
import { ENGINE_CONFIG, EngineRun } from '../../support/engine-run.js';
import { notesName, person, rosterOf } from '../../support/people.js';

const { refusedMs, windowMs } = ENGINE_CONFIG;
const ana = person('sip:ana@contoso.example', 'CN=Ana Reyes/O=Contoso');
const ben = person('sip:ben@contoso.example');

const paces = (run: EngineRun): readonly string[] =>
  run.effects.flatMap((effect) => (effect.type === 'open-store' ? [effect.pace] : []));

describe('a store that fails', () => {
  test.each<[ErrorCode, string]>([
    ['NOTES_UNREACHABLE', 'backoff'],
    ['NOTES_FULL', 'patient'],
    ['NOTES_READ_ONLY', 'patient'],
    ['NOTES_FORBIDDEN', 'slow'],
    ['NOTES_SCHEMA', 'slow'],
    ['NOTES_CREDENTIALS', 'rare'],
  ])('with %s is asked again: %s', (code, pace) => {
    const run = new EngineRun();
    run.begins([ana]);
    run.does({ type: 'store-failed', error: new BridgeError(code, 'planted') });
    expect(paces(run).at(-1)).toBe(pace);
  });

  test('for hours costs no busy loop, keeps one state per person, and ends at the truth', () => {
    const run = new EngineRun();
    run.begins([ana, ben]);
    run.refused = new Set([ana.key, ben.key]);
    run.refusal = new BridgeError('NOTES_FULL', 'quota');
    for (let minute = 0; minute < 60; minute++) {
      run.becomes(ana, minute % 2 === 0 ? 6500 : 3500);
      run.passes(60_000);
      expect(run.state.pending.size).toBeLessThanOrEqual(2);
    }
    expect(run.state.store).toMatchObject({ error: { code: 'NOTES_FULL' } });
    expect(paces(run).length).toBeLessThan(120);
    run.refused = new Set();
    run.becomes(ana, 15500);
    run.passes(3_600_000);
    expect([run.statusOf(ana), run.state.store.state]).toEqual(['away', 'connected']);
  });
});

describe('storeRefusal', () => {
  const failed = (...codes: ErrorCode[]): ReadonlyMap<SipKey, BridgeError> =>
    new Map(codes.map((code, index) => [`${index}` as SipKey, new BridgeError(code, 'x')]));

  test('a full database is the whole store, even when there was one document only', () => {
    expect(storeRefusal({ written: [], failed: failed('NOTES_FULL') })?.code).toBe('NOTES_FULL');
  });

  test('one document that may not be changed is its own affair, several are the access list', () => {
    expect(storeRefusal({ written: [], failed: failed('NOTES_FORBIDDEN') })).toBeUndefined();
    expect(storeRefusal({ written: [], failed: failed('NOTES_FORBIDDEN', 'NOTES_FORBIDDEN') })).toBeDefined();
    expect(storeRefusal({ written: [ana.key], failed: failed('NOTES_FORBIDDEN', 'NOTES_FORBIDDEN') })).toBeUndefined();
  });

  test('documents that are refused for reasons of their own are no failure of the store', () => {
    expect(storeRefusal({ written: [], failed: failed('NOTES_BAD_REQUEST', 'NOTES_FULL') })).toBeUndefined();
    expect(storeRefusal({ written: [], failed: new Map() })).toBeUndefined();
  });
});

describe('documents', () => {
  test('that were refused are named with the reason, and no longer once they are written', () => {
    const run = new EngineRun();
    run.begins([ana, ben]);
    run.refused = new Set([ana.key]);
    run.becomes(ana, 6500);
    run.becomes(ben, 6500);
    run.passes(windowMs);
    expect([...run.state.refusedDocuments]).toEqual([[ana.key, { uri: ana.uri, code: 'NOTES_BAD_REQUEST' }]]);
    expect(run.statusOf(ben)).toBe('busy');
    run.refused = new Set();
    run.passes(refusedMs + windowMs);
    expect([run.state.refusedDocuments.size, run.statusOf(ana)]).toEqual([0, 'busy']);
  });

  test('of somebody who came back while the refused removal was under way are kept', () => {
    const run = new EngineRun();
    run.begins([ana, ben]);
    run.refused = new Set([ana.key]);
    run.held = true;
    run.roster(rosterOf([ben]));
    run.passes(windowMs);
    run.roster(rosterOf([ana, ben]));
    run.answer();
    run.refused = new Set();
    run.passes(refusedMs + 5_000);
    expect(run.statusOf(ana)).toBe('available');
  });

  test('of people who opted out go away at once, whichever bridge wrote them, and never come back', () => {
    const run = new EngineRun();
    run.begins([ana, ben]);
    const other = person('sip:other@contoso.example');
    const record = { ...run.documents.get(ben.key), person: other, bridge: 'another' };
    run.documents.set(other.key, record as never);
    run.roster(rosterOf([ana, ben], [ana, other]));
    run.passes(1_000);
    expect([...run.documents.keys()]).toEqual([ben.key]);
    expect(run.watched).toEqual([ben.uri]);
    run.documents.set(other.key, record as never);
    run.does({ type: 'reconcile', cause: 'nightly' });
    run.passes(1_000);
    expect([...run.documents.keys()]).toEqual([ben.key]);
  });

  test('of people whom another bridge watches are left alone', () => {
    const run = new EngineRun();
    run.begins([ana, ben]);
    const other = person('sip:other@contoso.example');
    run.documents.set(other.key, { ...run.documents.get(ben.key), person: other, bridge: 'another' } as never);
    run.does({ type: 'reconcile', cause: 'nightly' });
    run.passes(60_000);
    expect(run.documents.size).toBe(3);
  });

  test('go away at the side of a steady stream of changes', () => {
    const run = new EngineRun();
    run.begins([ana, ben]);
    run.roster(rosterOf([ben]));
    for (let change = 0; change < 20; change++) {
      run.becomes(ben, change % 2 === 0 ? 6500 : 3500);
      run.passes(100);
    }
    expect(run.documents.has(ana.key)).toBe(false);
  });

  test('are written anew when only the names of the person change', () => {
    const run = new EngineRun();
    run.begins([ana, ben]);
    const { length } = run.writes;
    run.roster(rosterOf([{ ...ana, otherNames: [notesName('CN=Ana Gray/O=Contoso')] }, ben]));
    run.passes(windowMs);
    run.roster(rosterOf([{ ...ana, otherNames: [notesName('CN=Ana Gray/O=Contoso')] }, { ...ben }]));
    run.passes(windowMs);
    expect(run.writes.slice(length).map(({ person: { otherNames } }) => otherNames)).toEqual([
      ['CN=Ana Gray/O=Contoso'],
    ]);
  });

  test('are written anew when only a mail address of the person changes', () => {
    const run = new EngineRun();
    run.begins([ana, ben]);
    const { length } = run.writes;
    run.roster(rosterOf([{ ...ana, mailAddresses: ['reyes@mail.example'] }, ben]));
    run.passes(windowMs);
    run.roster(rosterOf([{ ...ana, mailAddresses: ['reyes@mail.example'] }, { ...ben }]));
    run.passes(windowMs);
    expect(run.writes.slice(length).map(({ person: { mailAddresses } }) => mailAddresses)).toEqual([
      ['reyes@mail.example'],
    ]);
  });
});

describe('a bridge without a roster', () => {
  test('touches no document until it has one, as if everybody had left', () => {
    const before = new EngineRun();
    before.begins([ana, ben]);
    const run = new EngineRun();
    for (const [key, record] of before.documents) run.documents.set(key, record);
    run.does({ type: 'start' });
    run.link('connected');
    run.passes(600_000);
    expect([run.documents.size, run.beats.length]).toEqual([2, 0]);
    run.truth.set(ana.uri, 3500);
    run.roster(rosterOf([ana]));
    run.passes(5_000);
    expect([...run.documents.keys()]).toEqual([ana.key]);
    expect(run.writes).toEqual([]);
  });
});

describe('a reading of all documents', () => {
  test('holds back every write until it is compared, and then only differences are written', () => {
    const run = new EngineRun();
    run.begins([ana, ben]);
    run.held = true;
    run.does({ type: 'reconcile', cause: 'nightly' });
    run.passes(0);
    run.becomes(ana, 6500);
    run.becomes(ana, 15500);
    run.passes(10_000);
    expect(run.effects.filter(({ type }) => type === 'write')).toHaveLength(1);
    const { length } = run.writes;
    run.answer();
    run.passes(windowMs);
    expect(run.writes.slice(length).map(({ snapshot }) => snapshot.status)).toEqual(['away']);
  });

  test('finds what was deleted, edited and left behind', () => {
    const run = new EngineRun();
    run.begins([ana, ben]);
    const gone = person('sip:gone@contoso.example');
    run.documents.set(gone.key, { ...run.documents.get(ben.key), person: gone } as never);
    run.documents.delete(ana.key);
    run.edited.add(ben.key);
    run.does({ type: 'reconcile', cause: 'demand' });
    run.passes(2_000);
    expect(run.state.reconciled).toMatchObject({ cause: 'demand', documents: 2, missing: 1, spoilt: 1, leaving: 1 });
    expect([...run.documents.keys()].sort()).toEqual([ana.key, ben.key].sort());
    expect(run.edited.size).toBe(0);
  });

  test('is preceded by a sign of life, since it may take long', () => {
    const run = new EngineRun();
    run.begins([ana]);
    const { length } = run.beats;
    run.does({ type: 'reconcile', cause: 'nightly' });
    expect(run.beats.length).toBe(length + 1);
  });
});
