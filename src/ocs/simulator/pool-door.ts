import type { Socket } from 'node:net';
import type { CertificateSource } from './faults/certificate-source.js';
import type { CertificateFlaw, OldTls } from './faults/fault.js';
import { isTrustedHost, type Listener, listenTcp, listenTls } from './net/listeners.js';
import type { SimulatorListen } from './options.js';
import type { Pool } from './server/pools.js';

/** Where a pool listens. */
export interface PoolAddress {
  readonly hostName: string;
  readonly tlsPort?: number;
  readonly tcpPort?: number;
}

export interface DoorOptions {
  readonly listen: SimulatorListen;
  /** Most connections at a time on each port. */
  readonly connections: number;
  readonly certificates: CertificateSource;
  /** Hosts whose certificate stands for a sign-in, and the authority (PEM) of it; default: the pool's own. */
  readonly trustedHosts: readonly string[];
  readonly clientCa: string | undefined;
}

export interface DoorFlaws {
  readonly certificate: CertificateFlaw | undefined;
  readonly oldTls: OldTls | undefined;
}

/** A client that came in. */
export interface Caller {
  readonly socket: Socket;
  readonly transport: 'TLS' | 'TCP';
  readonly trusted: boolean;
  /** Ends the connection by a TCP reset. */
  readonly reset?: () => void;
}

/** The ports of one pool. Once opened on free ports, it opens the same ones again. */
export class PoolDoor {
  readonly pool: Pool;
  readonly #options: DoorOptions;
  #listeners: Listener[] = [];

  constructor(pool: Pool, options: DoorOptions) {
    this.pool = pool;
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#listeners.length > 0;
  }

  get address(): PoolAddress {
    const { hostName, ports } = this.pool;
    return {
      hostName,
      ...(ports.TLS === undefined ? {} : { tlsPort: ports.TLS }),
      ...(ports.TCP === undefined ? {} : { tcpPort: ports.TCP }),
    };
  }

  /** Opens the ports; gives the certificate of the authority to trust. Throws the system's error; then none is open. */
  async open(flaws: DoorFlaws, onCaller: (caller: Caller) => void): Promise<string> {
    const { certificates, listen, connections, trustedHosts } = this.#options;
    const certificate = await certificates.certificate(flaws.certificate);
    const clientCa = trustedHosts.length === 0 ? undefined : (this.#options.clientCa ?? certificate.caCertificate);
    const { ports } = this.pool;
    const common = { host: listen.host, connections };
    try {
      if (listen.tlsPort !== undefined) {
        const tls = await listenTls(
          { ...common, port: ports.TLS ?? listen.tlsPort },
          certificate,
          (socket, reset) =>
            onCaller({ socket, transport: 'TLS', reset, trusted: isTrustedHost(socket, trustedHosts) }),
          { oldTls: flaws.oldTls, clientCa },
        );
        this.#listeners.push(tls);
        ports.TLS = tls.port;
      }
      if (listen.tcpPort !== undefined) {
        const tcp = await listenTcp({ ...common, port: ports.TCP ?? listen.tcpPort }, (socket) =>
          onCaller({ socket, transport: 'TCP', trusted: false }),
        );
        this.#listeners.push(tcp);
        ports.TCP = tcp.port;
      }
    } catch (error) {
      await this.close();
      throw error;
    }
    return certificate.caCertificate;
  }

  /** Resolves when the ports are free. Connections must be closed by their owner, before. */
  async close(): Promise<void> {
    const listeners = this.#listeners;
    this.#listeners = [];
    await Promise.all(listeners.map((listener) => listener.close()));
  }
}
