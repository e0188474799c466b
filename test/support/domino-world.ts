import { DEFAULT_ENGINE_CONFIG, type EngineConfig } from '../../src/bridge/engine/state.js';
import type { Person, Roster } from '../../src/bridge/ports.js';
import { PERSON_ITEMS } from '../../src/notes/fields.js';
import type { SipKey, SipUri } from '../../src/presence/ids.js';
import { ChaosDomino } from './chaos-domino.js';
import { type BridgeProcess, ChaosHost, type HostPlace } from './chaos-host.js';
import { PresenceTruth, type ShownStatus } from './chaos-source.js';
import type { DominoFaults } from './domino-faults.js';
import { DEFAULT_BOUNDS, Invariants, type WatchedBridge, type WatchedWorld } from './invariants.js';
import { person } from './people.js';
import { SimulatedClock, seededRandom } from './simulated-clock.js';

export interface WorldOptions {
  readonly people?: readonly Person[];
  readonly seed?: number;
  readonly config?: Partial<EngineConfig>;
  /** Simulated time between two looks of the checker, milliseconds. */
  readonly lookMs?: number;
  /** Two hosts compete for the lease instead of one that is alone. */
  readonly pair?: boolean;
}

const SECOND = 1_000;
/** The longest pause between two attempts to open the store, and a call that hangs before it. */
const RECONNECT_MS = 400 * SECOND;
const LEASE_MS = 30 * SECOND;

/**
 * A world in simulated time: people whose presence changes, the server that knows it, a Domino server, its readers, and
 * one or two machines on which a bridge runs. What is tested is the real engine, runtime, coordinator, store and driver;
 * the checker looks all the time.
 */
export class DominoWorld implements WatchedWorld, HostPlace {
  readonly clock = new SimulatedClock();
  readonly truth = new PresenceTruth();
  readonly domino: ChaosDomino;
  readonly hosts: readonly ChaosHost[];
  readonly checker: Invariants;
  readonly people: readonly Person[];
  readonly random: () => number;
  readonly logLines: string[] = [];
  readonly #lookMs: number;
  readonly #away = new Set<SipUri>();
  readonly #optedOut = new Set<SipKey>();
  readonly #refused = new Set<SipKey>();
  readonly #renamed = new Map<SipUri, Person>();

  constructor(options: WorldOptions = {}) {
    const { seed = 1, people = manyColleagues(12), config = {}, lookMs = SECOND, pair = false } = options;
    this.random = seededRandom(seed).unit;
    this.people = people;
    this.#lookMs = lookMs;
    this.domino = new ChaosDomino(this.clock);
    const callsPerMinute = DEFAULT_BOUNDS.callsPerMinute * (pair ? 2 : 1);
    this.checker = new Invariants(this, { ...DEFAULT_BOUNDS, callsPerMinute });
    this.domino.onWrite = (write) => this.checker.written(write);
    const leaseMs = pair ? LEASE_MS : undefined;
    this.hosts = (pair ? ['a', 'b'] : ['a']).map(
      (instance, index) => new ChaosHost(this, { instance, seed: seed * 10 + index, config, leaseMs }),
    );
  }

  /** The first machine: where there is one, the bridge. */
  get host(): ChaosHost {
    const [host] = this.hosts;
    if (host === undefined) throw new Error('a world has a host');
    return host;
  }

  get faults(): DominoFaults {
    return this.host.faults;
  }

  get running(): BridgeProcess | undefined {
    return this.host.running;
  }

  /** Those that write now, or believe so. */
  get active(): readonly BridgeProcess[] {
    return this.hosts
      .map(({ running }) => running)
      .filter((one) => one !== undefined)
      .filter(({ bridge }) => bridge.status().role.state === 'active');
  }

  now(): number {
    return this.clock.now();
  }

  bridges(): readonly WatchedBridge[] {
    return this.active.map(({ bridge, clock }) => ({
      status: () => bridge.status(),
      people: () => bridge.watched.all(),
      timers: () => clock.timers,
    }));
  }

  roster(): Roster {
    const people = this.people
      .filter(({ uri, key }) => !this.#away.has(uri) && !this.#optedOut.has(key))
      .map((one) => this.#renamed.get(one.uri) ?? one);
    return { people, optedOut: new Set(this.#optedOut) };
  }

  starts(host = this.host): BridgeProcess {
    return host.starts();
  }

  kill(host = this.host): void {
    host.kill();
  }

  /** Ends as the service manager wants it, which kills what does not end. */
  async stops(host = this.host): Promise<void> {
    const ending = host.running;
    if (ending === undefined) return;
    let over = false;
    void host.stop().then(() => {
      over = true;
    });
    for (let waited = 0; !over && waited < 15 * SECOND; waited += 100) await this.passes(100);
    if (!over && !ending.clock.isFrozen) this.checker.violated('the bridge did not end within 15 s');
    host.kill();
  }

  /** Domino refuses this person's document, and no other. */
  refuse(who: Person): void {
    this.checker.refused.set(who.key, Number.POSITIVE_INFINITY);
    this.#refuses(who.key, true);
  }

  acceptAgain(who: Person): void {
    this.checker.refused.set(who.key, this.clock.now() + DEFAULT_ENGINE_CONFIG.refusedMs);
    this.#refuses(who.key, false);
  }

  becomes(who: Person, status: ShownStatus): void {
    this.truth.become(who.uri, status, this.clock.now());
  }

  /** Just these of the world's people are on the roster. */
  watches(people: readonly Person[]): void {
    const wanted = new Set(people);
    this.#away.clear();
    for (const one of this.people) if (!wanted.has(one)) this.#away.add(one.uri);
    this.#rosterChanged();
  }

  leavesRoster(who: Person): void {
    this.#away.add(who.uri);
    this.#rosterChanged();
  }

  joinsRoster(who: Person): void {
    this.#away.delete(who.uri);
    this.#optedOut.delete(who.key);
    this.#rosterChanged();
  }

  optsOut(who: Person): void {
    this.#optedOut.add(who.key);
    this.#rosterChanged();
  }

  isRenamed(who: Person, name: Person['name']): void {
    this.#renamed.set(who.uri, { ...who, name });
    this.#rosterChanged();
  }

  /** Somebody asks for a comparison of all documents. */
  reconcile(): void {
    for (const host of this.hosts) host.reconcile();
  }

  /** Time passes, and the checker looks. */
  async passes(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= this.#lookMs) {
      await this.clock.advance(Math.min(this.#lookMs, left));
      // Long work gives way to others by turns of the event loop, which no clock simulates.
      await new Promise((resolve) => setImmediate(resolve));
      this.checker.look();
    }
  }

  /** Simulated milliseconds until this came true. Throws when it did not in time. */
  async until(what: string, limitMs: number, condition: () => boolean): Promise<number> {
    const start = this.clock.monotonic();
    while (!condition()) {
      if (this.clock.monotonic() - start >= limitMs) throw new Error(`not within ${limitMs} ms: ${what}`);
      await this.passes(250);
    }
    return this.clock.monotonic() - start;
  }

  /** Whether what the API says, what documents say and what is true are one. */
  isConverged(): boolean {
    return this.checker.differences().length === 0;
  }

  /** Nothing is wrong any more. After a minute everything must be right; whatever is not, the checker says. */
  async quiet(): Promise<void> {
    const isBack = (): boolean => {
      const [only, second] = this.active;
      if (only === undefined || second !== undefined) return false;
      const { ocs, notes } = only.bridge.status();
      return ocs.state === 'connected' && notes.state === 'connected';
    };
    // Calls that met the last trouble come to their end.
    await this.passes(10 * SECOND);
    await this.until('one bridge is back at OCS and Domino', RECONNECT_MS, isBack);
    this.reconcile();
    await this.passes(60 * SECOND);
    this.checker.atRest();
  }

  #rosterChanged(): void {
    for (const host of this.hosts) host.rosterChanged();
  }

  #refuses(key: SipKey, does: boolean): void {
    if (does) this.#refused.add(key);
    else this.#refused.delete(key);
    const keys: ReadonlySet<unknown> = this.#refused;
    for (const { faults } of this.hosts) faults.refuses = (document) => keys.has(document[PERSON_ITEMS.key]);
  }
}

export function manyColleagues(count: number): readonly Person[] {
  return Array.from({ length: count }, (_, index) =>
    person(`sip:colleague${index}@contoso.example`, `CN=Colleague ${index}/O=Contoso`),
  );
}
