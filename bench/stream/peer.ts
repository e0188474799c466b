import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { Frame } from '../../src/bridge/api/stream/frame.js';
import type { Sender } from './sender.js';
import type { SenderTask } from './words.js';

/**
 * What one would write without this product: `ws`, and one `send` for each change and client. And the least that can be
 * done without gathering: one write of the same octets to each socket.
 */
export async function openPeer({ texts, as }: Extract<SenderTask, { kind: 'peer' }>): Promise<Sender> {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, resolve));
  // Of a client connection `ws` keeps the socket below for itself; here it is taken when it comes.
  const connections = new Set<Duplex>();
  server.on('upgrade', (_request, connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
  });
  let next = 0;
  return {
    port: (server.address() as AddressInfo).port,
    change() {
      const text = texts[next++ % texts.length] ?? '';
      if (as === 'framed') {
        const frame = new Frame('', text).webSocket;
        for (const connection of connections) connection.write(frame);
        return;
      }
      const message = as === 'text' ? text : Buffer.from(text);
      for (const client of sockets.clients) client.send(message, { binary: false });
    },
    taken: () => [],
    isIdle: () => true,
  };
}
