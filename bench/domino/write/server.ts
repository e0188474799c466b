import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BulkMessage, type DocumentMessage, loadGrpc } from '../grpc-packages.js';
import type { FromStub, ToStub } from './words.js';

/**
 * A server that takes everything and keeps nothing, in a process of its own: the bulk calls over gRPC, and the requests
 * of the Domino REST API by which documents are changed.
 */

let created = 0;
let documents = 0;

function take({ documents: taken }: BulkMessage, unidOf: (document: DocumentMessage) => string) {
  // Signs of life are documents as well.
  documents += taken.filter(({ items }) => items[0]?.values[0]?.s === 'Presence').length;
  return { results: taken.map((document) => ({ unid: unidOf(document), status: 0 })) };
}

function listenGrpc(folder: string): Promise<number> {
  const { grpc, Store } = loadGrpc(folder);
  const server = new grpc.Server({ 'grpc.max_receive_message_length': 64 << 20 });
  server.addService(Store.service, {
    Create: ({ request }, done) =>
      done(
        null,
        take(request, () => (++created).toString(16).toUpperCase().padStart(32, '0')),
      ),
    Replace: ({ request }, done) =>
      done(
        null,
        take(request, ({ unid = '' }) => unid),
      ),
    Read: (_call, done) => done(null, { documents: [], total: 0 }),
    Delete: ({ request }, done) => done(null, { results: request.unids.map((unid) => ({ unid, status: 0 })) }),
  });
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
}

function listenHttp(): Promise<number> {
  const server = createServer((request, response) => {
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
    });
    request.on('end', () => answer(request, response, length));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function answer({ method, url = '' }: IncomingMessage, response: ServerResponse, length: number): void {
  const unid = /\/document\/([0-9A-F]{32})/.exec(url)?.[1];
  const isChange = method === 'PATCH' && unid !== undefined && length > 0;
  if (isChange) documents++;
  const body = isChange ? { '@meta': { unid, revision: '20260105T093000,00Z' }, success: true } : [];
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}

function say(message: FromStub): void {
  process.send?.(message);
}

process.on('message', (message: ToStub) => {
  if (message.type === 'count') {
    say({ type: 'counted', documents });
    return;
  }
  void Promise.all([listenGrpc(message.folder), listenHttp()]).then(([grpc, http]) =>
    say({ type: 'listening', grpc, http }),
  );
});
process.on('disconnect', () => process.exit(0));
