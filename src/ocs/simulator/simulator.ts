import type { SipUri } from '../../presence/ids.js';
import { authorityOnDemand, CertificateSource } from './faults/certificate-source.js';
import type { CertificateFlaw, OldTls, ServerAct } from './faults/fault.js';
import { FaultSet } from './faults/fault-set.js';
import type { FaultSpec } from './faults/fault-spec.js';
import { Connection } from './net/connection.js';
import { type Home, type ServerSettings, type SimulatorOptions, settingsOf } from './options.js';
import { type Caller, type PoolAddress, PoolDoor } from './pool-door.js';
import type { Access, TruthListener } from './presence/presence-store.js';
import { OFFLINE_AVAILABILITY, type SimulatedPresence } from './presence/simulated-presence.js';
import type { Counters } from './server/counters.js';
import type { Pool } from './server/pools.js';
import { SipServer } from './server/sip-server.js';

/** Where the simulator listens: the ports of the first pool, and those of each. */
export interface SimulatorAddress extends Omit<PoolAddress, 'hostName'> {
  /** PEM of the authority to trust; several where pools were given certificates of their own. */
  readonly caCertificate: string;
  readonly pools: readonly PoolAddress[];
}

/**
 * A site that speaks the SIP dialect of OCS 2007 R2 (MS-SIPAE, MS-SIPREGE, MS-CONMGMT, MS-PRES) or of LCS 2005 (MS-SIP) for
 * evaluation, training and tests: accounts, one or several pools, presence with publishing and watching, contact lists and
 * instant messages. It shares no parser with the bridge's own client.
 */
export class OcsSimulator {
  /** What is wrong with connections at present. Begin faults by `beginFault`. */
  readonly faults: FaultSet;
  readonly #settings: ServerSettings;
  readonly #server: SipServer;
  readonly #doors: readonly PoolDoor[];
  readonly #connections = new Map<Connection, Pool>();
  #certificateFlaw: CertificateFlaw | undefined;
  #oldTls: OldTls | undefined;
  #nextConnection = 1;

  /** Throws `RangeError` when pools contradict each other, or an account names none of them. */
  constructor(options: SimulatorOptions) {
    this.#settings = settingsOf(options);
    this.#server = new SipServer(this.#settings);
    const { clock, log, limits } = this.#settings;
    const authority = authorityOnDemand();
    this.#doors = this.#server.pools.map((pool, at) => {
      const own = options.pools?.[at];
      const host = options.listen?.host ?? DEFAULT_HOST;
      const listen = own?.listen ?? (own ? undefined : options.listen) ?? { host, tlsPort: 0 };
      const names = [pool.hostName, 'localhost', '127.0.0.1', listen.host];
      const certificates = new CertificateSource(own?.certificates ?? options.certificates, names, authority);
      const { trustedHosts = [], clientCa } = options;
      return new PoolDoor(pool, { listen, certificates, trustedHosts, clientCa, connections: limits.connections });
    });
    this.faults = new FaultSet({ clock, log, backlog: limits.backlog, act: (act, user) => this.act(act, user) });
  }

  get counters(): Readonly<Counters> {
    return this.#server.counters;
  }

  /** Opens the ports of all pools. Throws the system's error when one cannot be opened; then none is open. */
  async start(): Promise<SimulatorAddress> {
    const authorities = new Set<string>();
    try {
      await this.#settings.kerberos?.open();
      for (const door of this.#doors) authorities.add(await this.#open(door));
    } catch (error) {
      await this.stop();
      throw error;
    }
    const { hostName: _, ...ports } = this.#doors[0]?.address ?? { hostName: '' };
    const pools = this.#doors.map(({ address }) => address);
    return { ...ports, pools, caCertificate: [...authorities].join('') };
  }

  /** Closes ports and connections and forgets who was signed in. People keep what was set for them. */
  async stop(): Promise<void> {
    this.dropConnections();
    await Promise.all(this.#doors.map((door) => door.close()));
    this.#server.close();
    this.#settings.kerberos?.close();
  }

  /** Opens the ports of one pool again. Throws `RangeError` when there is no such pool, or the system's error. */
  async startPool(hostName: string): Promise<void> {
    const door = this.#door(hostName);
    if (!door.isOpen) await this.#open(door);
  }

  /** Closes ports and connections of one pool, as its restart would. Throws `RangeError` when there is no such pool. */
  async stopPool(hostName: string): Promise<void> {
    const door = this.#door(hostName);
    for (const [connection, pool] of [...this.#connections]) if (pool === door.pool) connection.close();
    await door.close();
  }

  /** Cuts all connections at once, as a network failure would; the ports stay open. */
  dropConnections(): void {
    for (const connection of [...this.#connections.keys()]) connection.close();
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

  /**
   * Gives somebody another home, at run time (MS-SIPREGE 2.2.4, MS-PRES 3.4.5.1.3): their endpoints get `deactivated`, lists
   * that hold them say `resubscribe`, and a REGISTER elsewhere gets 301. `federated` is somebody of another company: lists
   * say `resubscribe` without a pool, a subscription to the person is served. Throws `RangeError` for an unknown pool.
   */
  movePerson(uri: SipUri, home: Home): void {
    this.#server.movePerson(uri, home);
  }

  /** Disables an account: its endpoints get `rejected` with ms-diagnostics 4141, and all that they ask gets 403. */
  disableUser(uri: SipUri): void {
    this.#server.setEnabled(uri, false);
  }

  enableUser(uri: SipUri): void {
    this.#server.setEnabled(uri, true);
  }

  /**
   * Decides for a person what a watcher sees (MS-PRES 2.2.2.5, MS-SIP 2.2.4): `allowed`, `blocked` (offline and nothing else)
   * or `undecided` (`pending`, without presence). Who watches already is told at once.
   */
  setAccess(watched: SipUri, watcher: SipUri, access: Access): void {
    this.#server.setAccess(watched, watcher, access);
  }

  /**
   * Takes the part that keeps presence and contact lists out of order, or puts it back: SUBSCRIBE and SERVICE get 504 with
   * ms-diagnostics 1007 (MS-OCER), dialogs stay and are silent; once back, they are told of all who changed meanwhile.
   */
  userServicesDown(down: boolean): void {
    this.#server.setUserServicesDown(down);
  }

  /** The aggregated presence that colleagues see; offline for somebody unknown. */
  presenceOf(uri: SipUri): SimulatedPresence {
    return this.#server.presenceOf(uri) ?? NOBODY;
  }

  /** Calls back whenever the aggregated presence of somebody changed, before watchers are told. */
  onChange(listener: TruthListener): () => void {
    return this.#server.onTruth(listener);
  }

  #door(hostName: string): PoolDoor {
    const door = this.#doors.find(({ pool }) => pool.hostName.toLowerCase() === hostName.toLowerCase());
    if (!door) throw new RangeError(`there is no pool "${hostName}"`);
    return door;
  }

  #open(door: PoolDoor): Promise<string> {
    const flaws = { certificate: this.#certificateFlaw, oldTls: this.#oldTls };
    return door.open(flaws, (caller) => this.#accept(door.pool, caller));
  }

  #accept(pool: Pool, { socket, transport, trusted, reset }: Caller): void {
    const { limits, clock, log } = this.#settings;
    const facts = { hostName: pool.hostName, localPort: socket.localPort ?? 0, transport };
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
    this.#connections.set(connection, pool);
    this.#server.connected(connection, pool);
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
