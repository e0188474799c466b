import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DominoDbDriver } from '../../src/notes/drivers/domino-db.js';
import type { UseServer } from '../../src/notes/drivers/domino-db-surface.js';
import { folderStorage } from '../../src/notes/drivers/embedded/folder-storage.js';
import { memoryStorage } from '../../src/notes/drivers/embedded/storage.js';
import { createEmbeddedModule } from '../../src/notes/drivers/embedded/use-server.js';
import { type DominoDbModule, loadDominoDb } from '../../src/notes/drivers/load-domino-db.js';
import type { Items } from '../../src/notes/item-value.js';
import { BridgeError } from '../../src/presence/errors.js';
import { parseUnid, type Unid } from '../../src/presence/ids.js';
import { DominoFaults } from '../support/domino-faults.js';
import { silentLog } from '../support/silent-log.js';
import { SimulatedClock } from '../support/simulated-clock.js';

interface Backend {
  readonly useServer: UseServer;
  readonly close: () => Promise<void>;
}

const folders: string[] = [];

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'presence-driver-'));
  folders.push(path);
  return path;
}

/** Where the module in the third case finds its functions, as HCL's would bring its own. */
const FAKE = Symbol.for('presence-bridge.test.domino-db');

/** A package of HCL's name in a folder of its own, found and loaded by the product's loader. */
async function installedModule(useServer: UseServer): Promise<DominoDbModule> {
  const project = await folder();
  const home = join(project, 'node_modules', '@domino', 'domino-db');
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), '{"name":"@domino/domino-db","version":"1.11.7","main":"index.cjs"}');
  await writeFile(
    join(home, 'index.cjs'),
    "module.exports = globalThis[Symbol.for('presence-bridge.test.domino-db')];",
  );
  Object.assign(globalThis, { [FAKE]: { useServer } });
  return loadDominoDb(pathToFileURL(join(project, 'main.js')));
}

const BACKENDS: Readonly<Record<string, (clock: SimulatedClock) => Promise<Backend>>> = {
  'embedded in memory': async (clock) => createEmbeddedModule({ clock, openStorage: async () => memoryStorage() }),
  'embedded on disk': async (clock) => {
    const path = await folder();
    return createEmbeddedModule({ clock, openStorage: () => folderStorage(path, { clock, log: silentLog }) });
  },
  'a module installed as @domino/domino-db': async (clock) => {
    const { useServer, close } = createEmbeddedModule({ clock, openStorage: async () => memoryStorage() });
    return { useServer: (await installedModule(useServer)).useServer, close };
  },
};

const NOBODY = 'F'.repeat(32) as Unid;

describe.each(Object.entries(BACKENDS))('driver over %s', (_, makeBackend) => {
  let clock: SimulatedClock;
  let faults: DominoFaults;
  let backend: Backend;
  let driver: DominoDbDriver;

  beforeEach(async () => {
    clock = new SimulatedClock();
    faults = new DominoFaults();
    backend = await makeBackend(clock);
    driver = new DominoDbDriver(
      {
        kind: 'domino-db',
        load: () => Promise.resolve({ name: 'test', version: '1', useServer: faults.wrap(backend.useServer) }),
        server: { hostName: 'domino.contoso.example', connection: { port: '3002' } },
        filePath: 'presence.nsf',
        dispose: backend.close,
      },
      clock,
    );
    await driver.open();
  });

  afterEach(async () => {
    faults.release();
    await driver.close();
  });

  const create = async (...documents: readonly Items[]): Promise<readonly Unid[]> =>
    (await driver.create(documents)).map((outcome) => {
      if (!outcome.ok) throw outcome.error;
      return outcome.unid;
    });
  const people = (itemNames = ['Name']) => driver.find({ query: "Form = 'Person'", itemNames });
  const person = (name: string): Items => ({ Form: 'Person', Name: name });

  describe('reads and writes', () => {
    test('gives each created document an id of its own', async () => {
      const unids = await create(person('Ana'), person('Ben'));
      expect(new Set(unids).size).toBe(2);
      for (const unid of unids) expect(parseUnid(unid)).toEqual({ ok: true, value: unid });
    });

    test('finds documents with the items asked for and the moment of creation', async () => {
      const [unid] = await create({ ...person('Ana'), Rank: 3 });
      expect(await people(['Name', 'Rank', 'Missing'])).toEqual([
        { unid, created: clock.now(), items: { Name: 'Ana', Rank: 3 } },
      ]);
    });

    test('keeps every kind of value', async () => {
      const values: Items = {
        Text: 'Grüße, Ἀθῆναι, 東京 👋',
        Empty: '',
        Texts: ['a', 'b'],
        Number: -1.5,
        Numbers: [1, 2],
        Name: { type: 'text', data: 'CN=Ana Reyes/O=Contoso', names: true },
        Moment: { type: 'datetime', data: '2026-01-05T09:30:00Z' },
      };
      await create({ Form: 'Person', ...values });
      expect((await people(Object.keys(values)))[0]?.items).toEqual(values);
    });

    test('sets the items that are named and leaves the others alone', async () => {
      const [unid] = await create({ ...person('Ana'), Rank: 3 });
      expect(await driver.replaceItems([{ unid: unid ?? NOBODY, items: { Rank: 4 } }])).toEqual([{ ok: true, unid }]);
      expect((await people(['Name', 'Rank']))[0]?.items).toEqual({ Name: 'Ana', Rank: 4 });
    });

    test('gives each document its own values in one call', async () => {
      const unids = await create(person('Ana'), person('Ben'));
      await driver.replaceItems(unids.map((unid, index) => ({ unid, items: { Rank: index } })));
      expect((await people(['Rank'])).map(({ items }) => items['Rank'])).toEqual([0, 1]);
    });

    test('deletes documents', async () => {
      const [ana, ben] = await create(person('Ana'), person('Ben'));
      expect(await driver.remove([ana ?? NOBODY])).toEqual([{ ok: true, unid: ana }]);
      expect((await people()).map(({ unid }) => unid)).toEqual([ben]);
    });

    test('reads documents by id, in order, and tells which are not there', async () => {
      const [ana, ben] = await create(person('Ana'), person('Ben'));
      const read = await driver.read([ben ?? NOBODY, NOBODY, ana ?? NOBODY], ['Name']);
      expect(read.map((document) => document?.items['Name'])).toEqual(['Ben', undefined, 'Ana']);
    });

    test('an empty bulk call asks nobody', async () => {
      const before = faults.calls.length;
      expect([await driver.create([]), await driver.replaceItems([]), await driver.remove([])]).toEqual([[], [], []]);
      expect(faults.calls.length).toBe(before);
    });

    test('refuses a bulk call that is too large', async () => {
      await expect(driver.create(Array.from({ length: 101 }, () => person('x')))).rejects.toThrow(RangeError);
    });
  });

  describe('pages', () => {
    const fill = async (count: number): Promise<void> => {
      for (let done = 0; done < count; done += 100) {
        await create(...Array.from({ length: Math.min(100, count - done) }, (__, at) => person(`p${done + at}`)));
      }
    };

    test('finds more documents than a page holds', async () => {
      await fill(450);
      expect(new Set((await people()).map(({ items }) => items['Name'])).size).toBe(450);
    });

    test('finds exactly one page, and none', async () => {
      expect(await people()).toEqual([]);
      await fill(200);
      expect(await people()).toHaveLength(200);
    });

    test('reads again when documents vanish between pages', async () => {
      await fill(250);
      const [first] = await people();
      const server = await backend.useServer({ hostName: 'another client', connection: { port: '3002' } });
      const other = await server.useDatabase({ filePath: 'presence.nsf' });
      let pages = 0;
      faults.afterPage = async () => {
        if (pages++ === 0) await other.bulkDeleteDocumentsByUnid({ unids: [first?.unid ?? NOBODY] });
      };
      const names = new Set((await people()).map(({ items }) => items['Name']));
      for (let at = 1; at < 250; at++) expect(names.has(`p${at}`)).toBe(true);
    });

    test('a database without documents is no error, whatever the query', async () => {
      expect(await driver.find({ query: '@all', itemNames: ['Form'] })).toEqual([]);
    });
  });

  describe('single documents that fail', () => {
    test('an unknown document fails alone', async () => {
      const [ana] = await create(person('Ana'));
      const outcomes = await driver.replaceItems([
        { unid: NOBODY, items: { Name: 'Nobody' } },
        { unid: ana ?? NOBODY, items: { Name: 'Anna' } },
      ]);
      expect(outcomes.map(({ ok }) => ok)).toEqual([false, true]);
      expect((await people()).map(({ items }) => items['Name'])).toEqual(['Anna']);
    });

    test('a refused creation leaves the others in their order', async () => {
      faults.refuses = (document) => document['Name'] === 'Ben';
      const outcomes = await driver.create([person('Ana'), person('Ben'), person('Cleo')]);
      expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error.code))).toEqual([
        'ok',
        'NOTES_BAD_REQUEST',
        'ok',
      ]);
    });

    test('documents that readers fields hide are left out', async () => {
      const [ana] = await create(person('Ana'), person('Ben'));
      faults.hidden.add(ana ?? NOBODY);
      expect((await people()).map(({ items }) => items['Name'])).toEqual(['Ben']);
      expect((await driver.read([ana ?? NOBODY], ['Name']))[0]).toBeUndefined();
    });
  });

  describe('calls that fail as a whole', () => {
    test('a server that is away is NOTES_UNREACHABLE, and all is well when it is back', async () => {
      faults.link = 'unreachable';
      await expect(driver.open()).rejects.toMatchObject({ code: 'NOTES_UNREACHABLE', retry: 'later' });
      await expect(driver.create([person('Ana')])).rejects.toMatchObject({ code: 'NOTES_UNREACHABLE' });
      faults.link = 'up';
      await driver.open();
      expect(await people()).toEqual([]);
    });

    test('a missing right is NOTES_FORBIDDEN', async () => {
      faults.denied = 'writing';
      await expect(driver.create([person('Ana')])).rejects.toMatchObject({ code: 'NOTES_FORBIDDEN', exitCode: 77 });
    });

    test('a query that cannot be read is NOTES_BAD_REQUEST with the status of Notes, without the query', async () => {
      const error = await driver.find({ query: 'Form = secret', itemNames: [] }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(BridgeError);
      expect(error).toMatchObject({ code: 'NOTES_BAD_REQUEST', details: { status: 3849 } });
      expect((error as BridgeError).message).not.toContain('secret');
    });

    test('an answer that was lost leaves the write done', async () => {
      faults.lostAnswers = 1;
      await expect(driver.create([person('Ana')])).rejects.toMatchObject({ code: 'NOTES_UNREACHABLE' });
      expect(await people()).toHaveLength(1);
    });
  });

  describe('time', () => {
    test('a call that hangs ends with NOTES_TIMEOUT', async () => {
      faults.link = 'hanging';
      const call = driver.create([person('Ana')]).catch((error: unknown) => error);
      await clock.advance(30_000);
      expect(await call).toMatchObject({ code: 'NOTES_TIMEOUT', details: { sent: true } });
    });

    test('the next call waits until a call that timed out is answered after all', async () => {
      faults.link = 'hanging';
      const first = driver.create([person('Ana')]).catch((error: unknown) => error);
      await clock.advance(30_000);
      await first;
      const second = people();
      await clock.advance(10_000);
      faults.release();
      expect((await second).map(({ items }) => items['Name'])).toEqual(['Ana']);
      expect(faults.mostAtOnce).toBe(1);
    });

    test('a call that waits too long for an unanswered one gives up without sending anything', async () => {
      faults.link = 'hanging';
      const calls = [driver.create([person('Ana')]), driver.create([person('Ben')])].map((call) =>
        call.catch((error: unknown) => error),
      );
      await clock.advance(30_000);
      expect(await calls[1]).toMatchObject({ code: 'NOTES_TIMEOUT', details: { sent: false } });
      expect(faults.count('bulkCreateDocuments')).toBe(1);
    });

    test('a call that is never answered is given up, and a new connection made', async () => {
      faults.link = 'hanging';
      const lost = driver.create([person('Ana')]).catch((error: unknown) => error);
      await clock.advance(90_000);
      await lost;
      const connections = faults.connections;
      faults.link = 'up';
      await driver.open();
      expect(faults.connections).toBe(connections + 1);
      await driver.open();
      expect(faults.connections).toBe(connections + 1);
      expect(await people()).toEqual([]);
    });

    test('calls at the same time go one after the other', async () => {
      await Promise.all([people(), driver.create([person('Ana')]), people(), driver.create([person('Ben')])]);
      expect(faults.mostAtOnce).toBe(1);
    });
  });
});

afterAll(async () => {
  Reflect.deleteProperty(globalThis, FAKE);
  await Promise.all(folders.map((path) => rm(path, { recursive: true, force: true })));
});
