import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, type TLSSocket } from 'node:tls';
import { BridgeError } from '../../presence/errors.js';
import { type ConnectStage, connectError } from './connect-error.js';
import { GatheredWrites } from './gathered-writes.js';
import { type PeerFacts, peerFactsOf } from './peer-facts.js';
import type { ServerAddress } from './server-address.js';
import { hostAndPort } from './server-text.js';
import { exceptionFor, tlsLevelOf } from './tls-settings.js';

/** What the owner of a connection hears. Nothing follows `onClose`. */
export interface ConnectionSink {
  onData(chunk: Buffer): void;
  /** With an error unless we closed it ourselves. */
  onClose(error: BridgeError | undefined): void;
}

/** One established connection to a server. */
export interface Connection {
  /** `address:port` of our end, an IPv6 address in brackets: what Via and Contact say. */
  readonly localAddress: string;
  /** Absent without TLS. */
  readonly peer: PeerFacts | undefined;
  /** Text goes as UTF-8. Resolves when all was handed to the system, at the end of the turn; rejects when the connection is gone. */
  write(data: Buffer | string): Promise<void>;
  /** While it is held, nothing more is read: what the server sends waits there. */
  hold(held: boolean): void;
  /** Ends it; bytes already written are still sent, unless the server does not take them soon. */
  close(): void;
}

export interface ConnectOptions {
  /** Default 10 000. */
  readonly timeoutMs?: number;
  /** Gives up at once. */
  readonly signal?: AbortSignal;
  /** Milliseconds to send what is still waiting when the connection is closed. Default 2 000. */
  readonly closeMs?: number;
  /** Octets that may wait to be sent before the server counts as one that does not read. Default 16 MB. */
  readonly backlog?: number;
}

/** Milliseconds for name look-up, TCP and TLS together. */
const CONNECT_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 2_000;
const GIVEN_UP = 'given up';
/** Far more than all SUBSCRIBE requests of a large roster together. */
const MAX_BACKLOG = 16 * 1024 * 1024;
/**
 * A pool has many addresses, and they are tried one after the other. Node gives each a quarter of a second, which
 * a server behind a slow line, or a process that is busy for a moment, exceeds without being down.
 */
const ADDRESS_TIMEOUT_MS = 2_000;
/** After this much silence the system starts to ask whether the other end still exists. */
const TCP_KEEP_ALIVE_MS = 30_000;

/**
 * Connects to a server; TLS is always verified, and at least 1.2 unless an exception names the server. Rejects with
 * `OCS_UNREACHABLE`, `OCS_TLS_UNTRUSTED`, `OCS_TLS_NAME`, `OCS_TLS_PROTOCOL`, or `CFG_INVALID` when key, certificate
 * or authority cannot be used. The sink hears nothing before the promise has resolved.
 */
export function connect(
  server: ServerAddress,
  sink: ConnectionSink,
  { timeoutMs = CONNECT_TIMEOUT_MS, signal, closeMs = CLOSE_TIMEOUT_MS, backlog = MAX_BACKLOG }: ConnectOptions = {},
): Promise<Connection> {
  const where = hostAndPort(server);
  const wanted = server.serverName ?? server.host;
  return new Promise((resolve, reject) => {
    let stage: ConnectStage = 'connect';
    if (signal?.aborted === true) {
      reject(connectError(new Error(GIVEN_UP), stage, where, wanted));
      return;
    }
    const socket = open(server, wanted, where);
    const tls = server.transport === 'tls' ? (socket as TLSSocket) : undefined;
    const timer = setTimeout(
      () => fail(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
      timeoutMs,
    );
    const abort = (): void => fail(new Error(GIVEN_UP));
    signal?.addEventListener('abort', abort, { once: true });
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    const fail = (thrown: Error): void => {
      settle();
      socket.on('error', () => {});
      reject(connectError(thrown, stage, where, wanted));
      socket.destroy();
    };
    socket.once('error', fail);
    // A server that does not like our TLS may hang up without a word.
    const hungUp = (): void => fail(Object.assign(new Error('the server hung up'), { code: 'ECONNRESET' }));
    socket.once('close', hungUp);
    socket.once('connect', () => {
      stage = tls === undefined ? 'connect' : 'handshake';
    });
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => {
      settle();
      socket.off('error', fail);
      socket.off('close', hungUp);
      const peer = tls && peerFactsOf(tls, exceptionFor(server.tls, wanted));
      resolve(new SocketConnection(socket, sink, peer, { closeMs, backlog }));
    });
  });
}

function open(server: ServerAddress, wanted: string, where: string): Socket {
  try {
    return openSocket(server, wanted);
  } catch (cause) {
    const text = `The settings for ${where} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}.`;
    throw new BridgeError('CFG_INVALID', text, { cause });
  }
}

function openSocket(server: ServerAddress, wanted: string): Socket {
  const { host, port, tls, addresses } = server;
  const place = {
    host,
    port,
    autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT_MS,
    ...(addresses === undefined ? {} : { lookup: lookUpIn(addresses) }),
  };
  if (server.transport === 'tcp') return connectTcp(place);
  return connectTls({
    ...place,
    ...tlsLevelOf(tls, wanted),
    // Said outright, so that no setting of the process (NODE_TLS_REJECT_UNAUTHORIZED) can switch it off.
    rejectUnauthorized: true,
    checkServerIdentity: (_host, certificate) => checkServerIdentity(wanted, certificate),
    // An address must not be sent as server name (RFC 6066 §3); the certificate is checked against it all the same.
    ...(isIP(wanted) === 0 ? { servername: wanted } : {}),
    ...(tls?.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls?.clientCertificate === undefined
      ? {}
      : { cert: tls.clientCertificate.certificate, key: tls.clientCertificate.key }),
  });
}

/** A look-up that knows its answer. */
function lookUpIn(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (host, options, callback) => {
    const [first] = found;
    if (first === undefined) callback(new Error(`no address of ${host} is known`), '');
    else if (options.all === true) callback(null, found);
    else callback(null, first.address, first.family);
  };
}

type SendLimits = Required<Pick<ConnectOptions, 'closeMs' | 'backlog'>>;

class SocketConnection implements Connection {
  readonly localAddress: string;
  readonly peer: PeerFacts | undefined;
  readonly #socket: Socket;
  readonly #limits: SendLimits;
  readonly #writes: GatheredWrites;
  #closed = false;

  constructor(socket: Socket, sink: ConnectionSink, peer: PeerFacts | undefined, limits: SendLimits) {
    this.#socket = socket;
    this.#writes = new GatheredWrites(socket, lost);
    this.#limits = limits;
    this.peer = peer;
    const address = socket.localAddress ?? '0.0.0.0';
    this.localAddress = `${isIP(address) === 6 ? `[${address}]` : address}:${socket.localPort ?? 0}`;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS);
    let cause: Error | undefined;
    socket.on('data', (chunk: Buffer) => {
      if (!this.#closed) sink.onData(chunk);
    });
    socket.on('error', (error) => {
      cause = error;
    });
    socket.on('close', () => sink.onClose(this.#closed ? undefined : lost(cause)));
  }

  hold(held: boolean): void {
    if (held) this.#socket.pause();
    else this.#socket.resume();
  }

  write(data: Buffer | string): Promise<void> {
    if (this.#socket.writableLength + this.#writes.octets + data.length > this.#limits.backlog) {
      const error = new Error('the server does not read');
      this.#socket.destroy(error);
      return Promise.reject(lost(error));
    }
    return this.#writes.add(data);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#writes.flush();
    this.#socket.destroySoon();
    if (this.#socket.destroyed) return;
    const timer = setTimeout(() => this.#socket.destroy(), this.#limits.closeMs);
    this.#socket.once('close', () => clearTimeout(timer));
  }
}

function lost(cause: Error | undefined): BridgeError {
  const why = cause === undefined ? 'the server closed it' : cause.message;
  return new BridgeError('OCS_CONNECTION_LOST', `The connection to the OCS server ended: ${why}.`, { cause });
}
