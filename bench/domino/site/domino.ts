import { systemClock } from '../../../src/bridge/runtime/system.js';
import type { DominoDatabase } from '../../../src/notes/drivers/domino-db/domino-db-surface.js';
import { memoryStorage } from '../../../src/notes/drivers/embedded/storage.js';
import { createEmbeddedModule } from '../../../src/notes/drivers/embedded/use-server.js';
import { documentOf, messageOf } from '../grpc-module.js';
import { type BulkMessage, type Handlers, loadGrpc, type ResultMessage } from '../grpc-packages.js';
import { addressOf, DIRECTORY_DATABASE, type FromDomino, nameOf, PRESENCE_DATABASE, type ToDomino } from './words.js';

/** A stand-in for Domino in a process of its own: two databases in memory behind gRPC. It counts what is done to people. */

const embedded = createEmbeddedModule({ clock: systemClock, openStorage: async () => memoryStorage() });
const databases = new Map<string, DominoDatabase>();
const staff = new Map<number, string>();
const counts = { created: 0, changed: 0, deleted: 0, busiestSecond: 0 };
let second = { at: 0, changed: 0 };

async function database(filePath: string): Promise<DominoDatabase> {
  const known = databases.get(filePath);
  if (known !== undefined) return known;
  const server = await embedded.useServer({ hostName: 'localhost', connection: { port: '3002' } });
  const opened = await server.useDatabase({ filePath });
  databases.set(filePath, opened);
  return opened;
}

function peopleIn({ db, documents }: BulkMessage): number {
  if (db !== PRESENCE_DATABASE) return 0;
  return documents.filter(({ items }) => items[0]?.values[0]?.s === 'Presence').length;
}

function countChange(people: number): void {
  const at = Math.floor(Date.now() / 1000);
  second = { at, changed: (second.at === at ? second.changed : 0) + people };
  counts.changed += people;
  counts.busiestSecond = Math.max(counts.busiestSecond, second.changed);
}

const CONTINUE = { onErrorOptions: 'ON_ERROR_CONTINUE' } as const;

async function create(request: BulkMessage): Promise<ResultMessage> {
  counts.created += peopleIn(request);
  const documents = request.documents.map((document) => withoutUnid(document));
  return results(await (await database(request.db)).bulkCreateDocuments({ documents, ...CONTINUE }));
}

function withoutUnid(document: BulkMessage['documents'][number]) {
  const { '@unid': _, ...items } = documentOf(document);
  return items;
}

const handlers: Handlers = {
  Create: ({ request }, done) => answer(create(request), done),
  Replace: ({ request }, done) => {
    countChange(peopleIn(request));
    const replaceItemsByUnid = request.documents.map(documentOf);
    const change = database(request.db).then((one) => one.bulkReplaceItemsByUnid({ replaceItemsByUnid, ...CONTINUE }));
    answer(change.then(results), done);
  },
  Read: ({ request }, done) => {
    const { db, query, start, count, items: itemNames } = request;
    const page = database(db).then((one) => one.bulkReadDocuments({ query, start, count, itemNames }));
    answer(
      page.then(({ documents, documentRange }) => ({
        documents: documents.map(({ '@created': created, '@modified': _, ...items }) => ({
          ...messageOf(items),
          created: created?.data ?? '',
        })),
        total: documentRange?.total ?? 0,
      })),
      done,
    );
  },
  Delete: ({ request }, done) => {
    if (request.db === PRESENCE_DATABASE) counts.deleted += request.unids.length;
    const gone = database(request.db).then((one) =>
      one.bulkDeleteDocumentsByUnid({ unids: request.unids, ...CONTINUE }),
    );
    answer(gone.then(results), done);
  },
};

function results({
  documents,
  errors,
}: {
  readonly documents: readonly { readonly '@unid'?: string }[];
  readonly errors: number;
}): ResultMessage {
  if (errors > 0) throw new Error(`${errors} documents were refused`);
  return { results: documents.map(({ '@unid': unid = '' }) => ({ unid, status: 0 })) };
}

function answer<T>(promise: Promise<T>, done: (error: Error | null, answer?: T) => void): void {
  promise.then(
    (one) => done(null, one),
    (error: Error) => done(error),
  );
}

async function hire(from: number, to: number, without: number): Promise<void> {
  const names = await database(DIRECTORY_DATABASE);
  for (let start = from; start < to; start += 100) {
    const numbers = Array.from({ length: Math.min(100, to - start) }, (_, index) => start + index);
    const { documents } = await names.bulkCreateDocuments({ documents: numbers.map(personDocument) });
    for (const [index, { '@unid': unid = '' }] of documents.entries()) staff.set(numbers[index] ?? -1, unid);
  }
  const leavers = [...staff].slice(0, without);
  for (let start = 0; start < leavers.length; start += 100) {
    await names.bulkDeleteDocumentsByUnid({ unids: leavers.slice(start, start + 100).map(([, unid]) => unid) });
  }
  for (const [number] of leavers) staff.delete(number);
}

function personDocument(number: number) {
  const name = nameOf(number);
  const common = name.slice(3, name.indexOf('/'));
  return {
    Form: 'Person',
    FullName: { type: 'text', data: [name, common], names: true },
    ShortName: `areyes${number}`,
    FirstName: 'Ana',
    LastName: common.slice(4),
    InternetAddress: addressOf(number).slice(4),
  };
}

async function count(): Promise<Extract<FromDomino, { type: 'counted' }>> {
  const keys = new Set<unknown>();
  let documents = 0;
  for (let start = 0; ; start += 200) {
    const options = { query: "Form = 'Presence'", start, count: 200, itemNames: ['SipKey'] };
    const page = await (await database(PRESENCE_DATABASE)).bulkReadDocuments(options);
    for (const document of page.documents) keys.add(document['SipKey']);
    documents += page.documents.length;
    if (page.documents.length < 200) return { type: 'counted', ...counts, documents, keys: keys.size };
  }
}

function say(message: FromDomino): void {
  process.send?.(message);
}

async function handle(message: ToDomino): Promise<void> {
  switch (message.type) {
    case 'start': {
      const { grpc, Store } = loadGrpc(message.folder);
      const server = new grpc.Server({ 'grpc.max_receive_message_length': 64 << 20 });
      server.addService(Store.service, handlers);
      server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
        if (error !== null) throw error;
        say({ type: 'listening', port });
      });
      return;
    }
    case 'staff':
      await hire(message.from, message.to, message.without);
      return say({ type: 'staffed' });
    case 'count': {
      const counted = await count();
      counts.busiestSecond = 0;
      return say(counted);
    }
  }
}

process.on('message', (message: ToDomino) => {
  void handle(message).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
process.on('disconnect', () => process.exit(0));
