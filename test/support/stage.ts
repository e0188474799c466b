import { DEFAULT_ENGINE_CONFIG } from '../../src/bridge/engine/state.js';
import type { LinkState, Person } from '../../src/bridge/ports.js';
import { Bridge } from '../../src/bridge/runtime/bridge.js';
import { availabilityOf, type Status } from '../../src/presence/availability.js';
import { BridgeError } from '../../src/presence/errors.js';
import { MemoryStore, ScriptedSource } from './bridge-stand-ins.js';
import { person, rosterOf } from './people.js';
import { silentLog } from './silent-log.js';
import { SimulatedClock, seededRandom } from './simulated-clock.js';

export const ana = person('sip:ana.reyes@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso');
export const ben = person('sip:ben.okoro@contoso.example', 'CN=Ben Okoro/OU=Support/O=Contoso');

/** A bridge between an OCS and a Domino that a scenario plays by hand, by a clock that it moves. */
export class Stage {
  readonly clock = new SimulatedClock();
  readonly #source = new ScriptedSource(this.clock);
  readonly #store: MemoryStore;
  readonly #bridge: Bridge;

  /** `domino` is what an earlier bridge left. */
  constructor(domino = new MemoryStore()) {
    this.#store = domino;
    const config = { ...DEFAULT_ENGINE_CONFIG, bridge: 'bridge', version: '1', notes: false };
    const ports = { source: this.#source, store: domino, clock: this.clock, random: seededRandom(), log: silentLog };
    this.#bridge = new Bridge(config, ports);
  }

  readonly bridge = {
    starts: async (): Promise<void> => {
      this.#bridge.start(rosterOf([ana, ben]));
      await this.clock.advance(0);
    },
    stops: async (): Promise<void> => {
      const stopped = this.#bridge.stop();
      await this.clock.advance(1_000);
      await stopped;
    },
    shows: (who: Person): Status | undefined => this.#bridge.watched.all().find(({ uri }) => uri === who.uri)?.status,
  };

  readonly ocs = {
    link: (state: LinkState): void => this.#source.link(state),
    says: (who: Person, status: Exclude<Status, 'unknown'>, when: 'first' | 'later' = 'later'): void => {
      const availability = availabilityOf(status) ?? 0;
      this.#source.says({ uri: who.uri, state: { availability, activity: '', publishedAt: this.clock.now() } }, when);
    },
    refuses: (who: Person): void => this.#source.loses(who.uri),
    /** One of several accounts lost its connection; it watched this person. */
    interrupts: (who: Person): void => this.#source.loses(who.uri, true),
  };

  readonly domino = {
    goesAway: (): void => {
      this.#store.failure = new BridgeError('NOTES_UNREACHABLE', 'the server was taken down');
    },
    comesBack: (): void => {
      this.#store.failure = undefined;
    },
    shows: (who: Person): Status | undefined => this.#store.records.get(who.key)?.snapshot.status,
    /** Whether the newest heartbeat says that the statuses beside it count. */
    confirms: (): boolean => this.#store.heartbeats.at(-1)?.connected === true,
    documents: (): number => this.#store.records.size,
    writes: (): number => this.#store.writes,
  };

  /** Seconds pass. */
  passes(seconds: number): Promise<void> {
    return this.clock.advance(seconds * 1000);
  }
}
