import { beforeEach, describe, expect, test } from 'vitest';
import type { DominoDatabase, DominoServer } from '../../../../src/notes/drivers/domino-db/domino-db-surface.js';
import type { EmbeddedBehaviour } from '../../../../src/notes/drivers/embedded/embedded-database.js';
import { memoryStorage, type Storage } from '../../../../src/notes/drivers/embedded/storage.js';
import { createEmbeddedModule, type EmbeddedModule } from '../../../../src/notes/drivers/embedded/use-server.js';
import { SimulatedClock } from '../../../support/simulated-clock.js';

const SERVER = { hostName: 'domino.contoso.example', connection: { port: '3002' } };
const NOBODY = 'F'.repeat(32);
const CONTINUE = { onErrorOptions: 'ON_ERROR_CONTINUE' } as const;
const badRequest = { name: 'DominoDbError', code: 'ERR_BAD_REQUEST' };

let clock: SimulatedClock;
let module: EmbeddedModule;
let server: DominoServer;
let database: DominoDatabase;

async function start(
  behaviour: Partial<EmbeddedBehaviour> = {},
  openStorage = async (): Promise<Storage> => memoryStorage(),
) {
  clock = new SimulatedClock();
  module = createEmbeddedModule({ clock, openStorage, behaviour });
  server = await module.useServer(SERVER);
  database = await server.useDatabase({ filePath: 'presence.nsf' });
}

beforeEach(() => start());

const create = async (...documents: readonly object[]): Promise<string[]> => {
  const response = await database.bulkCreateDocuments({ documents: documents as never, ...CONTINUE });
  return response.documents.map((one) => one['@unid'] ?? '');
};
const read = (itemNames: string[], query = "Form = 'Person'") => database.bulkReadDocuments({ query, itemNames });
const ana = { Form: 'Person', Name: 'Ana' };
const ben = { Form: 'Person', Name: 'Ben' };

describe('useServer and useDatabase', () => {
  test('contact and open nothing', async () => {
    let opened = 0;
    await start({}, async () => {
      opened++;
      return memoryStorage();
    });
    expect(opened).toBe(0);
    await read([]);
    await read([]);
    expect(opened).toBe(1);
  });

  test('give frozen objects', () => {
    expect(Object.isFrozen(server)).toBe(true);
    expect(Object.isFrozen(database)).toBe(true);
  });

  test.each([
    ['no host', { connection: { port: '1' } }],
    ['no port', { hostName: 'x', connection: {} }],
    ['TLS without certificates', { hostName: 'x', connection: { port: '1', secure: true } }],
  ])('refuse a configuration with %s', async (_, configuration) => {
    await expect(module.useServer(configuration as never)).rejects.toMatchObject(badRequest);
    await expect(server.useDatabase({ filePath: '' })).rejects.toMatchObject(badRequest);
  });

  test('give the same documents to all who use one file path', async () => {
    await create(ana);
    const again = await (await module.useServer(SERVER)).useDatabase({ filePath: 'presence.nsf' });
    expect((await again.bulkReadDocuments({ query: "Form = 'Person'" })).documents).toHaveLength(1);
    const other = await server.useDatabase({ filePath: 'other.nsf' });
    expect((await other.bulkReadDocuments({ query: "Form = 'Person'" })).documents).toHaveLength(0);
  });

  test('storage that does not open fails the call, and is tried again at the next', async () => {
    let attempts = 0;
    await start({}, async () => {
      if (++attempts === 1) throw new Error('disk is away');
      return memoryStorage();
    });
    await expect(read([])).rejects.toMatchObject({ code: 'ERR_INTERNAL_ERROR', message: 'disk is away' });
    expect((await read([])).documents).toEqual([]);
  });

  test('after a close a database that was in use stays shut', async () => {
    await create(ana);
    await module.close();
    await expect(read([])).rejects.toMatchObject({ code: 'ERR_NOT_CONNECTED' });
  });
});

describe('answers', () => {
  test('of a read hold metadata alone unless items are named', async () => {
    const [unid] = await create(ana);
    await clock.advance(1234);
    await database.bulkReplaceItemsByUnid({ replaceItemsByUnid: [{ '@unid': unid, Rank: 1 }] });
    expect(await database.bulkReadDocuments({ query: "Form = 'Person'" })).toEqual({
      documents: [
        {
          '@unid': unid,
          '@created': { type: 'datetime', data: '2026-01-05T08:00:00.00Z' },
          '@modified': { type: 'datetime', data: '2026-01-05T08:00:01.23Z' },
        },
      ],
      errors: 0,
      documentRange: { total: 1, start: 0, count: 1 },
    });
  });

  test('use the caller’s spelling of item names and leave out what a document lacks', async () => {
    await create(ana);
    const [document] = (await read(['NAME', 'Missing', 'constructor'])).documents;
    expect(Object.keys(document ?? {}).sort()).toEqual(['@created', '@modified', '@unid', 'NAME'].sort());
  });

  test('of a creation hold ids without a range; of an update ids with one', async () => {
    const created = await database.bulkCreateDocuments({ documents: [ana, ben] });
    expect(created).toEqual({
      documents: [{ '@unid': expect.stringMatching(/^[0-9A-F]{32}$/) }, { '@unid': expect.any(String) }],
      errors: 0,
    });
    const [unid] = created.documents.map((one) => one['@unid'] ?? '');
    expect(await database.bulkDeleteDocumentsByUnid({ unids: [unid ?? ''] })).toEqual({
      documents: [{ '@unid': unid }],
      errors: 0,
      documentRange: { total: 1, start: 0, count: 1 },
    });
  });

  test('give lists of one as single values, and everything spelled out on demand', async () => {
    const moment = { type: 'datetime', data: '2026-01-05T08:00:00Z' };
    await create({ ...ana, List: ['one'], Names: { type: 'text', data: ['CN=A/O=B'], names: true }, At: moment, N: 5 });
    const itemNames = ['List', 'Names', 'At', 'N'];
    const [short] = (await read(itemNames)).documents;
    const names = { type: 'text', data: 'CN=A/O=B', names: true };
    expect(short).toMatchObject({ List: 'one', Names: names, At: moment, N: 5 });
    const query = "Form = 'Person'";
    const [long] = (await database.bulkReadDocuments({ query, itemNames, canonicalFormat: true })).documents;
    expect(long).toMatchObject({
      List: { type: 'text', data: 'one' },
      Names: names,
      At: moment,
      N: { type: 'number', data: 5 },
    });
  });
});

describe('pages', () => {
  beforeEach(async () => {
    await create(...Array.from({ length: 250 }, (_, at) => ({ Form: 'Person', At: at })));
  });

  test('hold 100 documents unless told otherwise', async () => {
    const page = await read(['At']);
    expect(page.documentRange).toEqual({ total: 250, start: 0, count: 100 });
  });

  test('begin at start and end at the last match', async () => {
    const page = await database.bulkReadDocuments({ query: 'At >= 0', itemNames: ['At'], start: 200, count: 200 });
    expect(page.documentRange).toEqual({ total: 250, start: 200, count: 50 });
    expect(page.documents[0]?.['At']).toBe(200);
  });

  test('of more than 200 are refused, cut or given, as configured', async () => {
    const large = { query: 'At >= 0', count: 201 };
    await expect(database.bulkReadDocuments(large)).rejects.toMatchObject(badRequest);
    await start({ largePage: 'clamp' });
    await create(...Array.from({ length: 250 }, (_, at) => ({ At: at })));
    expect((await database.bulkReadDocuments(large)).documents).toHaveLength(200);
  });

  test('show changes made between them', async () => {
    const [first] = (await read([])).documents;
    await database.bulkDeleteDocumentsByUnid({ unids: [first?.['@unid'] ?? ''] });
    expect((await read([])).documentRange?.total).toBe(249);
  });
});

describe('writes', () => {
  test('of items merge, common ones and a document’s own', async () => {
    const [a, b] = await create({ ...ana, Rank: 1 }, ben);
    await database.bulkReplaceItemsByUnid({
      replaceItemsByUnid: [{ '@unid': a, RANK: 2 }, { '@unid': b }],
      replaceItems: { Room: '4.12' },
    });
    expect((await read(['Name', 'Rank', 'Room'])).documents).toMatchObject([
      { Name: 'Ana', Rank: 2, Room: '4.12' },
      { Name: 'Ben', Room: '4.12' },
    ]);
  });

  test('of documents drop every item that is not sent', async () => {
    const [unid] = await create({ ...ana, Rank: 1 });
    await database.bulkReplaceDocumentsByUnid({ documents: [{ '@unid': unid, Form: 'Person' }] });
    const [document] = (await read(['Name', 'Rank'])).documents;
    expect(document).not.toHaveProperty('Name');
  });

  test('by query change or delete one page', async () => {
    await create(ana, ben);
    await database.bulkReplaceItems({ query: "Name = 'Ana'", replaceItems: { Rank: 7 } });
    await database.bulkDeleteItems({ query: "Name = 'Ben'", itemNames: ['NAME'] });
    expect((await read(['Name', 'Rank'])).documents).toMatchObject([{ Name: 'Ana', Rank: 7 }, {}]);
    const deleted = await database.bulkDeleteDocuments({ query: "Form = 'Person'", count: 1 });
    expect(deleted.documentRange).toEqual({ total: 2, start: 0, count: 1 });
    expect((await read([])).documents).toHaveLength(1);
  });

  test('ignore names that begin with @, so that what was read can be sent back', async () => {
    await create(ana);
    const [document] = (await read(['Form', 'Name'])).documents;
    await database.bulkReplaceDocumentsByUnid({ documents: [document ?? {}] });
    expect((await read(['Name'])).documents).toMatchObject([{ Name: 'Ana' }]);
  });

  test.each([
    ['a boolean', true],
    ['null', null],
    ['undefined', undefined],
    ['no number', Number.NaN],
    ['an empty list', []],
    ['a mixed list', ['a', 1]],
    ['an unknown type', { type: 'richtext', data: 'x' }],
    ['milliseconds', { type: 'datetime', data: '2026-01-05T08:00:00.123Z' }],
    ['local time', { type: 'datetime', data: '2026-01-05T08:00:00' }],
    ['a day that does not exist', { type: 'datetime', data: '2026-02-30' }],
    ['a date as text object', { type: 'datetime', data: 5 }],
  ])('refuse %s as a value', async (_, value) => {
    await expect(create({ ...ana, Value: value })).rejects.toMatchObject(badRequest);
    expect((await read([])).documents).toEqual([]);
  });

  test.each(['', '1st', 'a b', '__proto__', 'x'.repeat(300)])('refuse "%s" as an item name', async (name) => {
    await expect(create(JSON.parse(`{"Form":"Person",${JSON.stringify(name)}:"x"}`))).rejects.toMatchObject(badRequest);
  });

  test('a document too large for its summary fails alone', async () => {
    const response = await database.bulkCreateDocuments({
      documents: [{ ...ana, Text: 'x'.repeat(70_000) }, ben],
      ...CONTINUE,
    });
    expect(response.errors).toBe(1);
    expect(response.documents[0]?.['@error']).toMatchObject({ message: expect.any(String) });
    expect((await read(['Name'])).documents).toMatchObject([{ Name: 'Ben' }]);
  });

  test('an unknown document fails alone when the call shall continue, and ends it otherwise', async () => {
    const [unid] = await create(ana);
    const replaceItemsByUnid = [
      { '@unid': NOBODY, Rank: 1 },
      { '@unid': unid, Rank: 1 },
    ];
    const goesOn = await database.bulkReplaceItemsByUnid({ replaceItemsByUnid, ...CONTINUE });
    expect([goesOn.errors, goesOn.documents.length]).toEqual([1, 2]);
    expect(goesOn.documents[0]?.['@error']).toMatchObject({ code: 'ERR_NOT_FOUND' });
    const ends = await database.bulkReplaceItemsByUnid({
      replaceItemsByUnid,
      onErrorOptions: 'ON_ERROR_ABORT_REMAINING',
    });
    expect([ends.errors, ends.documents.length]).toEqual([1, 1]);
  });

  test('of one document twice in a call build on each other', async () => {
    const [unid] = await create(ana);
    await database.bulkReplaceItemsByUnid({
      replaceItemsByUnid: [
        { '@unid': unid, A: 1 },
        { '@unid': unid, B: 2 },
      ],
    });
    expect((await read(['A', 'B'])).documents).toMatchObject([{ A: 1, B: 2 }]);
  });
});

describe('a single document', () => {
  test('is created, read, changed, replaced and deleted through a handle', async () => {
    const unid = await database.createDocument({ document: { ...ana, Rank: 1 } });
    const document = await database.useDocument({ unid });
    expect(document.getUnid()).toBe(unid);
    await document.replaceItems({ replaceItems: { Rank: 2 } });
    expect(await document.read({ itemNames: ['Name', 'Rank'] })).toMatchObject({ Name: 'Ana', Rank: 2 });
    await document.deleteItems({ itemNames: ['rank'] });
    expect(await document.read({ itemNames: ['Rank'] })).not.toHaveProperty('Rank');
    await document.replace({ document: ben });
    expect(await document.read({ itemNames: ['Name'] })).toMatchObject({ Name: 'Ben' });
    await document.delete();
    await expect(document.read()).rejects.toMatchObject({ code: 'ERR_NOT_FOUND' });
    await expect(document.delete()).rejects.toMatchObject({ code: 'ERR_NOT_FOUND' });
  });
});

describe('errors', () => {
  test('are whole after JSON', async () => {
    const error = await read([], 'Form = green').catch((thrown: unknown) => thrown);
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      ...badRequest,
      message: expect.stringContaining('Form = green'),
      stack: expect.any(String),
      cause: { name: 'ProtonError', code: 3849, message: expect.any(String) },
    });
  });

  test('@all on a database without documents is refused, or finds none, as configured', async () => {
    await expect(read([], '@all')).rejects.toMatchObject({
      message: expect.stringMatching(/^No documents have been modified since/),
    });
    await start({ emptyDatabase: 'find-none' });
    expect((await read([], '@all')).documents).toEqual([]);
  });

  test('of options that are missing come before anything happens', async () => {
    await expect(database.bulkReadDocuments({} as never)).rejects.toMatchObject(badRequest);
    await expect(database.bulkReadDocuments({ query: '@all', queryArgs: {} as never })).rejects.toMatchObject(
      badRequest,
    );
    await expect(database.bulkReadDocuments({ query: '@all', start: -1 })).rejects.toMatchObject(badRequest);
    await expect(database.bulkCreateDocuments({} as never)).rejects.toMatchObject(badRequest);
    await expect(database.bulkReplaceItemsByUnid({ replaceItemsByUnid: [{ A: 1 }] })).rejects.toMatchObject(badRequest);
    await expect(database.useDocument({} as never)).rejects.toMatchObject(badRequest);
  });
});
