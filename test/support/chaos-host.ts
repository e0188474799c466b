import { leaseCoordinator } from '../../src/bridge/cluster/coordinator.js';
import { DEFAULT_ENGINE_CONFIG, type EngineConfig } from '../../src/bridge/engine/state.js';
import type { Coordinator } from '../../src/bridge/lease-ports.js';
import { createLog } from '../../src/bridge/observe/log.js';
import type { Roster } from '../../src/bridge/ports.js';
import { Bridge } from '../../src/bridge/runtime/bridge.js';
import { DominoDbDriver } from '../../src/notes/drivers/domino-db/domino-db.js';
import { createLeaseStore } from '../../src/notes/lease-store.js';
import { createDominoStore } from '../../src/notes/store.js';
import { ProcessClock } from './chaos-clock.js';
import type { ChaosDomino } from './chaos-domino.js';
import { ChaosSource, type PresenceTruth } from './chaos-source.js';
import { tallied } from './chaos-tally.js';
import { DominoFaults } from './domino-faults.js';
import type { Invariants } from './invariants.js';
import { type SimulatedClock, seededRandom } from './simulated-clock.js';

/** Where a host stands. */
export interface HostPlace {
  readonly clock: SimulatedClock;
  readonly truth: PresenceTruth;
  readonly domino: ChaosDomino;
  readonly checker: Invariants;
  readonly logLines: string[];
  roster(): Roster;
}

export interface HostOptions {
  /** Stable over restarts of the process. */
  readonly instance: string;
  readonly seed: number;
  readonly config: Partial<EngineConfig>;
  /** Competes with other hosts for the lease of this duration, milliseconds; alone when absent. */
  readonly leaseMs: number | undefined;
}

/** One bridge process, from its start to its end. */
export interface BridgeProcess {
  readonly clock: ProcessClock;
  readonly source: ChaosSource;
  readonly bridge: Bridge;
  readonly coordinator: Coordinator | undefined;
}

export const BRIDGE_NAME = 'presence-01';

/** A machine on which a bridge runs, is killed and started again. */
export class ChaosHost {
  /** Troubles on the way from this machine to Domino, over all restarts. */
  readonly faults = new DominoFaults();
  readonly #place: HostPlace;
  readonly #options: HostOptions;
  readonly #random: () => number;
  #process: BridgeProcess | undefined;
  #starts = 0;

  constructor(place: HostPlace, options: HostOptions) {
    this.#place = place;
    this.#options = options;
    this.#random = seededRandom(options.seed).unit;
  }

  get running(): BridgeProcess | undefined {
    return this.#process;
  }

  starts(): BridgeProcess {
    const { domino, truth, checker, logLines, clock: world } = this.#place;
    const { config, instance, leaseMs, seed } = this.#options;
    const clock = new ProcessClock(world);
    const arrives = this.#random() < 0.5;
    const useServer = tallied(this.faults.wrap(domino.useServer(clock, () => arrives)), clock, {
      called: () => checker.called(),
      refused: (count) => checker.answeredRefusals(clock.isKilled ? 0 : count),
    });
    // As in the product: a call of one that hangs must not hold up the other.
    const driver = (): DominoDbDriver =>
      new DominoDbDriver(
        {
          kind: 'domino-db',
          load: () => Promise.resolve({ name: 'domino-db', version: '1', useServer }),
          server: { hostName: 'domino.contoso.example', connection: { port: '3002' } },
          filePath: 'presence.nsf',
        },
        clock,
      );
    const write = (line: string): void => {
      if (!clock.isKilled) logLines.push(line);
    };
    const log = createLog({ level: 'info', destination: { write } });
    const random = seededRandom(seed * 1_000 + ++this.#starts);
    const ports = { clock, random, log };
    const source = new ChaosSource(truth, clock);
    const coordinator =
      leaseMs === undefined
        ? undefined
        : leaseCoordinator(
            { instance, instanceName: `host ${instance}`, durationMs: leaseMs },
            { store: createLeaseStore({ driver: driver(), bridge: BRIDGE_NAME }, { clock, log }), ...ports },
          );
    const mayWrite = coordinator === undefined ? {} : { mayWrite: () => coordinator.mayWrite() };
    const release = coordinator === undefined ? {} : { release: () => coordinator.stop() };
    const store = createDominoStore({ driver: driver(), bridge: BRIDGE_NAME, notes: false, ...mayWrite }, { log });
    const bridge = new Bridge(
      { ...DEFAULT_ENGINE_CONFIG, bridge: BRIDGE_NAME, version: '1', notes: false, ...config },
      { source, store, ...mayWrite, ...release, ...ports },
      { onRefused: () => checker.countedRefusal() },
    );
    this.#process = { clock, source, bridge, coordinator };
    if (coordinator === undefined) bridge.start(this.#place.roster());
    else {
      bridge.start(this.#place.roster(), { state: 'standby', holder: '' });
      coordinator.start((role) => bridge.setRole(role));
    }
    return this.#process;
  }

  /** As `kill -9`, or a power failure: what it had sent may arrive or not, and nothing else happens. */
  kill(): void {
    this.#process?.clock.kill();
    this.#process?.source.die();
    this.#process = undefined;
  }

  /** Asks the process to end. */
  async stop(): Promise<void> {
    await this.#process?.bridge.stop();
  }

  /** A process hears of it when it runs. */
  rosterChanged(): void {
    const { clock, bridge } = this.#process ?? {};
    clock?.after(0, () => bridge?.setRoster(this.#place.roster()));
  }

  reconcile(): void {
    const { clock, bridge } = this.#process ?? {};
    clock?.after(0, () => void bridge?.reconcile().catch(() => undefined));
  }
}
