import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { resolveDirectory, resolving } from '../../../src/notes/directory/resolve.js';
import { atOnce, inSlices, sorted } from '../../../src/notes/steps.js';
import { DirectoryStage, optOutDocument } from '../../support/directory-stage.js';
import { generateDirectory } from '../../support/domino-directory.js';

/** Each look at the clock finds it ten milliseconds later, so that each stretch is a slice. */
function hurriedClock() {
  let now = 0;
  return { monotonic: () => (now += 10) };
}

describe('sorting in steps', () => {
  test('gives what sorting at once gives, equal elements in their order', () => {
    const pair = fc.tuple(fc.nat(20), fc.nat());
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 1_000, size: 'max' }), (list) => {
        const compare = (a: readonly number[], b: readonly number[]) => (a[0] ?? 0) - (b[0] ?? 0);
        expect(atOnce(sorted(list, compare))).toEqual([...list].sort(compare));
      }),
    );
  });
});

describe('a directory that is resolved in slices', () => {
  test('is the same as one that is resolved at once, and others have their turn', async () => {
    for (const seed of [1, 2, 3]) {
      const { entries, settings } = generateDirectory(2_000, seed);
      let turns = 0;
      let isOver = false;
      const others = (async () => {
        while (!isOver) {
          await setImmediate();
          turns++;
        }
      })();
      const sliced = await inSlices(resolving(entries, settings), hurriedClock());
      isOver = true;
      await others;
      const whole = resolveDirectory(entries, settings);
      expect({ ...sliced, index: undefined }).toEqual({ ...whole, index: undefined });
      for (const { name } of whole.rows) {
        if (name !== undefined) expect(sliced?.index.lookUp(name)).toEqual(whole.index.lookUp(name));
      }
      expect(turns).toBeGreaterThan(200);
    }
  });

  test('is given up when nobody wants it any longer', async () => {
    const { entries, settings } = generateDirectory(500, 1);
    let wanted = 3;
    expect(await inSlices(resolving(entries, settings), hurriedClock(), () => wanted-- > 0)).toBeUndefined();
  });
});

describe('a directory that changes while it is resolved', () => {
  const CSV = '/etc/presence/people.csv';
  const people = (count: number): string =>
    `name,address\n${Array.from({ length: count }, (_, n) => `Ana Reyes ${n}/Contoso,ana${n}@contoso.example\n`).join('')}`;

  /** Turn by turn: a pause in real time would let any number of slices pass on a busy machine. */
  async function turnsUntil(isSo: () => boolean): Promise<void> {
    while (!isSo()) await setImmediate();
  }

  async function stageOf(count: number): Promise<DirectoryStage> {
    const stage = new DirectoryStage();
    const { monotonic } = hurriedClock();
    vi.spyOn(stage.clock, 'monotonic').mockImplementation(monotonic);
    stage.files.set(CSV, people(count));
    stage.make({ csvFile: CSV });
    stage.directory?.start((roster) => stage.rosters.push(roster));
    await vi.waitUntil(() => stage.rosters.length > 0);
    return stage;
  }

  test('begins anew, and tells only what is newest', async () => {
    const stage = await stageOf(1_000);
    stage.files.set(CSV, people(1_001));
    const first = stage.directory?.refresh();
    await turnsUntil(() => stage.files.reads === 2);
    for (let turn = 0; turn < 40; turn++) await setImmediate();
    expect(stage.rosters).toHaveLength(1);
    await stage.presence.add(optOutDocument(['CN=Ana Reyes 7/O=Contoso']));
    await Promise.all([first, stage.directory?.refresh()]);
    expect(stage.rosters.map((roster) => roster.people.length)).toEqual([1_000, 1_000]);
    expect(stage.rosters[1]?.optedOut.size).toBe(1);
    await stage.directory?.stop();
  });

  test('answers questions by what is newest', async () => {
    const stage = await stageOf(500);
    await stage.presence.add(optOutDocument(['CN=Ana Reyes 7/O=Contoso']));
    const reading = stage.directory?.refresh();
    await vi.waitUntil(async () => {
      await setImmediate();
      return (
        stage.log.entries.filter(({ event, fields }) => event === 'directory.read' && fields?.['changed']).length > 2
      );
    });
    const answer = await stage.directory?.lookUp('Ana Reyes 7/Contoso');
    expect(answer?.rows[0]?.outcome).toBe('opted-out');
    await reading;
    await stage.directory?.stop();
  });

  test('counts people as of what was resolved last, without resolving anything', async () => {
    const stage = new DirectoryStage();
    stage.files.set(CSV, people(10));
    stage.make({ csvFile: CSV });
    expect(stage.directory?.counts().outcomes).toMatchObject({ mapped: 0 });
    stage.directory?.start((roster) => stage.rosters.push(roster));
    await vi.waitUntil(() => stage.rosters.length > 0);
    expect(stage.directory?.counts().outcomes).toEqual({
      ...{ mapped: 10, unmapped: 0, ambiguous: 0, double: 0 },
      'opted-out': 0,
    });
    await stage.directory?.stop();
  });

  test('stops at once in the middle of it', async () => {
    const stage = await stageOf(1_000);
    stage.files.set(CSV, people(1_001));
    const reading = stage.directory?.refresh();
    await turnsUntil(() => stage.files.reads === 2);
    await stage.directory?.stop();
    await reading;
    expect(stage.rosters).toHaveLength(1);
  });
});
