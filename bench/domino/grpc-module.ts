import type {
  DocumentInput,
  DocumentOutput,
  DominoDatabase,
} from '../../src/notes/drivers/domino-db/domino-db-surface.js';
import type { DominoDbModule } from '../../src/notes/drivers/domino-db/load-domino-db.js';
import {
  type DocumentMessage,
  type GrpcClient,
  type ItemMessage,
  type ResultMessage,
  send,
  type ValueMessage,
} from './grpc-packages.js';

/** A module with the surface of domino-db, as far as the bridge uses it, whose calls are gRPC calls. */
export function grpcModule(client: GrpcClient): DominoDbModule {
  const server = {
    useDatabase: ({ filePath }: { readonly filePath: string }) => Promise.resolve(grpcDatabase(client, filePath)),
  };
  return { name: 'bench', version: '0', useServer: () => Promise.resolve(server) };
}

export function grpcDatabase(client: GrpcClient, db: string): DominoDatabase {
  const refused = (): Promise<never> => Promise.reject(new Error('not part of the benchmark'));
  return {
    bulkReadDocuments: async ({ query, start = 0, count = 100, itemNames = [] }) => {
      const { documents, total = 0 } = await send(client, 'Read', { db, query, start, count, items: itemNames });
      const range = { total, start, count: documents.length };
      return { documents: documents.map(documentOf), errors: 0, documentRange: range };
    },
    bulkCreateDocuments: async ({ documents }) =>
      answered(await send(client, 'Create', { db, documents: documents.map(messageOf) })),
    bulkReplaceItemsByUnid: async ({ replaceItemsByUnid }) =>
      answered(await send(client, 'Replace', { db, documents: replaceItemsByUnid.map(messageOf) })),
    bulkDeleteDocumentsByUnid: async ({ unids }) => answered(await send(client, 'Delete', { db, unids })),
    createDocument: refused,
    useDocument: refused,
    bulkReadDocumentsByUnid: refused,
    bulkReplaceItems: refused,
    bulkReplaceDocumentsByUnid: refused,
    bulkDeleteDocuments: refused,
    bulkDeleteItems: refused,
    bulkDeleteItemsByUnid: refused,
  };
}

function answered({ results = [] }: ResultMessage) {
  return { documents: results.map(({ unid }) => ({ '@unid': unid })), errors: 0 };
}

export function messageOf(document: DocumentInput): DocumentMessage {
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

/** The other way round, as reads give it. */
export function documentOf({ unid = '', items = [], created = '' }: DocumentMessage): DocumentOutput {
  const document: Record<string, unknown> = { '@unid': unid };
  if (created !== '') document['@created'] = { type: 'datetime', data: created };
  for (const { name, values = [], names } of items) {
    const [first] = values;
    if (first?.t !== undefined)
      document[name] = { type: 'datetime', data: `${new Date(first.t).toISOString().slice(0, 19)}Z` };
    else if (first?.n !== undefined) document[name] = first.n;
    else {
      const texts = values.map(({ s }) => s ?? '');
      const data = texts.length === 1 ? texts[0] : texts;
      document[name] = names ? { type: 'text', data, names } : data;
    }
  }
  return document as DocumentOutput;
}
