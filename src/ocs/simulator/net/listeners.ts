import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { ServerCertificate } from '../certificates.js';

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** Most connections at a time; further ones are closed at once. */
  readonly connections: number;
}

export interface Listener {
  readonly port: number;
  /** Stops accepting; resolves when the port is free. Connections must be closed by their owner. */
  close(): Promise<void>;
}

/** Milliseconds for a TLS handshake. */
const HANDSHAKE_MS = 20_000;

export function listenTcp(options: ListenOptions, onSocket: (socket: Socket) => void): Promise<Listener> {
  return listen(createServer(onSocket), options);
}

/** TLS 1.2 and 1.3. A failed handshake closes that connection and nothing else. */
export function listenTls(
  options: ListenOptions,
  { certificate, privateKey }: ServerCertificate,
  onSocket: (socket: Socket) => void,
): Promise<Listener> {
  const server = createTlsServer(
    { cert: certificate, key: privateKey, minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_MS },
    onSocket,
  );
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return listen(server, options);
}

async function listen(server: Server, { host, port, connections }: ListenOptions): Promise<Listener> {
  server.maxConnections = connections;
  const raw = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    raw.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => raw.delete(socket));
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      // Sockets whose handshake never ended belong to nobody else.
      for (const socket of raw) socket.destroy();
      await once(server, 'close');
    },
  };
}
