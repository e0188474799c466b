import { startHttpServer } from '../../src/bridge/api/server.js';
import { templateFolder } from '../../src/bridge/compose.js';
import { DEFAULT_ENGINE_CONFIG } from '../../src/bridge/engine/state.js';
import { createMetrics } from '../../src/bridge/observe/metrics.js';
import type { PresenceSource, PresenceSourceListener, StatusStore } from '../../src/bridge/ports.js';
import { Bridge } from '../../src/bridge/runtime/bridge.js';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import { PEOPLE_VIEWS } from '../../src/notes/fields.js';
import { buildTemplate } from '../../src/notes/template/source/build.js';
import { createViewFeed } from '../../src/notes/template/views/view-feed.js';
import { castOf } from '../../src/ocs/simulator/cast.js';
import { sipKeyOf } from '../../src/presence/ids.js';
import type { Sender } from './sender.js';
import { type SenderTask, TOKEN } from './words.js';

/** Published availability numbers of each status; a change is the next one. */
const LEVELS = [3500, 5000, 6500, 7500, 9500, 12_500, 15_500, 18_500] as const;
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const FRESH_MS = 90_000;
/** All clients of the benchmark come from one address with one token. */
const ENOUGH = { perSecond: 1e6, burst: 1e6 };

/** The product from the observation to the octets on the wire; the server and Domino are stand-ins that answer at once. */
export async function openBridge(task: Extract<SenderTask, { kind: 'bridge' }>): Promise<Sender> {
  const people = castOf(task.people).map(({ uri, notesName }) => ({
    ...{ uri, key: sipKeyOf(uri), name: notesName, displayName: '' },
  }));
  const levels = people.map((_, index) => index % LEVELS.length);
  const due = new Map<string, number>();
  let latencies: number[] = [];
  let listener: PresenceSourceListener | undefined;
  const source: PresenceSource = {
    start: (given) => {
      listener = given;
    },
    watch: () => {},
    stop: async () => {},
  };
  const store: StatusStore = {
    open: async () => ({ people: [], highestEpoch: 0, duplicates: 0, conflicts: 0, leftAlone: 0 }),
    write: async (records) => {
      const now = performance.now();
      for (const { person } of records) {
        const since = due.get(person.key);
        if (since !== undefined) latencies.push(now - since);
        due.delete(person.key);
      }
      return { written: records.map(({ person }) => person.key), failed: new Map() };
    },
    heartbeat: async () => {},
    remove: async (keys) => ({ written: keys, failed: new Map() }),
    close: async () => {},
  };
  const { windowMs = DEFAULT_ENGINE_CONFIG.windowMs } = task;
  const config = { ...DEFAULT_ENGINE_CONFIG, bridge: 'bench', version: '0', notes: false, windowMs };
  const ports = { clock: systemClock, log: silent };
  const bridge = new Bridge(config, { source, store, random: systemRandom, ...ports });
  const views = createViewFeed(buildTemplate({ folder: templateFolder, language: 'en' }).dxl, { views: PEOPLE_VIEWS });
  const http = await startHttpServer({
    ...{ host: '127.0.0.1', port: 0, accessToken: TOKEN, views, metrics: createMetrics(), ...ports },
    status: () => bridge.status(),
    people: () => bridge.watched.all(),
    watched: bridge.watched,
    query: { find: (text, sees) => bridge.watched.resolve(text, sees), freshMs: FRESH_MS },
    limits: {
      ...{ connections: 20_000, requestsPerAddress: ENOUGH, requestsPerToken: ENOUGH },
      stream: { clients: 10_000, ...(task.tick === undefined ? {} : { tick: task.tick }) },
    },
  });
  bridge.start({ people, optedOut: new Set() });
  const observe = (index: number, authoritative: boolean): void => {
    const uri = people[index]?.uri;
    if (uri === undefined) return;
    const availability = LEVELS[levels[index] ?? 0] ?? 3500;
    const state = { availability, activity: '', publishedAt: Date.now() };
    listener?.onObservations([{ uri, state }], authoritative);
  };
  listener?.onLink({ state: 'connected', since: Date.now() });
  for (const index of people.keys()) observe(index, true);
  let next = 0;
  return {
    port: http.port,
    change(at) {
      const index = next++ % people.length;
      levels[index] = ((levels[index] ?? 0) + 1) % LEVELS.length;
      const key = people[index]?.key;
      if (key !== undefined) due.set(key, at);
      observe(index, false);
    },
    taken() {
      const before = latencies;
      latencies = [];
      return before;
    },
    isIdle: () => bridge.status().pendingWrites === 0,
  };
}
