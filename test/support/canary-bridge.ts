import { type HttpServer, startHttpServer } from '../../src/bridge/api/server.js';
import { DEFAULT_ENGINE_CONFIG } from '../../src/bridge/engine/state.js';
import { bridgeMetrics } from '../../src/bridge/observe/bridge-metrics.js';
import { createLog } from '../../src/bridge/observe/log.js';
import { createMetrics } from '../../src/bridge/observe/metrics.js';
import type { Directory, Person } from '../../src/bridge/ports.js';
import { Bridge } from '../../src/bridge/runtime/bridge.js';
import type { DirectoryPorts } from '../../src/notes/directory/service.js';
import type { Driver } from '../../src/notes/driver.js';
import type { Items } from '../../src/notes/item-value.js';
import { createDominoStore } from '../../src/notes/store.js';
import { createViewFeed } from '../../src/notes/template/views/view-feed.js';
import { ScriptedSource } from './bridge-stand-ins.js';
import { person, rosterOf } from './people.js';
import { type SimulatedClock, seededRandom } from './simulated-clock.js';
import { StreamReader } from './stream-reader.js';
import { builtDxl } from './template.js';

const TOKEN = 'canary-access-token-0123456789abcdefghijklmnopq';
const LIMIT_MS = 20_000;
const QUICK_TURNS = 200;
/** Long before anything else that the bridge writes a time of. */
const SINCE = Date.UTC(2025, 0, 1);

export interface CanaryBridgeOptions {
  readonly people: readonly Person[];
  readonly driver: (clock: SimulatedClock, log: ReturnType<typeof createLog>) => Driver;
  readonly clock: SimulatedClock;
  readonly notes: boolean;
  /** Who is watched; the people themselves when absent. */
  readonly directory?: (presence: Driver, ports: DirectoryPorts) => Directory;
}

interface Parts {
  readonly source: ScriptedSource;
  readonly bridge: Bridge;
  readonly http: HttpServer;
  readonly lines: readonly string[];
  readonly driver: Driver;
}

/** People whose names and addresses appear nowhere else. */
export function canaryPeople(count: number): readonly Person[] {
  return Array.from({ length: count }, (_, index) =>
    person(
      `sip:canary-address-${index}@contoso.example`,
      `CN=Canary Forename${index} Surname${index}/OU=Sales/O=Contoso`,
    ),
  );
}

/** Everything between presence and store, with its API, where each change of each person has words of its own. */
export class CanaryBridge {
  readonly source: ScriptedSource;
  readonly bridge: Bridge;
  readonly logLines: readonly string[];
  readonly #people: readonly Person[];
  readonly #clock: SimulatedClock;
  readonly #http: HttpServer;
  readonly #driver: Driver;
  readonly #ends: (() => Promise<void>)[] = [];
  #changes = 0;

  private constructor(options: CanaryBridgeOptions, parts: Parts) {
    this.#people = options.people;
    this.#clock = options.clock;
    this.source = parts.source;
    this.bridge = parts.bridge;
    this.#http = parts.http;
    this.#driver = parts.driver;
    this.logLines = parts.lines;
  }

  static async start(options: CanaryBridgeOptions): Promise<CanaryBridge> {
    const { clock, notes, people } = options;
    const lines: string[] = [];
    const log = createLog({ level: 'info', destination: { write: (line) => void lines.push(line) } });
    const views = createViewFeed(builtDxl(), { zone: 'UTC' });
    const driver = options.driver(clock, log);
    const store = createDominoStore(
      {
        driver,
        bridge: 'bridge',
        notes,
        onDocument: (key, items) => (items === undefined ? views.remove(key) : views.put(key, items)),
      },
      { log },
    );
    const metrics = createMetrics();
    const source = new ScriptedSource(clock);
    const ports = { source, store, clock, random: seededRandom(), log };
    const bridge = new Bridge(
      { ...DEFAULT_ENGINE_CONFIG, bridge: 'bridge', version: '1', notes },
      ports,
      bridgeMetrics(metrics),
    );
    const http = await startHttpServer({
      host: '127.0.0.1',
      port: 0,
      accessToken: TOKEN,
      status: () => bridge.status(),
      people: () => bridge.watched.all(),
      views,
      metrics,
      clock,
      log,
    });
    const running = new CanaryBridge(options, { source, bridge, http, lines, driver });
    const directory = options.directory?.(driver, { clock, random: seededRandom(7), log });
    if (directory === undefined) bridge.start(rosterOf(people));
    else {
      bridge.start(undefined);
      directory.start((roster) => bridge.setRoster(roster));
      running.#ends.push(() => directory.stop());
    }
    source.link('connected');
    await running.until(() => bridge.status().notes.state === 'connected');
    return running;
  }

  /** Everybody changes once, and all of it is written. */
  async everybodyChanges(): Promise<void> {
    const change = this.#changes++;
    for (const [index, one] of this.#people.entries()) {
      const publishedAt = sinceOf(change, index);
      const state = {
        availability: change % 2 === 0 ? 3_000 : 6_000,
        activity: '',
        activityText: words('Activity', change, index),
        publishedAt,
      };
      this.source.says({
        uri: one.uri,
        state,
        note: { text: words('Note', change, index), outOfOffice: false, publishedAt },
      });
    }
    await this.passes(1_000);
    await this.until(() => this.bridge.status().pendingWrites === 0);
  }

  /** Somebody else writes a document into the database. */
  async adds(document: Items): Promise<void> {
    const [outcome] = await this.#driver.create([document]);
    if (outcome?.ok !== true) throw new Error('the document was refused');
  }

  now(): number {
    return this.#clock.now();
  }

  /** Time passes, and what it sets off is done: files and sockets are real. */
  async passes(milliseconds: number): Promise<void> {
    await this.#clock.advance(milliseconds);
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Answers of all routes that tell of presence, and what a stream gets that opens now. */
  async answers(): Promise<Record<string, string>> {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const answers: Record<string, string> = {};
    for (const path of ['/metrics', '/healthz', '/api/v1/status', '/api/v1/people']) {
      answers[path] = await (await fetch(this.#http.url + path, { headers })).text();
    }
    const stream = await StreamReader.open(`${this.#http.url}/stream`, { headers });
    for (const { id } of (await stream.next('welcome')).views) {
      stream.watch(id);
      await stream.next('view');
    }
    answers['/stream'] = JSON.stringify(stream.messages);
    stream.socket.close();
    await stream.closed();
    return answers;
  }

  async stops(): Promise<void> {
    let over = false;
    const stopped = Promise.all(this.#ends.map((end) => end()))
      .then(() => this.bridge.stop())
      .finally(() => {
        over = true;
      });
    await this.until(() => over);
    await stopped;
    await this.#http.close();
  }

  /** Turns for files and sockets. Simulated time passes no faster than theirs, so that no call is given up. */
  async until(condition: () => boolean, stepMs = 1): Promise<void> {
    const limit = performance.now() + LIMIT_MS;
    for (let turn = 0; !condition(); turn++) {
      if (performance.now() > limit) throw new Error('it did not come to an end');
      await this.passes(0);
      if (turn < QUICK_TURNS) continue;
      await new Promise((resolve) => setTimeout(resolve, 1));
      await this.passes(stepMs);
    }
  }
}

/** A moment, and words, of which each belongs to one change of one person. */
export function sinceOf(change: number, index: number): number {
  return SINCE + (change * 100 + index) * 1_000;
}

export function words(kind: 'Note' | 'Activity', change: number, index: number): string {
  return `Canary${kind}${index}x${change}y`;
}

/** The changes of one person whose words or moments stand in a text, in any of the ways in which we write them. */
export function changesFound(
  content: string | Buffer,
  index: number,
): { notes: number[]; activities: number[]; moments: number[] } {
  const text = content.toString('latin1');
  const numbers = (pattern: RegExp): number[] =>
    [...new Set([...text.matchAll(pattern)].map(([, number]) => Number(number)))].sort((a, b) => a - b);
  const moments = new Set<number>();
  const note = (time: number): void => {
    const change = (time - SINCE) / 1_000 - index;
    if (Number.isInteger(change / 100) && change >= 0 && change / 100 < 100_000) moments.add(change / 100);
  };
  for (const [, iso] of text.matchAll(/(202[56]-\d\d-\d\d[T ]\d\d:\d\d:\d\d)/g))
    note(Date.parse(`${iso?.replace(' ', 'T')}Z`));
  for (const [digits] of text.matchAll(/\b17[3-6]\d{10}\b/g)) note(Number(digits));
  return {
    notes: numbers(new RegExp(`CanaryNote${index}x(\\d+)y`, 'g')),
    activities: numbers(new RegExp(`CanaryActivity${index}x(\\d+)y`, 'g')),
    moments: [...moments].sort((a, b) => a - b),
  };
}
