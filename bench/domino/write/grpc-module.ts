import type { DocumentInput, DominoDatabase } from '../../../src/notes/drivers/domino-db-surface.js';
import type { DominoDbModule } from '../../../src/notes/drivers/load-domino-db.js';
import type {
  BulkMessage,
  DocumentMessage,
  GrpcClient,
  ItemMessage,
  ResultMessage,
  ValueMessage,
} from '../grpc-packages.js';

export const DATABASE = 'presence.nsf';

/** A module with the surface of domino-db whose bulk calls are gRPC calls. It writes; every query finds nothing. */
export function grpcModule(client: GrpcClient): DominoDbModule {
  const database = grpcDatabase(client);
  const server = { useDatabase: () => Promise.resolve(database) };
  return { name: 'bench', version: '0', useServer: () => Promise.resolve(server) };
}

export function grpcDatabase(client: GrpcClient): DominoDatabase {
  const refused = (): Promise<never> => Promise.reject(new Error('not part of the benchmark'));
  return {
    bulkReadDocuments: () =>
      Promise.resolve({ documents: [], errors: 0, documentRange: { total: 0, start: 0, count: 0 } }),
    bulkCreateDocuments: async ({ documents }) => answered(await call(client, 'Create', documents.map(messageOf))),
    bulkReplaceItemsByUnid: async ({ replaceItemsByUnid }) =>
      answered(await call(client, 'Replace', replaceItemsByUnid.map(messageOf))),
    createDocument: refused,
    useDocument: refused,
    bulkReadDocumentsByUnid: refused,
    bulkReplaceItems: refused,
    bulkReplaceDocumentsByUnid: refused,
    bulkDeleteDocuments: refused,
    bulkDeleteDocumentsByUnid: refused,
    bulkDeleteItems: refused,
    bulkDeleteItemsByUnid: refused,
  };
}

/** The bare bulk call. */
export function call(
  client: GrpcClient,
  method: 'Create' | 'Replace',
  documents: readonly DocumentMessage[],
): Promise<ResultMessage> {
  const message: BulkMessage = { db: DATABASE, documents };
  return new Promise((resolve, reject) => {
    client[method](message, (error, answer) => (error === null ? resolve(answer) : reject(error)));
  });
}

function answered({ results }: ResultMessage) {
  return { documents: results.map(({ unid }) => ({ '@unid': unid })), errors: 0 };
}

function messageOf(document: DocumentInput): DocumentMessage {
  const items: ItemMessage[] = [];
  let unid = '';
  for (const name in document) {
    const value = document[name];
    if (name === '@unid') unid = value as string;
    else items.push(itemOf(name, value));
  }
  return { unid, items };
}

function itemOf(name: string, value: unknown): ItemMessage {
  if (typeof value === 'string') return { name, values: [{ s: value }] };
  if (typeof value === 'number') return { name, values: [{ n: value }] };
  if (Array.isArray(value)) return { name, values: value.map(textValue) };
  const { type, data, names } = value as { type: string; data: string | readonly string[]; names?: boolean };
  const list = typeof data === 'string' ? [data] : data;
  if (type === 'datetime') return { name, values: list.map((moment) => ({ t: Date.parse(moment) })) };
  return { name, values: list.map(textValue), names: names === true };
}

function textValue(text: string): ValueMessage {
  return { s: text };
}
