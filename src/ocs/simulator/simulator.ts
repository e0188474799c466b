import type { Socket } from 'node:net';
import type { SipUri } from '../../presence/ids.js';
import { createThrowAwayAuthority, type ServerCertificate } from './certificates.js';
import { Connection } from './net/connection.js';
import { type Listener, listenTcp, listenTls } from './net/listeners.js';
import { type ServerSettings, type SimulatorOptions, settingsOf } from './options.js';
import type { TruthListener } from './presence/presence-store.js';
import { OFFLINE_AVAILABILITY, type SimulatedPresence } from './presence/simulated-presence.js';
import type { Counters } from './server/counters.js';
import { SipServer } from './server/sip-server.js';

export interface SimulatorAddress {
  readonly tlsPort?: number;
  readonly tcpPort?: number;
  /** PEM of the authority to trust. */
  readonly caCertificate: string;
}

/**
 * A server that speaks the SIP dialect of OCS 2007 R2 for evaluation, training and tests: accounts with NTLM, presence
 * with publishing and watching, contact lists and instant messages. It shares no parser with the bridge's own client.
 */
export class OcsSimulator {
  readonly #options: SimulatorOptions;
  readonly #settings: ServerSettings;
  readonly #server: SipServer;
  readonly #connections = new Set<Connection>();
  #listeners: Listener[] = [];
  #nextConnection = 1;

  constructor(options: SimulatorOptions) {
    this.#options = options;
    this.#settings = settingsOf(options);
    this.#server = new SipServer(this.#settings);
  }

  get counters(): Readonly<Counters> {
    return this.#server.counters;
  }

  /** Opens the ports. Throws the system's error when one cannot be opened. */
  async start(): Promise<SimulatorAddress> {
    const { host, tlsPort, tcpPort } = this.#options.listen ?? { host: '127.0.0.1', tlsPort: 0 };
    const certificates = this.#options.certificates ?? (await this.#ownCertificate(host));
    const listenOptions = { host, connections: this.#settings.limits.connections };
    try {
      const tls =
        tlsPort === undefined
          ? undefined
          : await listenTls({ ...listenOptions, port: tlsPort }, certificates, (socket) => this.#accept(socket, 'TLS'));
      if (tls) this.#listeners.push(tls);
      const tcp =
        tcpPort === undefined
          ? undefined
          : await listenTcp({ ...listenOptions, port: tcpPort }, (socket) => this.#accept(socket, 'TCP'));
      if (tcp) this.#listeners.push(tcp);
      return {
        ...(tls ? { tlsPort: tls.port } : {}),
        ...(tcp ? { tcpPort: tcp.port } : {}),
        caCertificate: certificates.caCertificate,
      };
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Closes ports and connections and forgets who was signed in. People keep what was set for them. */
  async stop(): Promise<void> {
    const listeners = this.#listeners;
    this.#listeners = [];
    this.dropConnections();
    await Promise.all(listeners.map((listener) => listener.close()));
    this.#server.close();
  }

  /** Cuts all connections at once, as a network failure would; the ports stay open. */
  dropConnections(): void {
    for (const connection of [...this.#connections]) connection.close();
  }

  /** Sets the presence of somebody without a client. What a signed-in client publishes goes before it. */
  setPerson(uri: SipUri, presence: SimulatedPresence): void {
    this.#server.setPerson(uri, presence);
  }

  /** The aggregated presence that colleagues see; offline for somebody unknown. */
  presenceOf(uri: SipUri): SimulatedPresence {
    return this.#server.presenceOf(uri) ?? NOBODY;
  }

  /** Calls back whenever the aggregated presence of somebody changed, before watchers are told. */
  onChange(listener: TruthListener): () => void {
    return this.#server.onTruth(listener);
  }

  #accept(socket: Socket, transport: 'TLS' | 'TCP'): void {
    const { limits, clock, log } = this.#settings;
    this.#server.counters.connections += 1;
    const connection = new Connection(
      socket,
      { id: this.#nextConnection, transport, limits, clock, log },
      {
        onMessage: (link, message) => this.#server.receive(link, message),
        onClose: (link) => {
          this.#connections.delete(connection);
          this.#server.disconnected(link);
        },
        isSignedIn: (link) => this.#server.isSignedIn(link),
      },
    );
    this.#nextConnection += 1;
    this.#connections.add(connection);
  }

  #ownCertificate(host: string): Promise<ServerCertificate> {
    return createThrowAwayAuthority([this.#settings.hostName, 'localhost', '127.0.0.1', host]);
  }
}

const NOBODY: SimulatedPresence = {
  availability: OFFLINE_AVAILABILITY,
  activity: '',
  note: '',
  outOfOffice: false,
  displayName: '',
};
