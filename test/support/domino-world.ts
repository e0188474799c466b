import { DEFAULT_ENGINE_CONFIG, type EngineConfig } from '../../src/bridge/engine/state.js';
import { createLog } from '../../src/bridge/observe/log.js';
import type { Log, Person, Roster } from '../../src/bridge/ports.js';
import { Bridge } from '../../src/bridge/runtime/bridge.js';
import { DominoDbDriver } from '../../src/notes/drivers/domino-db.js';
import { PERSON_ITEMS } from '../../src/notes/fields.js';
import { createDominoStore } from '../../src/notes/store.js';
import type { SipKey, SipUri } from '../../src/presence/ids.js';
import { ProcessClock } from './chaos-clock.js';
import { ChaosDomino } from './chaos-domino.js';
import { ChaosSource, PresenceTruth, type ShownStatus } from './chaos-source.js';
import { tallied } from './chaos-tally.js';
import { DominoFaults } from './domino-faults.js';
import { Invariants, type WatchedBridge, type WatchedWorld } from './invariants.js';
import { person } from './people.js';
import { SimulatedClock, seededRandom } from './simulated-clock.js';

export interface WorldOptions {
  readonly people?: readonly Person[];
  readonly seed?: number;
  readonly config?: Partial<EngineConfig>;
  /** Simulated time between two looks of the checker, milliseconds. */
  readonly lookMs?: number;
}

/** One bridge process, from its start to its end. */
export interface BridgeProcess {
  readonly clock: ProcessClock;
  readonly source: ChaosSource;
  readonly bridge: Bridge;
}

const SECOND = 1_000;
/** The longest pause between two attempts to open the store, and a call that hangs before it. */
const RECONNECT_MS = 400 * SECOND;

/**
 * A world in simulated time: people whose presence changes, the server that knows it, a Domino server, its readers, and
 * a machine on which a bridge runs, is killed and started again. What is tested is the real engine, runtime, store and
 * driver; the checker looks all the time.
 */
export class DominoWorld implements WatchedWorld {
  readonly clock = new SimulatedClock();
  readonly truth = new PresenceTruth();
  readonly domino: ChaosDomino;
  /** Troubles on the way from the bridge to Domino, over all its restarts. */
  readonly faults = new DominoFaults();
  readonly checker: Invariants;
  readonly people: readonly Person[];
  readonly random: () => number;
  readonly logLines: string[] = [];
  readonly #options: WorldOptions;
  readonly #away = new Set<SipUri>();
  readonly #optedOut = new Set<SipKey>();
  readonly #renamed = new Map<SipUri, Person>();
  #process: BridgeProcess | undefined;
  #starts = 0;

  constructor(options: WorldOptions = {}) {
    this.#options = options;
    const { unit } = seededRandom(options.seed ?? 1);
    this.random = unit;
    this.people = options.people ?? manyColleagues(12);
    this.domino = new ChaosDomino(this.clock);
    this.checker = new Invariants(this);
    this.domino.onWrite = (write) => this.checker.written(write);
  }

  /** The process that runs now, if any. */
  get running(): BridgeProcess | undefined {
    return this.#process;
  }

  now(): number {
    return this.clock.now();
  }

  bridges(): readonly WatchedBridge[] {
    const process = this.#process;
    if (process === undefined) return [];
    const { bridge, clock } = process;
    return [{ status: () => bridge.status(), people: () => bridge.people(), timers: () => clock.timers }];
  }

  roster(): Roster {
    const people = this.people
      .filter(({ uri, key }) => !this.#away.has(uri) && !this.#optedOut.has(key))
      .map((one) => this.#renamed.get(one.uri) ?? one);
    return { people, optedOut: new Set(this.#optedOut) };
  }

  starts(): BridgeProcess {
    const clock = new ProcessClock(this.clock);
    const arrives = this.random() < 0.5;
    const { checker } = this;
    const useServer = tallied(this.faults.wrap(this.domino.useServer(clock, () => arrives)), {
      called: () => checker.called(),
      refused: (count) => checker.answeredRefusals(clock.isKilled ? 0 : count),
      failed: () => undefined,
    });
    const driver = new DominoDbDriver(
      {
        kind: 'domino-db',
        load: () => Promise.resolve({ name: 'domino-db', version: '1', useServer }),
        server: { hostName: 'domino.contoso.example', connection: { port: '3002' } },
        filePath: 'presence.nsf',
      },
      clock,
    );
    const log = this.#log(clock);
    const config: EngineConfig = {
      ...DEFAULT_ENGINE_CONFIG,
      bridge: 'presence-01',
      version: '1',
      notes: false,
      ...this.#options.config,
    };
    const store = createDominoStore({ driver, bridge: config.bridge, notes: false }, { log });
    const source = new ChaosSource(this.truth, clock);
    const random = seededRandom((this.#options.seed ?? 1) * 1_000 + ++this.#starts);
    const bridge = new Bridge(
      config,
      { source, store, clock, random, log },
      { onRefused: () => this.checker.countedRefusal() },
    );
    this.#process = { clock, source, bridge };
    bridge.start(this.roster());
    return this.#process;
  }

  /** As `kill -9`, or a power failure: what it had sent may arrive or not, and nothing else happens. */
  kill(): void {
    this.#process?.clock.kill();
    this.#process?.source.die();
    this.#process = undefined;
  }

  /** Ends as the service manager wants it, which kills what does not end. */
  async stops(): Promise<void> {
    const ending = this.#process;
    if (ending === undefined) return;
    let over = false;
    void ending.bridge.stop().then(() => {
      over = true;
    });
    for (let waited = 0; !over && waited < 15 * SECOND; waited += 100) await this.passes(100);
    if (!over && !ending.clock.isFrozen) this.checker.violated('the bridge did not end within 15 s');
    this.kill();
  }

  /** Domino refuses this person's document, and no other. */
  refuse(who: Person): void {
    this.checker.refused.add(who.key);
    this.#refuses();
  }

  acceptAgain(who: Person): void {
    this.checker.refused.delete(who.key);
    this.#refuses();
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
    this.#process?.bridge.reconcile().catch(() => undefined);
  }

  /** Time passes, and the checker looks. */
  async passes(milliseconds: number): Promise<void> {
    const { lookMs = SECOND } = this.#options;
    for (let left = milliseconds; left > 0; left -= lookMs) {
      await this.clock.advance(Math.min(lookMs, left));
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
    const process = this.#process;
    if (process === undefined) return;
    const isBack = (): boolean => {
      const { ocs, notes } = process.bridge.status();
      return ocs.state === 'connected' && notes.state === 'connected';
    };
    await this.until('the bridge is back at OCS and Domino', RECONNECT_MS, isBack);
    this.reconcile();
    await this.passes(60 * SECOND);
    this.checker.atRest();
  }

  #rosterChanged(): void {
    this.#process?.bridge.setRoster(this.roster());
  }

  #refuses(): void {
    const keys = new Set<unknown>(this.checker.refused);
    this.faults.refuses = (document) => keys.has(document[PERSON_ITEMS.key]);
  }

  #log(process: ProcessClock): Log {
    const lines = this.logLines;
    const write = (line: string): void => {
      if (!process.isKilled) lines.push(line);
    };
    return createLog({ level: 'info', destination: { write } });
  }
}

export function manyColleagues(count: number): readonly Person[] {
  return Array.from({ length: count }, (_, index) =>
    person(`sip:colleague${index}@contoso.example`, `CN=Colleague ${index}/O=Contoso`),
  );
}
