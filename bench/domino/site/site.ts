import { resolve } from 'node:path';
import { DEFAULT_ENGINE_CONFIG } from '../../../src/bridge/engine/state.js';
import type { Directory, Log, Person, PresenceSource, PresenceSourceListener } from '../../../src/bridge/ports.js';
import { Bridge } from '../../../src/bridge/runtime/bridge.js';
import { systemClock, systemRandom } from '../../../src/bridge/runtime/system.js';
import { createDirectory } from '../../../src/notes/directory/service.js';
import type { Driver } from '../../../src/notes/driver.js';
import { DominoDbDriver } from '../../../src/notes/drivers/domino-db/domino-db.js';
import { createDominoStore } from '../../../src/notes/store.js';
import { buildTemplate } from '../../../src/notes/template/source/build.js';
import { createViewFeed } from '../../../src/notes/template/views/view-feed.js';
import { DIRECTORY_RULES } from '../../../src/presence/directory.js';
import type { SipUri } from '../../../src/presence/ids.js';
import { grpcModule } from '../grpc-module.js';
import { type GrpcClient, loadGrpc } from '../grpc-packages.js';
import {
  CHANGED_MEANWHILE,
  DIRECTORY_DATABASE,
  OUTAGE_SECONDS,
  type Phase,
  PRESENCE_DATABASE,
  STEADY_PER_SECOND,
  STEADY_SECONDS,
  SWEEP_PER_SECOND,
  type ToWatched,
} from './words.js';

const told = (event: string, fields?: object): void => {
  if (event !== 'bridge.link') console.error(event, fields ?? '');
};
/** What goes wrong spoils the figures and must be seen. */
const log: Log = { debug: () => {}, info: () => {}, warn: told, error: told };
const LEVELS = [3500, 5000, 6500, 7500, 9500, 12_500, 15_500, 18_500] as const;
/** People about whom a pool tells in one notification, at most. */
const LIST = 100;
const GRACE_MS = 20_000;
const BEGINNING = Date.UTC(2026, 0, 5, 9);
const LIMIT_MS = 120_000;

/**
 * The bridge as the product puts it together, but for OCS: engine, store, driver, directory and the rows of the board.
 * What OCS would say is said here.
 */
export class Site {
  readonly #bridge: Bridge;
  readonly #directory: Directory;
  readonly #expected: number;
  readonly #levels = new Map<SipUri, number>();
  #people: readonly Person[] = [];
  #watched: readonly SipUri[] = [];
  #rosters = 0;
  #listener: PresenceSourceListener | undefined;
  #random = 77;

  constructor({ folder, port, people }: Extract<ToWatched, { type: 'open' }>) {
    this.#expected = people;
    const { grpc, Store } = loadGrpc(folder);
    const client: GrpcClient = new Store(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    const ports = { clock: systemClock, random: systemRandom, log };
    const presence = driverOf(client, PRESENCE_DATABASE);
    const { dxl } = buildTemplate({ folder: resolve('nsf-templates', 'presence'), language: 'en' });
    const views = createViewFeed(dxl, { views: ['People', 'ByStatus'] });
    const store = createDominoStore(
      {
        driver: presence,
        bridge: 'bench',
        notes: false,
        onDocument: (id, items) => (items === undefined ? views.remove(id) : views.put(id, items)),
      },
      { log },
    );
    const source: PresenceSource = {
      start: (listener) => {
        this.#listener = listener;
      },
      watch: (uris) => {
        this.#watched = uris;
      },
      stop: () => Promise.resolve(),
    };
    const limits = { graceMs: GRACE_MS, sweepPerSecond: SWEEP_PER_SECOND, answerMs: 600_000 };
    this.#bridge = new Bridge(
      { ...DEFAULT_ENGINE_CONFIG, ...limits, bridge: 'bench', version: '0', notes: false },
      { source, store, ...ports },
    );
    this.#directory = createDirectory(
      {
        presence,
        directory: driverOf(client, DIRECTORY_DATABASE),
        bridge: 'bench',
        people: [],
        settings: {
          rules: DIRECTORY_RULES,
          domains: ['contoso.example'],
          groups: [],
          optOut: { people: [], groups: [] },
        },
        sipItems: [],
        refreshMs: 3_600_000,
      },
      ports,
    );
  }

  /** Gives back how many changes the source told. */
  async run(phase: Phase): Promise<number> {
    switch (phase) {
      case 'start':
        return this.#start();
      case 'first-states': {
        this.#link('connected');
        await this.#tellAll(0);
        return 0;
      }
      case 'restart': {
        this.#link('transient-disconnect');
        this.#link('connected');
        return this.#tellAll(CHANGED_MEANWHILE);
      }
      case 'steady':
        return this.#steady();
      case 'outage':
        this.#link('transient-disconnect');
        await later(GRACE_MS + OUTAGE_SECONDS * 1000);
        return 0;
      case 'return':
        this.#link('connected');
        return this.#tellAll(0);
      case 'directory':
        await this.#directory.refresh();
        return 0;
      case 'exchange':
        return this.#exchange();
    }
  }

  async #start(): Promise<number> {
    this.#bridge.start(undefined);
    this.#directory.start((roster) => {
      this.#people = roster.people;
      this.#rosters++;
      this.#bridge.setRoster(roster);
    });
    await until(() => this.#bridge.status().reconciled !== undefined);
    if (this.#people.length !== this.#expected) throw new Error(`${this.#people.length} people are on the roster`);
    return 0;
  }

  async #exchange(): Promise<number> {
    const before = this.#rosters;
    const known = new Set(this.#people.map(({ uri }) => uri));
    await this.#directory.refresh();
    if (this.#rosters !== before + 1) throw new Error('the roster is not a new one');
    const fresh = this.#people.filter(({ uri }) => !known.has(uri));
    await this.#tell(fresh, 0);
    await this.#quiet();
    return fresh.length;
  }

  #link(state: 'connected' | 'transient-disconnect'): void {
    this.#listener?.onLink({ state, since: Date.now() });
  }

  /** Everybody's first state, as after each sign-in; `changed` is the part of all who have another one than before. */
  async #tellAll(changed: number): Promise<number> {
    if (this.#watched.length !== this.#people.length) throw new Error('not everybody is watched');
    const changes = await this.#tell(this.#people, changed);
    await this.#quiet();
    return changes;
  }

  async #tell(people: readonly Person[], changed: number): Promise<number> {
    let changes = 0;
    for (let start = 0; start < people.length; start += LIST) {
      const observations = people.slice(start, start + LIST).map(({ uri }, index) => {
        const isChanged = changed > 0 && (start + index) % Math.round(1 / changed) === 0;
        if (isChanged) changes++;
        return this.#observation(uri, isChanged);
      });
      this.#listener?.onObservations(observations, true);
      await later(0);
    }
    return changes;
  }

  async #steady(): Promise<number> {
    const began = performance.now();
    const total = STEADY_PER_SECOND * STEADY_SECONDS;
    for (let done = 0; done < total; ) {
      const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * STEADY_PER_SECOND));
      for (; done < due; done++) {
        this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0;
        const person = this.#people[this.#random % this.#people.length];
        if (person !== undefined) this.#listener?.onObservations([this.#observation(person.uri, true)], false);
      }
      await later(5);
    }
    await this.#quiet();
    return total;
  }

  #observation(uri: SipUri, isChanged: boolean) {
    const level = (this.#levels.get(uri) ?? uri.charCodeAt(16)) + (isChanged ? 1 : 0);
    this.#levels.set(uri, level);
    const availability = LEVELS[level % LEVELS.length] ?? 3500;
    // The time of publication is the server's, and stays what it was until the next change.
    return { uri, state: { availability, activity: '', publishedAt: BEGINNING + level * 1000 } };
  }

  /** Everything is written that is to be. */
  #quiet(): Promise<void> {
    return until(() => {
      const { pendingWrites, notes } = this.#bridge.status();
      return pendingWrites === 0 && notes.state === 'connected';
    });
  }
}

function driverOf(client: GrpcClient, filePath: string): Driver {
  return new DominoDbDriver(
    {
      kind: 'domino-db',
      load: () => Promise.resolve(grpcModule(client)),
      server: { hostName: 'localhost', connection: { port: '0' } },
      filePath,
    },
    systemClock,
  );
}

async function until(condition: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + LIMIT_MS;
  while (!condition()) {
    if (performance.now() > giveUpAt) throw new Error(`not within ${LIMIT_MS} ms`);
    await later(10);
  }
}

function later(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
