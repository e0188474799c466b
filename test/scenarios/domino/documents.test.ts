import { beforeEach, describe, expect, test } from 'vitest';
import type { ReconcileFacts } from '../../../src/bridge/engine/reconcile-facts.js';
import type { Person } from '../../../src/bridge/ports.js';
import { text } from '../../support/chaos-domino.js';
import { begin } from '../../support/chaos-faults.js';
import type { FaultName } from '../../support/chaos-schedule.js';
import { DominoWorld } from '../../support/domino-world.js';

const SECOND = 1_000;
/** After a comparison of all documents: reading, gathering, writing. */
const HEALED_MS = 5 * SECOND;

let world: DominoWorld;
let ana: Person;
let ben: Person;

beforeEach(async () => {
  world = new DominoWorld();
  [ana, ben] = world.people as [Person, Person];
  for (const one of world.people) world.becomes(one, 'busy');
  world.starts();
  await world.until('convergence', 30 * SECOND, () => world.isConverged());
});

async function happens(fault: FaultName, who = ana): Promise<() => void | Promise<void>> {
  const end = await begin(world, fault, world.people.indexOf(who));
  await world.passes(SECOND);
  return end;
}

const statusOf = (who: Person): readonly string[] => world.domino.documentsOf(who.key).map(({ status }) => status);

/** Somebody asks for a comparison, and no document but those that differ is written. */
async function isHealed(documents: number): Promise<ReconcileFacts | undefined> {
  const before = world.checker.writes;
  world.reconcile();
  await world.until('convergence after a comparison', HEALED_MS, () => world.isConverged());
  expect(world.checker.writes - before).toBe(documents);
  const facts = world.running?.bridge.status().reconciled;
  await world.quiet();
  expect(world.checker.violations).toEqual([]);
  return facts;
}

describe('one document that Domino refuses (row 22)', () => {
  test('is set aside: the others are written within a second, it is tried once a minute, and is right when it may be', async () => {
    const accept = await happens('document-refused');
    world.becomes(ana, 'away');
    world.becomes(ben, 'away');
    await world.passes(SECOND);
    expect([statusOf(ana), statusOf(ben)]).toEqual([['busy'], ['away']]);
    await world.passes(10 * 60 * SECOND);
    const refusals = world.logLines.filter((line) => line.includes('bridge.document-refused')).length;
    expect(refusals).toBeGreaterThanOrEqual(8);
    expect(refusals).toBeLessThanOrEqual(11);
    expect(world.running?.bridge.status().failedDocuments).toBe(refusals);
    await accept();
    await world.passes(61 * SECOND);
    expect(statusOf(ana)).toEqual(['away']);
    await world.quiet();
    expect(world.checker.violations).toEqual([]);
  });
});

describe('an answer that is lost after the write took effect (row 23)', () => {
  test('makes no second document of people who are new', async () => {
    const newcomer = world.people[2] as Person;
    world.leavesRoster(newcomer);
    await world.passes(5 * SECOND);
    expect(world.domino.documentsOf(newcomer.key)).toEqual([]);
    world.faults.lostAnswers = 1;
    world.joinsRoster(newcomer);
    await world.until('convergence', 10 * SECOND, () => world.isConverged());
    expect(world.domino.documentsOf(newcomer.key)).toHaveLength(1);
    expect(world.checker.violations).toEqual([]);
  });

  test('is read back: what took effect is not written again', async () => {
    world.becomes(ana, 'away');
    world.faults.lostAnswers = 1;
    const before = world.checker.writes;
    await world.passes(10 * SECOND);
    expect(statusOf(ana)).toEqual(['away']);
    expect(world.checker.writes - before).toBe(1);
    await world.quiet();
    expect(world.checker.violations).toEqual([]);
  });
});

describe('a replication or save conflict (row 24)', () => {
  test('goes at the next comparison, and the document stays as it is', async () => {
    await happens('document-in-conflict');
    expect(world.domino.documentsOf(ana.key)).toHaveLength(2);
    expect(await isHealed(0)).toMatchObject({ cause: 'demand', conflicts: 1 });
  });

  test('a second document of a person goes too, and the older one stays', async () => {
    const [first] = world.domino.documentsOf(ana.key);
    await happens('document-doubled');
    expect(await isHealed(0)).toMatchObject({ duplicates: 1 });
    expect(world.domino.documentsOf(ana.key).map(({ unid }) => unid)).toEqual([first?.unid]);
  });
});

describe('a document that somebody deleted (row 25)', () => {
  test('is made again at the next comparison', async () => {
    await happens('document-deleted');
    expect(world.domino.documentsOf(ana.key)).toEqual([]);
    expect(await isHealed(1)).toMatchObject({ missing: 1 });
  });

  test('is made again at the next change, without a comparison', async () => {
    await happens('document-deleted');
    world.becomes(ana, 'away');
    await world.passes(SECOND);
    expect(statusOf(ana)).toEqual(['away']);
  });

  test('stays away when the person has opted out, who has none from then on, whoever wrote it', async () => {
    await happens('opts-out');
    expect(world.domino.documentsOf(ana.key)).toEqual([]);
    world.becomes(ana, 'available');
    await isHealed(0);
    expect(world.domino.documentsOf(ana.key)).toEqual([]);
  });

  test('under load, one after the other, leaves everybody with one document', async () => {
    for (const who of world.people) {
      await happens('document-deleted', who);
      for (const one of world.people) world.becomes(one, world.random() < 0.5 ? 'available' : 'away');
    }
    await world.quiet();
    expect(world.checker.violations).toEqual([]);
  });
});

describe('a document that somebody edited (row 26)', () => {
  test('is set right at the next comparison; items of others stay', async () => {
    await happens('document-edited');
    expect(statusOf(ana)).toEqual(['available']);
    expect(await isHealed(1)).toMatchObject({ spoilt: 1 });
    expect(statusOf(ana)).toEqual(['busy']);
    expect(text(world.domino.documentsOf(ana.key)[0]?.items['remark'])).toBe('sits in room 12');
  });

  test('at its key is known by its address and gets its key back', async () => {
    await happens('key-spoilt');
    await isHealed(1);
    expect(world.domino.documentsOf(ana.key)).toHaveLength(1);
  });
});
