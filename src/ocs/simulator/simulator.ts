import type { Socket } from 'node:net';
import type { SipUri } from '../../presence/ids.js';
import { CertificateSource } from './faults/certificate-source.js';
import type { CertificateFlaw, OldTls, ServerAct } from './faults/fault.js';
import { FaultSet } from './faults/fault-set.js';
import type { FaultSpec } from './faults/fault-spec.js';
import { Connection } from './net/connection.js';
import { isTrustedHost, type Listener, listenTcp, listenTls } from './net/listeners.js';
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
  /** What is wrong with connections at present. Begin faults by `beginFault`. */
  readonly faults: FaultSet;
  readonly #options: SimulatorOptions;
  readonly #settings: ServerSettings;
  readonly #server: SipServer;
  readonly #certificates: CertificateSource;
  readonly #connections = new Set<Connection>();
  /** Ports of the first start: later ones open the same. */
  #ports: { readonly tlsPort?: number; readonly tcpPort?: number } = {};
  #certificateFlaw: CertificateFlaw | undefined;
  #oldTls: OldTls | undefined;
  #listeners: Listener[] = [];
  #nextConnection = 1;

  constructor(options: SimulatorOptions) {
    this.#options = options;
    this.#settings = settingsOf(options);
    this.#server = new SipServer(this.#settings);
    const { clock, log, limits, hostName } = this.#settings;
    const host = options.listen?.host ?? DEFAULT_HOST;
    this.#certificates = new CertificateSource(options.certificates, [hostName, 'localhost', '127.0.0.1', host]);
    this.faults = new FaultSet({ clock, log, backlog: limits.backlog, act: (act, user) => this.act(act, user) });
  }

  get counters(): Readonly<Counters> {
    return this.#server.counters;
  }

  /** Opens the ports. Throws the system's error when one cannot be opened. */
  async start(): Promise<SimulatorAddress> {
    const { host, tlsPort, tcpPort } = {
      ...(this.#options.listen ?? { host: DEFAULT_HOST, tlsPort: 0 }),
      ...this.#ports,
    };
    const certificates = await this.#certificates.certificate(this.#certificateFlaw);
    const { trustedHosts = [] } = this.#options;
    const clientCa = trustedHosts.length === 0 ? undefined : (this.#options.clientCa ?? certificates.caCertificate);
    await this.#settings.kerberos?.open();
    const listenOptions = { host, connections: this.#settings.limits.connections };
    try {
      const tls =
        tlsPort === undefined
          ? undefined
          : await listenTls(
              { ...listenOptions, port: tlsPort },
              certificates,
              (socket, reset) => this.#accept(socket, 'TLS', reset, isTrustedHost(socket, trustedHosts)),
              { oldTls: this.#oldTls, clientCa },
            );
      if (tls) this.#listeners.push(tls);
      const tcp =
        tcpPort === undefined
          ? undefined
          : await listenTcp({ ...listenOptions, port: tcpPort }, (socket) => this.#accept(socket, 'TCP'));
      if (tcp) this.#listeners.push(tcp);
      this.#ports = { ...(tls ? { tlsPort: tls.port } : {}), ...(tcp ? { tcpPort: tcp.port } : {}) };
      return {
        ...this.#ports,
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
    this.#settings.kerberos?.close();
  }

  /** Cuts all connections at once, as a network failure would; the ports stay open. */
  dropConnections(): void {
    for (const connection of [...this.#connections]) connection.close();
  }

  /** Begins a fault; one of certificate or TLS version shows from the next start on. */
  beginFault(spec: FaultSpec): void {
    const { action } = spec;
    if (action.kind !== 'start') {
      this.faults.begin(spec);
      return;
    }
    if (action.certificate !== undefined) this.#certificateFlaw = action.certificate;
    if (action.tls !== undefined) this.#oldTls = action.tls;
  }

  /** Certificate from the next start on; without a flaw a good one. */
  showCertificate(flaw: CertificateFlaw | undefined): void {
    this.#certificateFlaw = flaw;
  }

  /** Ends all faults; a good certificate and TLS are there from the next start on. */
  endFaults(): void {
    this.faults.endAll();
    this.#certificateFlaw = undefined;
    this.#oldTls = undefined;
  }

  /** Does something that real servers do by themselves, to endpoints of `user` or to all. */
  act(act: ServerAct, user?: SipUri): void {
    this.#server.act(act, user);
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

  #accept(socket: Socket, transport: 'TLS' | 'TCP', reset?: () => void, trusted = false): void {
    const { limits, clock, log, hostName } = this.#settings;
    const facts = { hostName, localPort: socket.localPort ?? 0, transport };
    this.#server.counters.connections += 1;
    const connection = new Connection(
      socket,
      {
        id: this.#nextConnection,
        transport,
        trusted,
        limits,
        clock,
        log,
        line: (wire) => this.faults.line(facts, wire),
        ...(reset === undefined ? {} : { reset }),
      },
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
}

const DEFAULT_HOST = '127.0.0.1';

const NOBODY: SimulatedPresence = {
  availability: OFFLINE_AVAILABILITY,
  activity: '',
  note: '',
  outOfOffice: false,
  displayName: '',
};
