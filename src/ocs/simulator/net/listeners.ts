import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { checkServerIdentity, createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import type { ServerCertificate } from '../certificates.js';
import type { OldTls } from '../faults/fault.js';

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

export interface TlsListenOptions {
  readonly oldTls?: OldTls | undefined;
  /** Asks clients for a certificate of this authority (PEM); who has none may connect all the same. */
  readonly clientCa?: string | undefined;
}

/**
 * TLS 1.2 and 1.3, or nothing newer than `oldTls`. A failed handshake closes that connection and nothing else. `reset` ends
 * a connection by a TCP reset.
 */
export function listenTls(
  options: ListenOptions,
  { certificate, privateKey }: ServerCertificate,
  onSocket: (socket: TLSSocket, reset: () => void) => void,
  { oldTls, clientCa }: TlsListenOptions = {},
): Promise<Listener> {
  const raw = new Map<number | undefined, Socket>();
  const server = createTlsServer(
    { cert: certificate, key: privateKey, handshakeTimeout: HANDSHAKE_MS, ...versionsOf(oldTls), ...askedBy(clientCa) },
    (socket) => onSocket(socket, () => raw.get(socket.remotePort)?.resetAndDestroy()),
  );
  server.on('connection', (socket: Socket) => {
    const port = socket.remotePort;
    raw.set(port, socket);
    socket.on('close', () => {
      if (raw.get(port) === socket) raw.delete(port);
    });
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return listen(server, options);
}

function askedBy(clientCa: string | undefined): TlsOptions {
  return clientCa === undefined ? {} : { requestCert: true, rejectUnauthorized: false, ca: clientCa };
}

/** True when the client proved by its certificate that it is one of these hosts. */
export function isTrustedHost(socket: TLSSocket, hosts: readonly string[]): boolean {
  if (!socket.authorized) return false;
  const certificate = socket.getPeerCertificate();
  return hosts.some((host) => checkServerIdentity(host, certificate) === undefined);
}

/** OpenSSL speaks the versions before 1.2 at security level 0 only. */
function versionsOf(oldTls: OldTls | undefined): TlsOptions {
  if (oldTls === undefined) return { minVersion: 'TLSv1.2' };
  const maxVersion = oldTls === '1.0' ? 'TLSv1' : 'TLSv1.1';
  return { minVersion: 'TLSv1', maxVersion, ciphers: 'DEFAULT@SECLEVEL=0' };
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
