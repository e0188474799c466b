import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type JournalLimits, JournalStorage } from '../../../../src/notes/drivers/embedded/journal.js';
import { encodeLine } from '../../../../src/notes/drivers/embedded/journal-lines.js';
import { applyChange, type Change } from '../../../../src/notes/drivers/embedded/storage.js';
import type { StoredDocument } from '../../../../src/notes/drivers/embedded/stored-document.js';
import { MemoryFolder } from '../../../support/memory-folder.js';
import { recordingLog, silentLog } from '../../../support/silent-log.js';
import { SimulatedClock } from '../../../support/simulated-clock.js';

function put(unid: string, status: string): Change {
  return { kind: 'put', document: { unid, created: 10, modified: 20, items: { status } } };
}

function open(
  folder: MemoryFolder,
  limits?: Partial<JournalLimits>,
  clock = new SimulatedClock(),
): Promise<JournalStorage> {
  return JournalStorage.open(folder, { clock, log: silentLog, ...(limits === undefined ? {} : { limits }) });
}

/** States as text, so that they compare by value. */
function stateOf(documents: ReadonlyMap<string, StoredDocument>): string {
  return JSON.stringify([...documents]);
}

/** Five calls that create, change and delete. */
const CALLS: readonly (readonly Change[])[] = [
  [put('A', 'available'), put('B', 'busy')],
  [put('A', 'away')],
  [put('C', 'offline'), { kind: 'delete', unid: 'B' }, put('A', 'busy')],
  [put('C', 'available')],
  [{ kind: 'delete', unid: 'A' }],
];

/** Every state that the calls pass through, change by change, and after which of them each call is done. */
function states(): { readonly all: readonly string[]; readonly afterCall: readonly number[] } {
  const documents = new Map<string, StoredDocument>();
  const all = [stateOf(documents)];
  const afterCall = [0];
  for (const call of CALLS) {
    for (const change of call) {
      applyChange(documents, change);
      all.push(stateOf(documents));
    }
    afterCall.push(all.length - 1);
  }
  return { all, afterCall };
}

async function readBack(files: Map<string, Buffer>): Promise<string> {
  const storage = await open(new MemoryFolder(files));
  const state = stateOf(storage.documents);
  await storage.close();
  return state;
}

describe('JournalStorage', () => {
  test('what was committed is there after a close', async () => {
    const folder = new MemoryFolder();
    const storage = await open(folder);
    for (const call of CALLS) await storage.commit(call);
    await storage.close();
    expect(await readBack(folder.files)).toBe(stateOf(storage.documents));
  });

  test('what was committed is there without a close', async () => {
    const folder = new MemoryFolder();
    const storage = await open(folder);
    for (const call of CALLS) await storage.commit(call);
    expect(await readBack(folder.files)).toBe(stateOf(storage.documents));
  });

  test.each([
    ['appending', { maxJournal: 1_000_000 }],
    ['compacting at each call', { maxJournal: 0 }],
  ])('killed at any byte while %s, nothing acknowledged is lost and nothing is made up', async (_, limits) => {
    const { all, afterCall } = states();
    const whole = new MemoryFolder();
    const undisturbed = await open(whole, limits);
    for (const call of CALLS) await undisturbed.commit(call);
    await undisturbed.close();

    for (let budget = 0; budget <= whole.spent; budget++) {
      const folder = new MemoryFolder(new Map(), budget);
      let acknowledged = 0;
      try {
        const storage = await open(folder, limits);
        for (const call of CALLS) {
          await storage.commit(call);
          acknowledged++;
        }
        await storage.close();
      } catch {
        // Killed.
      }
      const state = await readBack(folder.files);
      const possible = all.slice(afterCall[acknowledged], (afterCall[acknowledged + 1] ?? all.length) + 1);
      expect(possible).toContain(state);
    }
  });

  test('a journal cut at any byte gives a state that the database had', async () => {
    const folder = new MemoryFolder();
    const storage = await open(folder);
    for (const call of CALLS) await storage.commit(call);
    const name = journalOf(folder);
    const journal = folder.files.get(name) ?? Buffer.alloc(0);
    const { all } = states();
    let reached = 0;
    for (let length = 0; length <= journal.length; length++) {
      const state = await readBack(new Map([...folder.files, [name, journal.subarray(0, length)]]));
      const index = all.indexOf(state, reached);
      expect(index).toBeGreaterThanOrEqual(reached);
      reached = index;
    }
    expect(reached).toBe(all.length - 1);
  });

  test('1,000 random damages of both files give a state that could be, and never throw', async () => {
    const folder = new MemoryFolder();
    const first = await open(folder);
    for (const call of CALLS.slice(0, 3)) await first.commit(call);
    await first.close();
    const second = await open(folder);
    for (const call of CALLS.slice(3)) await second.commit(call);
    const { all } = states();
    const fromSnapshot = ['[]', ...all.map((state) => JSON.stringify((JSON.parse(state) as unknown[]).slice(0, 1)))];
    const names = [...folder.files.keys()];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.nat(10_000),
        fc.uint8Array({ minLength: 1, maxLength: 30 }),
        async (name, at, bytes) => {
          const data = Buffer.from(folder.files.get(name) ?? Buffer.alloc(1));
          Buffer.from(bytes).copy(data, at % data.length);
          expect([...all, ...fromSnapshot]).toContain(await readBack(new Map([...folder.files, [name, data]])));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('a damaged line is reported, once: the next opening finds tidy files', async () => {
    const folder = new MemoryFolder();
    const storage = await open(folder);
    for (const call of CALLS) await storage.commit(call);
    const journal = folder.files.get(journalOf(folder)) ?? Buffer.alloc(0);
    journal.fill('#', 150, 155);
    const log = recordingLog();
    await JournalStorage.open(folder, { clock: new SimulatedClock(), log });
    await JournalStorage.open(folder, { clock: new SimulatedClock(), log });
    expect(log.entries.map(({ level, event }) => `${level} ${event}`)).toEqual([
      'warn store.damaged',
      'info store.opened',
    ]);
    expect(log.entries[0]?.fields).toMatchObject({ file: 'journal', kind: 'damaged', line: 1 });
  });

  test('killed between the new snapshot and the removal of the old files, the new snapshot counts', async () => {
    const folder = new MemoryFolder();
    const storage = await open(folder);
    for (const call of CALLS) await storage.commit(call);
    const before = new Map(folder.files);
    await storage.close();
    const both = new Map([...before, ...folder.files]);
    expect(both.size).toBe(3);
    expect(await readBack(both)).toBe(stateOf(storage.documents));
    expect([...both.keys()]).toHaveLength(1);
  });

  test('after a failed write nothing is lost, and the failed change leaves no trace', async () => {
    const folder = new MemoryFolder();
    const storage = await open(folder);
    await storage.commit([put('A', 'available')]);
    folder.budget = folder.spent + 20;
    await expect(storage.commit([put('B', 'busy')])).rejects.toMatchObject({ code: 'NOTES_STORAGE', retry: 'later' });
    await expect(storage.commit([put('B', 'busy')])).rejects.toMatchObject({ code: 'NOTES_STORAGE' });
    expect([...storage.documents.keys()]).toEqual(['A']);
    folder.budget = Number.POSITIVE_INFINITY;
    await storage.commit([put('C', 'away')]);
    expect(await readBack(folder.files)).toBe(stateOf(storage.documents));
    expect([...storage.documents.keys()]).toEqual(['A', 'C']);
  });

  test('a snapshot that failed after it reached the disk does not hide later changes', async () => {
    const folder = new MemoryFolder();
    const clock = new SimulatedClock();
    const log = recordingLog();
    const storage = await JournalStorage.open(folder, { clock, log });
    await storage.commit([put('A', 'available')]);
    await storage.commit([put('A', 'busy')]);
    folder.failsAfterRename = true;
    await clock.advance(60_000);
    expect(log.entries.map(({ event }) => event)).toContain('store.compaction-failed');
    await expect(storage.commit([put('A', 'away')])).rejects.toMatchObject({ code: 'NOTES_STORAGE' });
    folder.failsAfterRename = false;
    await storage.commit([put('A', 'offline')]);
    expect(await readBack(folder.files)).toBe(stateOf(storage.documents));
    expect(storage.documents.get('A')?.items['status']).toBe('offline');
  });

  test('a superseded value is gone from the files within the time allowed', async () => {
    const folder = new MemoryFolder();
    const clock = new SimulatedClock();
    const storage = await open(folder, { maxHistoryMs: 60_000 }, clock);
    await storage.commit([put('A', 'old-value')]);
    await storage.commit([put('A', 'new-value')]);
    expect(contentOf(folder)).toContain('old-value');
    await clock.advance(60_000);
    expect(contentOf(folder)).not.toContain('old-value');
    expect(contentOf(folder)).toContain('new-value');
  });

  test('a compaction that failed is tried again, though nothing changes any more', async () => {
    const folder = new MemoryFolder();
    const clock = new SimulatedClock();
    const storage = await open(folder, { maxHistoryMs: 60_000 }, clock);
    await storage.commit([put('A', 'old-value')]);
    await storage.commit([put('A', 'new-value')]);
    folder.budget = folder.spent;
    await clock.advance(60_000);
    expect(contentOf(folder)).toContain('old-value');
    folder.budget = Number.POSITIVE_INFINITY;
    await clock.advance(60_000);
    expect(contentOf(folder)).not.toContain('old-value');
  });

  test('a deleted document is gone from the files sooner than a superseded value', async () => {
    const folder = new MemoryFolder();
    const clock = new SimulatedClock();
    const storage = await open(folder, { maxHistoryMs: 60_000, maxErasedMs: 5_000 }, clock);
    await storage.commit([put('A', 'secret'), put('B', 'old-value')]);
    await storage.commit([put('B', 'new-value')]);
    await storage.commit([{ kind: 'delete', unid: 'A' }]);
    await storage.commit([put('B', 'newest-value')]);
    await clock.advance(5_000);
    expect(contentOf(folder)).not.toMatch(/secret|old-value|new-value/);
  });

  test('nothing of a deleted person is left after a close', async () => {
    const folder = new MemoryFolder();
    const storage = await open(folder);
    await storage.commit([put('A', 'secret')]);
    await storage.commit([{ kind: 'delete', unid: 'A' }]);
    await storage.close();
    expect(contentOf(folder)).not.toContain('secret');
  });

  test('the journal does not outgrow its limit by more than one call', async () => {
    const folder = new MemoryFolder();
    const storage = await open(folder, { maxJournal: 2000 });
    for (let turn = 0; turn < 200; turn++) {
      await storage.commit([put('A', `value ${turn}`)]);
      expect(contentOf(folder).length).toBeLessThan(3000);
    }
  });

  test('a write after the close is refused', async () => {
    const storage = await open(new MemoryFolder());
    await storage.close();
    await expect(storage.commit([put('A', 'x')])).rejects.toMatchObject({ code: 'NOTES_STORAGE' });
  });

  test('files of a newer program are refused and left as they are', async () => {
    const header = encodeLine(0, { format: 'presence-bridge-store', version: 2, file: 'snapshot' });
    const folder = new MemoryFolder(new Map([['snapshot-5.jsonl', Buffer.from(header)]]));
    await expect(open(folder)).rejects.toMatchObject({ code: 'NOTES_SCHEMA', exitCode: 78 });
    expect([...folder.files.keys()]).toEqual(['snapshot-5.jsonl']);
  });
});

function journalOf(folder: MemoryFolder): string {
  return [...folder.files.keys()].find((name) => name.startsWith('journal')) ?? '';
}

function contentOf(folder: MemoryFolder): string {
  return Buffer.concat([...folder.files.values()]).toString();
}
