import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DominoDbDriver, type DominoDbOptions } from '../../../../src/notes/drivers/domino-db/domino-db.js';
import type {
  BulkResponse,
  DominoDatabase,
  DominoServer,
  ServerConfiguration,
} from '../../../../src/notes/drivers/domino-db/domino-db-surface.js';
import { memoryStorage } from '../../../../src/notes/drivers/embedded/storage.js';
import { createEmbeddedModule } from '../../../../src/notes/drivers/embedded/use-server.js';
import type { Items } from '../../../../src/notes/item-value.js';
import { BridgeError } from '../../../../src/presence/errors.js';
import type { Unid } from '../../../../src/presence/ids.js';
import { StagedDatabase } from '../../../support/directory-stage.js';
import { DominoFaults } from '../../../support/domino-faults.js';
import { SimulatedClock } from '../../../support/simulated-clock.js';

const SERVER: ServerConfiguration = { hostName: 'domino.contoso.example', connection: { port: '3002' } };

let clock: SimulatedClock;
let faults: DominoFaults;
let driver: DominoDbDriver;

function driverWith(
  useServer: DominoFaults['wrap'] extends (given: infer U) => unknown ? U : never,
  more: Partial<DominoDbOptions> = {},
) {
  return new DominoDbDriver(
    {
      kind: 'domino-db',
      load: () => Promise.resolve({ name: 'test', version: '1', useServer }),
      server: SERVER,
      filePath: 'presence.nsf',
      ...more,
    },
    clock,
  );
}

beforeEach(() => {
  clock = new SimulatedClock();
  faults = new DominoFaults(clock);
  driver = driverWith(faults.wrap(createEmbeddedModule({ clock, openStorage: async () => memoryStorage() }).useServer));
});

afterEach(() => driver.close());

const person = (name: string): Items => ({ Form: 'Person', Name: name });
const people = () => driver.find({ query: "Form = 'Person'", itemNames: ['Name'] });

describe('calls of domino-db', () => {
  beforeEach(() => driver.open());

  test('an empty bulk call asks nobody', async () => {
    const before = faults.calls.length;
    await Promise.all([driver.create([]), driver.replaceItems([]), driver.remove([]), driver.read([], ['Name'])]);
    expect(faults.calls.length).toBe(before);
  });

  test('a query whose matches change at each reading is read to its end', async () => {
    const database = new StagedDatabase(clock);
    const unids = [...(await database.add(...Array.from({ length: 700 }, (_, at) => person(`Person ${at}`))))];
    await database.driver.open();
    let pages = 0;
    database.faults.afterPage = async () => {
      // Somebody leaves after the first page of each attempt; two of them end with the page after it.
      if ([1, 3, 5].includes(++pages)) await database.remove(unids.pop());
    };
    const found = await database.driver.find({ query: "Form = 'Person'", itemNames: ['Name'] });
    expect(new Set(found.map(({ unid }) => unid))).toEqual(new Set(unids));
  });

  test('go one after the other', async () => {
    await Promise.all([people(), driver.create([person('Ana')]), people(), driver.create([person('Ben')])]);
    expect(faults.mostAtOnce).toBe(1);
  });

  test('a query that cannot be read comes with the status of Notes', async () => {
    await expect(driver.find({ query: 'Form = secret', itemNames: [] })).rejects.toMatchObject({
      code: 'NOTES_BAD_REQUEST',
      details: { status: 3849, dominoCode: 'ERR_BAD_REQUEST' },
    });
  });

  test('the next call waits until a call that timed out is answered after all', async () => {
    faults.link = 'hanging';
    const first = driver.create([person('Ana')]).catch((error: unknown) => error);
    await clock.advance(30_000);
    expect(await first).toMatchObject({ code: 'NOTES_TIMEOUT', details: { sent: true } });
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

  test.each(['full', 'read-only'] as const)('a database that is %s fails the call, not its documents', async (kind) => {
    faults.begin({ kind });
    await expect(driver.create([person('Ana'), person('Ben')])).rejects.toMatchObject({ retry: 'later' });
  });
});

describe('opening', () => {
  test('asks for the server each time, and connects anew only when it is another', async () => {
    const configurations = [SERVER, SERVER, { ...SERVER }];
    const seen: ServerConfiguration[] = [];
    const { useServer } = createEmbeddedModule({ clock, openStorage: async () => memoryStorage() });
    driver = driverWith(
      (configuration) => {
        seen.push(configuration);
        return useServer(configuration);
      },
      { server: () => configurations.shift() ?? SERVER },
    );
    for (let times = 0; times < 3; times++) await driver.open();
    expect(seen.length).toBe(2);
  });

  test('several at a time make one connection', async () => {
    await Promise.all([driver.open(), driver.open(), driver.open()]);
    expect(faults.connections).toBe(1);
  });

  test('a new connection that cannot be made leaves the one before in use', async () => {
    const { useServer } = createEmbeddedModule({ clock, openStorage: async () => memoryStorage() });
    const configurations = [SERVER, { ...SERVER, hostName: '' }];
    driver = driverWith(useServer, { server: () => configurations.shift() ?? SERVER });
    await driver.open();
    await driver.create([person('Ana')]);
    await expect(driver.open()).rejects.toMatchObject({ code: 'NOTES_BAD_REQUEST' });
    expect(await people()).toHaveLength(1);
  });

  test('contacts nothing when there is no usable certificate', async () => {
    driver = driverWith(() => Promise.reject(new Error('contacted')), {
      server: () => {
        throw new RangeError('no certificate');
      },
    });
    await expect(driver.open()).rejects.toThrow('no certificate');
  });

  test('ends when the module itself hangs', async () => {
    driver = driverWith(() => new Promise(() => {}));
    const opened = driver.open().catch((error: unknown) => error);
    await clock.advance(30_000);
    expect(await opened).toMatchObject({ code: 'NOTES_TIMEOUT' });
  });
});

describe('answers that cannot be right', () => {
  const A = 'A'.repeat(32) as Unid;
  let answer: unknown;
  const answeringLater = (next: unknown): void => {
    answer = next;
  };
  const answering = (first: unknown): Promise<void> => {
    answer = first;
    const say = async (): Promise<BulkResponse> => answer as BulkResponse;
    const database: Partial<DominoDatabase> = {
      bulkReadDocuments: say,
      bulkReadDocumentsByUnid: say,
      bulkCreateDocuments: say,
      bulkReplaceItemsByUnid: say,
      bulkDeleteDocumentsByUnid: say,
    };
    const server: DominoServer = { useDatabase: async () => database as DominoDatabase };
    driver = driverWith(async () => server);
    return driver.open();
  };

  test('whatever is answered, a call gives one outcome for each document or a BridgeError', async () => {
    const entry = fc.oneof(
      fc.record(
        {
          '@unid': fc.constantFrom(A, 'B'.repeat(32), 'nonsense', 7),
          '@error': fc.oneof(fc.record({ message: fc.string() }, { requiredKeys: [] }), fc.constant(null), fc.string()),
          Name: fc.anything({ maxDepth: 1 }),
        },
        { requiredKeys: [] },
      ),
      fc.anything({ maxDepth: 1 }),
    );
    const answers = fc.record(
      {
        documents: fc.array(entry, { maxLength: 3 }),
        errors: fc.anything({ maxDepth: 0 }),
        documentRange: fc.anything({ maxDepth: 1 }),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(answers, async (next) => {
        const unids = [A, 'B'.repeat(32) as Unid];
        await answering({ documents: [], errors: 0 });
        answeringLater(next);
        const calls = [
          () => driver.create([person('Ana'), person('Ben')]),
          () => driver.replaceItems(unids.map((unid) => ({ unid, items: { Name: 'x' } }))),
          () => driver.remove(unids),
          () => driver.read(unids, ['Name']),
          () => people().then((found) => Array.from({ length: 2 }, () => found)),
        ];
        for (const call of calls) {
          const result = await call().catch((error: unknown) => error);
          if (result instanceof BridgeError) expect(result.code).toMatch(/^NOTES_/);
          else expect(result).toHaveLength(2);
        }
      }),
    );
  });

  test.each([undefined, {}, { documents: 'none' }, { documents: [null], errors: 0 }])(
    '%j is NOTES_INTERNAL',
    async (answer) => {
      await expect(answering(answer)).rejects.toMatchObject({ code: 'NOTES_INTERNAL' });
    },
  );

  test.each([
    ['no range', undefined],
    ['a range of nonsense', { total: Number.NaN, start: 0, count: '7' }],
    ['a range that stands still', { total: 5, start: 0, count: 0 }],
    ['a range below zero', { total: -1, start: 0, count: -1 }],
  ])('a read with %s ends', async (_, documentRange) => {
    await answering({ documents: [{ '@unid': A, Name: 'Ana' }], errors: 0, documentRange });
    expect(await people()).toHaveLength(1);
  });

  test('a read that never ends is given up', async () => {
    await answering({
      documents: [{ '@unid': A, Name: 'Ana' }],
      errors: 0,
      documentRange: { total: 1e9, start: 0, count: 1 },
    });
    await expect(people()).rejects.toMatchObject({ code: 'NOTES_INTERNAL' });
  });

  test('errors that are counted and not shown fail a read', async () => {
    await answering({ documents: [], errors: 0 });
    await expect(answering({ documents: [{ '@unid': A, Name: 'Ana' }], errors: 1 })).rejects.toMatchObject({
      code: 'NOTES_INTERNAL',
    });
  });

  test.each([
    [{ message: 'Field length stored in document is incorrect' }, 'left out'],
    [{ message: 'x', code: 'ERR_NOT_FOUND' }, 'left out'],
    [{ message: 'x', code: 'ERR_FORBIDDEN' }, 'left out'],
    [{ message: 'x', code: 'ERR_INTERNAL_ERROR' }, 'NOTES_INTERNAL'],
    [{ message: 'Database is currently being replicated or copied elsewhere' }, 'NOTES_READ_ONLY'],
  ])('a document that cannot be read (%j) is %s', async (error, expected) => {
    const opened = answering({
      documents: [{ '@unid': A, '@error': error }],
      errors: 1,
      documentRange: { total: 1, start: 0, count: 1 },
    });
    if (expected === 'left out') {
      await opened;
      expect(await people()).toEqual([]);
    } else await expect(opened).rejects.toMatchObject({ code: expected });
  });
});
