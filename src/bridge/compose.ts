import { X509Certificate } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPersonDesk } from '../notes/desk/person-desk.js';
import { createDirectory } from '../notes/directory/service.js';
import type { Driver } from '../notes/driver.js';
import { PEOPLE_VIEWS } from '../notes/fields.js';
import type { Items } from '../notes/item-value.js';
import { createLeaseStore } from '../notes/lease-store.js';
import { createDriver, type DriverConfig, type DriverPorts, otherDatabase, placeOf } from '../notes/open-driver.js';
import { createDominoStore } from '../notes/store.js';
import { buildTemplate } from '../notes/template/source/build.js';
import { createViewFeed } from '../notes/template/views/view-feed.js';
import { createOcsSource, type OcsSourceOptions } from '../ocs/source.js';
import type { BridgeError } from '../presence/errors.js';
import { freshFor } from '../presence/freshness.js';
import { type HttpServer, startHttpServer } from './api/server.js';
import { leaseCoordinator } from './cluster/coordinator.js';
import { soleBridge } from './cluster/sole-bridge.js';
import type { BridgeConfig } from './config/config.js';
import { DEFAULT_ENGINE_CONFIG } from './engine/state.js';
import type { Coordinator } from './lease-ports.js';
import { bridgeMetrics } from './observe/bridge-metrics.js';
import { counterSync } from './observe/counter-sync.js';
import { healthLimits } from './observe/health.js';
import { createMetrics } from './observe/metrics.js';
import type { Clock, Directory, Log, Random } from './ports.js';
import { Bridge, type RunConfig } from './runtime/bridge.js';
import { instanceId } from './runtime/instance-id.js';
import { fileServers } from './runtime/known-servers.js';
import { liveViews } from './runtime/live-views.js';
import { personTraces, wantedByConfig } from './runtime/person-traces.js';
import { fileAttempts } from './runtime/sign-in-attempts.js';
import { accessToken, removeState, STATE_FILES, writeState } from './runtime/state-folder.js';
import { lockState } from './runtime/state-lock.js';
import { systemClock, systemRandom } from './runtime/system.js';
import { fileTokens } from './runtime/token-files.js';
import { packageRoot, version } from './version.js';
import type { ViewFeed } from './view-ports.js';

export interface ComposeOptions {
  readonly log: Log;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Called with every document as it stands in the store after a write; `undefined` when it was deleted. */
  readonly onDocument?: (id: string, items: Items | undefined) => void;
}

export interface RunningBridge {
  readonly bridge: Bridge;
  readonly http: HttpServer;
  readonly views: ViewFeed;
  /** Key to the HTTP API. */
  readonly token: string;
  /** Address of the board with the token in its fragment, which browsers do not send anywhere. */
  readonly boardUrl: string;
  /** Resolves with the reason when the bridge cannot go on. */
  readonly failed: Promise<BridgeError>;
  stop(): Promise<void>;
}

/** Folder of the templates that this package brings, one folder each, and of what installs them. */
export const templatesFolder: string = fileURLToPath(new URL('nsf-templates', packageRoot));

/** Folder of the presence database's template. */
export const templateFolder: string = join(templatesFolder, 'presence');

/** One connection attempt in half a minute, on average, is nothing to a server, and a minute the most a user should wait. */
const RECONNECT = { baseMs: 1_000, capMs: 60_000 } as const;

/** How the configuration reads for the OCS client. */
export function ocsOptions(config: BridgeConfig): OcsSourceOptions {
  return { ...config.ocs, notes: config.notes, backoff: RECONNECT };
}

/**
 * Builds a bridge from its configuration and starts it: the only place that knows all concrete classes. Throws
 * `BRIDGE_RUNNING` while another bridge holds the state folder, `API_PORT` when the port is taken.
 */
export async function startBridge(config: BridgeConfig, options: ComposeOptions): Promise<RunningBridge> {
  const unlock = lockState(config.bridge.stateFolder);
  try {
    return await startLocked(config, options, unlock);
  } catch (thrown) {
    unlock();
    throw thrown;
  }
}

async function startLocked(config: BridgeConfig, options: ComposeOptions, unlock: () => void): Promise<RunningBridge> {
  const { log, clock = systemClock, random = systemRandom } = options;
  const ports = { clock, random, log };
  const { stateFolder, language } = config.bridge;
  const views = createViewFeed(buildTemplate({ folder: templateFolder, language }).dxl, {
    language,
    views: PEOPLE_VIEWS,
  });
  const metrics = createMetrics();
  const keep = { log, onFailed: (file: string) => metrics.inc('state_write_failures_total', 1, { file }) };
  const attempts = fileAttempts(stateFolder, { random, ...keep });
  const driverPorts = { ...ports, refusedLogins: attempts };
  const driver = createDriver(config.domino, driverPorts);
  const instance = instanceId(stateFolder, { random, ...keep });
  const { coordinator, release } = createCoordinator(config, instance, driverPorts);
  const store = createDominoStore(
    {
      driver,
      bridge: config.bridge.name,
      notes: config.notes,
      mayWrite: () => coordinator.mayWrite(),
      onDocument(id, items) {
        if (items === undefined) views.remove(id);
        else views.put(id, items);
        options.onDocument?.(id, items);
      },
    },
    { log },
  );
  const source = createOcsSource(
    {
      ...ocsOptions(config),
      instance,
      attempts,
      servers: fileServers(stateFolder, keep),
      onRefused: (reason) => metrics.inc('documents_refused_total', 1, { reason }),
      onDropped: (reason) => metrics.inc('messages_dropped_total', 1, { reason }),
    },
    ports,
  );
  const directory = configuredDirectory(config, driver, driverPorts);
  const bridge = new Bridge(
    engineConfig(config),
    { source, store, mayWrite: () => coordinator.mayWrite(), release, ...ports },
    bridgeMetrics(metrics),
  );
  const { watched } = bridge;
  const syncCounters = counterSync(metrics);
  const token = accessToken(stateFolder, random, log);
  const http = await startHttpServer({
    ...config.http,
    withoutToken: config.http.presenceWithoutToken ?? [],
    onCertificate: (cert) => writeState(stateFolder, STATE_FILES.certificate, new X509Certificate(cert).toString()),
    accessToken: token,
    tokens: fileTokens(stateFolder, keep),
    status() {
      const { observations, changes, coalesced, written } = bridge.counters;
      syncCounters({
        observations_total: observations,
        changes_total: changes,
        coalesced_total: coalesced,
        writes_total: written,
      });
      return bridge.status();
    },
    people: () => watched.all(),
    watched,
    query: { find: (text, sees) => watched.resolve(text, sees), freshMs: freshFor(config.bridge.heartbeat) },
    directory: () => directory.counts(),
    lookUp: (text) => directory.lookUp(text),
    desk: createPersonDesk(
      {
        driver,
        store: placeOf(config.domino),
        traces: (subject) => personTraces(config, subject),
        wantedBy: (subject) => wantedByConfig(config, subject),
        directory,
        live: (keys) => liveViews(keys, watched.all(), bridge.status()),
        forget: (keys) => store.remove(keys),
      },
      ports,
    ),
    reconcile: () => bridge.reconcile(),
    views,
    owners: { person: (key) => watched.byKey(key), revision: () => watched.revision() },
    account: config.ocs.account,
    self: source,
    others: bridge.others,
    language,
    health: healthLimits(config.bridge.heartbeat),
    metrics,
    clock,
    log,
  });
  try {
    writeState(stateFolder, STATE_FILES.address, http.url);
  } catch (thrown) {
    // An open port would keep a process alive whose start failed.
    await http.close();
    throw thrown;
  }
  // Signed in at once; documents are touched when it is known who may be shown, and that this bridge may write.
  bridge.start(undefined, { state: 'standby', holder: '' });
  directory.start((roster) => bridge.setRoster(roster));
  coordinator.start((role) => bridge.setRole(role));
  return {
    bridge,
    http,
    views,
    token,
    boardUrl: `${http.url}/#token=${token}`,
    failed: bridge.failed,
    async stop() {
      await directory.stop();
      await bridge.stop();
      await http.close();
      // Nobody should send the token to whatever takes the port next.
      removeState(stateFolder, STATE_FILES.address);
      removeState(stateFolder, STATE_FILES.certificate);
      unlock();
    },
  };
}

function engineConfig({ bridge, notes, ocs, lists = [] }: BridgeConfig): RunConfig {
  return {
    ...DEFAULT_ENGINE_CONFIG,
    bridge: bridge.name,
    version,
    windowMs: bridge.window,
    graceMs: bridge.grace,
    heartbeatMs: bridge.heartbeat,
    batchSize: bridge.batchSize,
    sweepPerSecond: bridge.sweepPerSecond,
    reconcileAt: bridge.reconcileAt,
    notes,
    lists,
    accounts: [ocs, ...ocs.moreAccounts].map(({ account }) => account),
  };
}

interface Lease {
  readonly coordinator: Coordinator;
  /** To be called when the last document is written. */
  readonly release: () => Promise<void>;
}

/**
 * The embedded store belongs to one process at a time, so there is nobody to compete with. Otherwise the lease has a
 * connection of its own: a renewal must not wait behind a hundred documents.
 */
function createCoordinator({ bridge, domino }: BridgeConfig, instance: string, ports: BasePorts): Lease {
  if (domino.kind === 'embedded') {
    const coordinator = soleBridge();
    return { coordinator, release: () => coordinator.stop() };
  }
  const driver = createDriver(domino, ports);
  const coordinator = leaseCoordinator(
    {
      instance,
      instanceName: `${hostname()} (${bridge.stateFolder})`,
      durationMs: bridge.lease,
    },
    { store: createLeaseStore({ driver, bridge: bridge.name }, ports), ...ports },
  );
  return { coordinator, release: () => coordinator.stop().then(() => driver.close()) };
}

/**
 * The directory of a configuration. `presence` is the driver of the presence database and stays open when the directory
 * stops.
 */
export function configuredDirectory(
  {
    bridge,
    domino,
    people,
    directory,
    lists = [],
  }: Pick<BridgeConfig, 'bridge' | 'people' | 'directory' | 'lists'> & { domino: DriverConfig },
  presence: Driver,
  ports: BasePorts,
): Directory {
  const { database, csvFile, sipItems, refresh, ...settings } = directory;
  return createDirectory(
    {
      presence,
      ...(database === undefined ? {} : { directory: createDriver(otherDatabase(domino, database), ports) }),
      ...(csvFile === undefined ? {} : { csvFile }),
      bridge: bridge.name,
      people,
      notPeople: new Set(lists.flatMap(({ entry }) => (entry === undefined ? [] : [entry.person.uri]))),
      settings,
      sipItems,
      refreshMs: refresh,
    },
    ports,
  );
}

interface BasePorts extends DriverPorts {
  readonly random: Random;
}
