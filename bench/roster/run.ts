import { type ChildProcess, fork } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { DEFAULT_ENGINE_CONFIG } from '../../src/bridge/engine/state.js';
import type { Person, PresenceSource, StatusStore } from '../../src/bridge/ports.js';
import { Bridge } from '../../src/bridge/runtime/bridge.js';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import { castOf } from '../../src/ocs/simulator/cast.js';
import { createOcsSource } from '../../src/ocs/source.js';
import { parseSipUri, sipKeyOf } from '../../src/presence/ids.js';
import type { Observation } from '../../src/presence/snapshot.js';
import { BRIDGE_ADDRESS, type FromServer, microseconds, PASSWORD, type ToServer } from './words.js';

export interface RosterOptions {
  readonly people: number;
  readonly changesPerSecond: number;
  readonly stormSeconds: number;
  readonly requestsPerSecond: number;
  /** How long the pool stays away, milliseconds. */
  readonly outageMs: number;
  say(line: string): void;
}

export interface RosterFigures {
  /** Seconds from the start of the bridge to the last person's status, and CPU seconds in it. */
  readonly snapshot: { readonly seconds: number; readonly cpuSeconds: number };
  /** Octets for each watched person beyond the strings of the roster. */
  readonly octetsPerPerson: number;
  /** Seconds from the return of the pool to the last person's status. */
  readonly restart: { readonly seconds: number };
  readonly storm: {
    readonly changes: number;
    readonly missed: number;
    readonly latencyMs: { readonly p50: number; readonly p99: number };
    /** Part of one core. */
    readonly cpu: number;
  };
  /** Most requests that the server counted within any second of the whole run. */
  readonly busiestSecond: number;
  /** Longest stop of the event loop in the whole run, milliseconds. */
  readonly longestStopMs: number;
}

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** A Domino that confirms all and keeps nothing: its memory is not the bridge's. */
const store: StatusStore = {
  open: () => Promise.resolve({ people: [], highestEpoch: 0, duplicates: 0, conflicts: 0, leftAlone: 0 }),
  write: (records) => Promise.resolve({ written: records.map(({ person }) => person.key), failed: new Map() }),
  heartbeat: () => Promise.resolve(),
  remove: (keys) => Promise.resolve({ written: keys, failed: new Map() }),
  close: () => Promise.resolve(),
};

/** One bridge watches a large roster on a simulated server: its start, a storm of changes, a restart of the pool. */
export async function runRoster(options: RosterOptions): Promise<RosterFigures> {
  const server = await ServerProcess.start(options.people);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const people = rosterOf(options.people);
  const { bridge, signedIn, watched, watching } = openBridge(server, options.requestsPerSecond);
  try {
    await signedIn;
    const octetsPerPerson = await octetsFor(people, bridge, watching);
    delay.enable();
    const snapshotCpu = process.cpuUsage();
    const snapshotStart = performance.now();
    bridge.setRoster({ people, optedOut: new Set() });
    await until(() => bridge.status().counts.unknown === 0 && bridge.status().pendingWrites === 0, 600_000);
    const snapshot = {
      seconds: (performance.now() - snapshotStart) / 1000,
      cpuSeconds: cpuSecondsSince(snapshotCpu),
    };
    options.say(`all ${options.people} people known after ${snapshot.seconds.toFixed(1)} s`);
    const storm = await stormOf(server, watched, people, options);
    options.say(`${storm.changes} changes, ${storm.missed} missed`);
    const restart = await restartOf(server, bridge, options.outageMs);
    options.say(`all known ${restart.seconds.toFixed(1)} s after the pool came back`);
    const { busiestSecond } = await server.requests();
    return { snapshot, octetsPerPerson, storm, restart, busiestSecond, longestStopMs: delay.max / 1e6 };
  } finally {
    await bridge.stop();
    server.stop();
  }
}

/** Calls back for each observation that reaches the bridge. */
interface Watched {
  onObservation: (observation: Observation) => void;
}

interface Opened {
  readonly bridge: Bridge;
  readonly signedIn: Promise<void>;
  readonly watched: Watched;
  /** Dialogs that the source holds at the server. */
  readonly watching: () => number;
}

/**
 * Octets of each person by the difference of two rosters: what does not grow with the roster (compiled code, buffers of
 * the connection) does not count. Leaves an empty roster.
 */
async function octetsFor(people: readonly Person[], bridge: Bridge, watching: () => number): Promise<number> {
  const held = async (roster: readonly Person[]): Promise<number> => {
    bridge.setRoster({ people: roster, optedOut: new Set() });
    await until(() => bridge.status().counts.unknown === 0 && bridge.status().pendingWrites === 0, 600_000);
    return heldOctets();
  };
  const few = people.slice(0, people.length / 10);
  const before = await held(few);
  const octets = ((await held(people)) - before) / (people.length - few.length);
  await held([]);
  // What is still to be told to the server about it must not stand before the measured requests.
  await until(() => watching() === 0, 600_000);
  return octets;
}

function openBridge(server: ServerProcess, requestsPerSecond: number): Opened {
  const ports = { clock: systemClock, random: systemRandom, log: silent };
  const account = parseSipUri(BRIDGE_ADDRESS);
  if (!account.ok) throw new Error(account.reason);
  const source = createOcsSource(
    {
      ...{ account: account.value, user: 'presence.bridge', domain: 'CONTOSO', password: PASSWORD, notes: false },
      server: { host: 'localhost', port: server.port, transport: 'tls', tls: { ca: server.ca } },
      requestsPerSecond,
    },
    ports,
  );
  const watched: Watched = { onObservation: () => {} };
  const config = { ...DEFAULT_ENGINE_CONFIG, bridge: 'bench', version: '0', notes: false, answerMs: 600_000 };
  let resolve: () => void = () => {};
  const signedIn = new Promise<void>((done) => {
    resolve = done;
  });
  const bridge = new Bridge(
    config,
    { source: overheard(source, watched), store, ...ports },
    {
      onLink: (partner, report) => {
        if (partner === 'ocs' && report.state === 'connected') resolve();
      },
    },
  );
  bridge.start({ people: [], optedOut: new Set() });
  return { bridge, signedIn, watched, watching: () => source.counts().dialogs };
}

/** The same source, whose observations are heard by two. */
function overheard(source: PresenceSource, watched: Watched): PresenceSource {
  return {
    start: (listener) =>
      source.start({
        onLink: (report) => listener.onLink(report),
        onLost: (uris, reason) => listener.onLost(uris, reason),
        onObservations: (observations, authoritative) => {
          listener.onObservations(observations, authoritative);
          for (const observation of observations) watched.onObservation(observation);
        },
      }),
    watch: (uris) => source.watch(uris),
    stop: () => source.stop(),
  };
}

/** Changes people on the server, and measures how long each change takes to be known here. */
async function stormOf(
  server: ServerProcess,
  watched: Watched,
  people: readonly Person[],
  { changesPerSecond, stormSeconds }: RosterOptions,
): Promise<RosterFigures['storm']> {
  // A change and the message about it arrive by different ways, in either order.
  const told = new Map<string, { readonly availability: number; readonly at: number }>();
  const seen = new Map<string, { readonly availability: number; readonly at: number }>();
  const latencies: number[] = [];
  const match = (uri: string): void => {
    const [change, arrival] = [told.get(uri), seen.get(uri)];
    if (change === undefined || change.availability !== arrival?.availability) return;
    latencies.push(Math.max(0, arrival.at - change.at) / 1000);
    told.delete(uri);
    seen.delete(uri);
  };
  server.onChanged = ({ person, availability, at }) => {
    const uri = people[person]?.uri ?? '';
    told.set(uri, { availability, at });
    match(uri);
  };
  watched.onObservation = ({ uri, state }) => {
    if (!state) return;
    seen.set(uri, { availability: state.availability, at: microseconds() });
    match(uri);
  };
  const cpu = process.cpuUsage();
  const changes = await server.storm(changesPerSecond, stormSeconds);
  await until(() => told.size === 0, 5_000).catch(() => undefined);
  server.onChanged = () => {};
  watched.onObservation = () => {};
  latencies.sort((a, b) => a - b);
  const at = (part: number): number => latencies[Math.floor(latencies.length * part)] ?? Number.NaN;
  return {
    changes,
    missed: told.size,
    latencyMs: { p50: at(0.5), p99: at(0.99) },
    cpu: cpuSecondsSince(cpu) / stormSeconds,
  };
}

async function restartOf(server: ServerProcess, bridge: Bridge, outageMs: number): Promise<{ seconds: number }> {
  const back = server.restart(outageMs);
  await until(() => bridge.status().ocs.state !== 'connected', 60_000);
  await back;
  const start = performance.now();
  await until(() => bridge.status().ocs.state === 'connected' && bridge.status().counts.unknown === 0, 600_000);
  return { seconds: (performance.now() - start) / 1000 };
}

function rosterOf(count: number): readonly Person[] {
  return castOf(count).map(({ uri, displayName }) => ({ uri, key: sipKeyOf(uri), name: undefined, displayName }));
}

/** The simulated server in its process. */
class ServerProcess {
  readonly port: number;
  readonly ca: string;
  onChanged: (change: Extract<FromServer, { type: 'changed' }>) => void = () => {};
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, { port, ca }: Extract<FromServer, { type: 'listening' }>) {
    this.#child = child;
    this.port = port;
    this.ca = ca;
    child.on('message', (message: FromServer) => {
      if (message.type === 'changed') this.onChanged(message);
    });
  }

  static async start(people: number): Promise<ServerProcess> {
    const file = fileURLToPath(new URL('./server.ts', import.meta.url));
    const child = fork(file, [], { execArgv: ['--import', 'tsx'] });
    const listening = answerOf(child, 'listening');
    tell(child, { type: 'start', people });
    return new ServerProcess(child, await listening);
  }

  async storm(changesPerSecond: number, seconds: number): Promise<number> {
    const over = answerOf(this.#child, 'storm-over');
    tell(this.#child, { type: 'storm', changesPerSecond, seconds });
    return (await over).changes;
  }

  async restart(afterMs: number): Promise<void> {
    const restarted = answerOf(this.#child, 'restarted');
    tell(this.#child, { type: 'restart', afterMs });
    await restarted;
  }

  async requests(): Promise<{ readonly busiestSecond: number; readonly total: number }> {
    const requests = answerOf(this.#child, 'requests');
    tell(this.#child, { type: 'report' });
    return requests;
  }

  stop(): void {
    this.#child.disconnect();
  }
}

function tell(child: ChildProcess, message: ToServer): void {
  child.send(message);
}

function answerOf<Type extends FromServer['type']>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<FromServer, { type: Type }>> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the simulated server ended with exit code ${code}`)));
    const listener = (message: FromServer): void => {
      if (message.type !== type) return;
      child.off('message', listener);
      resolve(message as Extract<FromServer, { type: Type }>);
    };
    child.on('message', listener);
  });
}

async function until(condition: () => boolean, limitMs: number): Promise<void> {
  const giveUpAt = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > giveUpAt) throw new Error(`not within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function cpuSecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function heldOctets(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
