import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { Sender } from './sender.js';
import type { SenderTask } from './words.js';

/** What one would write without this product: `ws`, and one `send` for each change and client. */
export async function openPeer({ texts, as }: Extract<SenderTask, { kind: 'peer' }>): Promise<Sender> {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, resolve));
  let next = 0;
  return {
    port: (server.address() as AddressInfo).port,
    change() {
      const text = texts[next++ % texts.length] ?? '';
      const message = as === 'text' ? text : Buffer.from(text);
      for (const client of sockets.clients) client.send(message, { binary: false });
    },
    taken: () => [],
    isIdle: () => true,
  };
}
