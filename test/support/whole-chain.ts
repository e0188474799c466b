import { DEFAULT_ENGINE_CONFIG } from '../../src/bridge/engine/state.js';
import type { Clock, LinkReport, Person } from '../../src/bridge/ports.js';
import { Bridge } from '../../src/bridge/runtime/bridge.js';
import type { BridgeStatus } from '../../src/bridge/status.js';
import type { SipMessage, SipRequest } from '../../src/ocs/simulator/codec/message.js';
import { type FaultSpec, readFault } from '../../src/ocs/simulator/faults/fault-spec.js';
import type { SimulatorOptions } from '../../src/ocs/simulator/options.js';
import { OcsSimulator, type SimulatorAddress } from '../../src/ocs/simulator/simulator.js';
import { createOcsSource, type OcsSource, type OcsSourceOptions } from '../../src/ocs/source.js';
import { availabilityOf, type Status } from '../../src/presence/availability.js';
import type { SipUri } from '../../src/presence/ids.js';
import { MemoryStore } from './bridge-stand-ins.js';
import { person, rosterOf, sip } from './people.js';
import { recordingLog, silentLog } from './silent-log.js';
import { SimulatedClock, seededRandom } from './simulated-clock.js';

const PASSWORD = 'Winter-2009!';
const ACCOUNT = sip('bridge@contoso.example');
const OTHER = sip('other.bridge@contoso.example');
/** As the product has it. */
const RECONNECT = { baseMs: 1_000, capMs: 60_000 };
/** Turns of the event loop for the sockets between two steps of the clock. */
const TURNS = 3;

export interface ChainOptions {
  /** People on the roster. Default: Ana and Ben. */
  readonly people?: readonly Person[];
  readonly server?: Partial<SimulatorOptions>;
  /** Made anew for each start of the bridge when it is a function. */
  readonly source?: Partial<OcsSourceOptions> | (() => Partial<OcsSourceOptions>);
  /** TLS as in real life, or TCP, which costs less. Default `tcp`. */
  readonly transport?: 'tcp' | 'tls';
  readonly clock?: SimulatedClock;
  readonly seed?: number;
}

/** The clock of one process: a wall clock that can be set, and timers that cannot but end with the process. */
class MachineClock implements Clock {
  /** Milliseconds that the wall clock is ahead of the truth. */
  offset = 0;
  killed = false;
  readonly #truth: SimulatedClock;

  constructor(truth: SimulatedClock) {
    this.#truth = truth;
  }

  now(): number {
    return this.#truth.now() + this.offset;
  }

  monotonic(): number {
    return this.#truth.monotonic();
  }

  after(delay: number, callback: () => void): () => void {
    return this.#truth.after(delay, () => {
      if (!this.killed) callback();
    });
  }
}

/** The transactions of sip.js have timers of their own, not by our port: they follow the clock too. Gives the way back. */
function simulateTimers(clock: SimulatedClock): () => void {
  const { setTimeout, clearTimeout } = globalThis;
  const cancels = new Map<unknown, () => void>();
  const simulated = (callback: () => void, delay = 0): number => {
    const id = cancels.size + 1;
    cancels.set(id, clock.after(delay, callback));
    return id;
  };
  Object.assign(globalThis, { setTimeout: simulated, clearTimeout: (id: unknown) => cancels.get(id)?.() });
  return () => Object.assign(globalThis, { setTimeout, clearTimeout });
}

export function manyPeople(count: number): readonly Person[] {
  return Array.from({ length: count }, (_, index) => person(`sip:p${index}@contoso.example`));
}

/**
 * The whole way of a status: a simulated server on real sockets, the project's own client, the engine, and a Domino in
 * memory. Time is simulated and passes only in `passes` and `until`.
 */
export class WholeChain {
  readonly clock: SimulatedClock;
  readonly startedAt: number;
  /** The clock of the machine that the bridge runs on. */
  machine: MachineClock;
  readonly log = recordingLog();
  readonly people: readonly Person[];
  readonly simulator: OcsSimulator;
  readonly store = new MemoryStore();
  /** What reached the server: when, on the simulated clock, and what. */
  readonly asked: { readonly at: number; readonly request: SipRequest }[] = [];
  readonly #options: ChainOptions;
  readonly #observing: FaultSpec[] = [];
  readonly #restoreTimers: () => void;
  #address: SimulatorAddress | undefined;
  #source: OcsSource | undefined;
  #bridge: Bridge | undefined;

  constructor(options: ChainOptions = {}) {
    this.#options = options;
    this.clock = options.clock ?? new SimulatedClock();
    this.startedAt = this.clock.monotonic();
    this.#restoreTimers = simulateTimers(this.clock);
    this.machine = new MachineClock(this.clock);
    this.people = options.people ?? [person('sip:ana@contoso.example'), person('sip:ben@contoso.example')];
    const port = options.transport === 'tls' ? { tlsPort: 0 } : { tcpPort: 0 };
    this.simulator = new OcsSimulator({
      accounts: [ACCOUNT, OTHER].map((uri) => ({
        uri,
        user: uri === ACCOUNT ? 'bridge' : 'other',
        domain: 'CONTOSO',
        password: PASSWORD,
        displayName: '',
      })),
      clock: this.clock,
      random: seededRandom(5),
      log: silentLog,
      listen: { host: '127.0.0.1', ...port },
      ...options.server,
    });
    this.observe((message) => {
      if (message.kind === 'request') this.asked.push({ at: this.clock.monotonic(), request: message });
    });
  }

  /** Everybody is available, the bridge is signed in and has heard of all. */
  async starts(): Promise<void> {
    for (const one of this.people) this.becomes(one, 'available');
    await this.serverStarts();
    this.bridgeStarts();
    await this.until(120_000, () => this.count('available') === this.people.length, 50);
    await this.passes(1_000);
  }

  async serverStarts(): Promise<void> {
    this.#address = await this.simulator.start();
  }

  /** The server goes down and comes up again, on the same ports. */
  async serverRestarts(): Promise<void> {
    await this.simulator.stop();
    await this.simulator.start();
  }

  bridgeStarts(): void {
    const ports = { clock: this.machine, random: seededRandom(this.#options.seed ?? 3), log: this.log };
    this.#source = createOcsSource(this.sourceOptions(), ports);
    const config = { ...DEFAULT_ENGINE_CONFIG, bridge: 'bridge', version: '1', notes: false };
    this.#bridge = new Bridge(config, { source: this.#source, store: this.store, ...ports });
    this.#bridge.start(rosterOf(this.people));
  }

  async bridgeStops(): Promise<void> {
    const bridge = this.#bridge;
    this.#bridge = undefined;
    if (bridge !== undefined) await this.stopsOf(bridge);
  }

  /** Lets time pass until something has stopped. */
  async stopsOf(one: { stop(): Promise<void> }): Promise<void> {
    let over = false;
    void one.stop().then(() => {
      over = true;
    });
    await this.until(60_000, () => over);
  }

  /** The bridge is gone without a word, and its connection still stands for the server, as when the power goes off. */
  bridgeIsKilled(): void {
    this.machine.killed = true;
    this.machine = new MachineClock(this.clock);
    this.#bridge = undefined;
  }

  async ends(): Promise<void> {
    this.simulator.endFaults();
    await this.bridgeStops();
    await this.simulator.stop();
    this.#restoreTimers();
  }

  sourceOptions(account: SipUri = ACCOUNT): OcsSourceOptions {
    const { tcpPort = 0, tlsPort = 0, caCertificate = '' } = this.#address ?? {};
    const { transport, source } = this.#options;
    const tls = transport === 'tls';
    return {
      account,
      user: account === ACCOUNT ? 'bridge' : 'other',
      domain: 'CONTOSO',
      password: PASSWORD,
      server: tls
        ? {
            host: '127.0.0.1',
            port: tlsPort,
            transport: 'tls',
            serverName: 'ocs01.contoso.example',
            tls: { ca: caCertificate },
          }
        : { host: '127.0.0.1', port: tcpPort, transport: 'tcp' },
      allowNtlmWithoutTls: true,
      notes: false,
      backoff: RECONNECT,
      ...(typeof source === 'function' ? source() : source),
    };
  }

  /** Another bridge of the site, under a name of its own, that watches these people. */
  async anotherWatches(...people: readonly Person[]): Promise<OcsSource> {
    const ports = { clock: this.clock, random: seededRandom(9), log: silentLog };
    const source = createOcsSource(this.sourceOptions(OTHER), ports);
    let heard = 0;
    source.watch(people.map(({ uri }) => uri));
    source.start({
      onLink: () => undefined,
      onLost: () => undefined,
      onObservations: (observations) => {
        heard += observations.length;
      },
    });
    await this.until(30_000, () => heard >= people.length);
    return source;
  }

  becomes(who: Person, status: Exclude<Status, 'unknown'>): void {
    const availability = availabilityOf(status) ?? 0;
    this.simulator.setPerson(who.uri, { availability, activity: '', note: '', outOfOffice: false, displayName: '' });
  }

  begin(...faults: readonly string[]): void {
    for (const text of faults) {
      const read = readFault(text);
      if (!read.ok) throw new Error(read.reason);
      this.simulator.beginFault(read.value);
    }
  }

  /** All faults end, and what is observed goes on to be. */
  endFaults(): void {
    this.simulator.endFaults();
    for (const spec of this.#observing) this.simulator.beginFault(spec);
  }

  /** Shows every message that reaches the server, or leaves it, and changes none. */
  observe(
    onIncoming: (message: SipMessage) => void,
    onOutgoing: (message: SipMessage) => void = () => undefined,
  ): void {
    const spec: FaultSpec = {
      name: 'observe',
      text: 'observe',
      scope: {},
      action: {
        kind: 'line',
        begin: () => () => ({
          incoming: (message) => {
            onIncoming(message);
            return undefined;
          },
          outgoing: (message) => {
            onOutgoing(message);
            return undefined;
          },
        }),
      },
    };
    this.#observing.push(spec);
    this.simulator.beginFault(spec);
  }

  /** What applications and the board are told. */
  apiShows(who: Person): Status | undefined {
    return this.#bridge?.watched.all().find(({ uri }) => uri === who.uri)?.status;
  }

  /** How many people the API shows in this status. */
  count(status: Status): number {
    return this.#bridge?.status().counts[status] ?? 0;
  }

  documentShows(who: Person): Status | undefined {
    return this.store.records.get(who.key)?.snapshot.status;
  }

  status(): BridgeStatus {
    if (this.#bridge === undefined) throw new Error('the bridge does not run');
    return this.#bridge.status();
  }

  get link(): LinkReport {
    return this.status().ocs;
  }

  setRoster(people: readonly Person[]): void {
    this.#bridge?.setRoster(rosterOf(people));
  }

  counts() {
    return this.#source?.counts();
  }

  /** Requests of a method that reached the server since then. */
  requests(method: string, since = 0): number {
    return this.asked.filter(({ at, request }) => at >= since && request.method === method).length;
  }

  events(name: string) {
    return this.log.entries.filter(({ event }) => event === name).map(({ fields }) => fields);
  }

  /** Time passes, in steps, between which the sockets have their turns. */
  async passes(milliseconds: number, step = 10): Promise<void> {
    await this.until(milliseconds, () => false, step).catch(() => undefined);
  }

  /** Milliseconds until this came true. Throws when it did not in time. */
  async until(limitMs: number, condition: () => boolean, step = 10): Promise<number> {
    const start = this.clock.monotonic();
    for (;;) {
      for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
      const passed = this.clock.monotonic() - start;
      if (condition()) return passed;
      if (passed >= limitMs) throw new Error(`not within ${limitMs} ms of simulated time`);
      await this.clock.advance(Math.min(step, limitMs - passed));
    }
  }
}
