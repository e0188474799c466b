import { fileURLToPath } from 'node:url';
import { VIEWS } from '../notes/fields.js';
import type { Items } from '../notes/item-value.js';
import { createDriver } from '../notes/open-driver.js';
import { createDominoStore } from '../notes/store.js';
import { buildTemplate } from '../notes/template/build.js';
import { createViewFeed } from '../notes/template/view-feed.js';
import { createOcsSource, type OcsSourceOptions } from '../ocs/source.js';
import type { BridgeError } from '../presence/errors.js';
import { type HttpServer, startHttpServer } from './api/server.js';
import type { BridgeConfig } from './config/config.js';
import { DEFAULT_ENGINE_CONFIG } from './engine/state.js';
import { counterSync } from './observe/counter-sync.js';
import { createMetrics } from './observe/metrics.js';
import type { Clock, Log, Random, StatusStore } from './ports.js';
import { Bridge } from './runtime/bridge.js';
import { fileServers } from './runtime/known-servers.js';
import { fileAttempts } from './runtime/sign-in-attempts.js';
import { accessToken, removeState, STATE_FILES, writeState } from './runtime/state-folder.js';
import { lockState } from './runtime/state-lock.js';
import { systemClock, systemRandom } from './runtime/system.js';
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

/** Folder of the Notes template's sources. */
export const templateFolder: string = fileURLToPath(new URL('nsf-templates/presence', packageRoot));

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
  const { language } = config.bridge;
  const views = createViewFeed(buildTemplate({ folder: templateFolder, language }).dxl, {
    language,
    views: [VIEWS.people, VIEWS.byStatus],
  });
  const metrics = createMetrics();
  const store: StatusStore = createDominoStore(
    {
      driver: createDriver(config.domino, { clock, log }),
      bridge: config.bridge.name,
      notes: config.notes,
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
      attempts: fileAttempts(config.bridge.stateFolder, { random, log }),
      servers: fileServers(config.bridge.stateFolder, { log }),
      onRefused: (reason) => metrics.inc('documents_refused_total', 1, { reason }),
      onDropped: (reason) => metrics.inc('messages_dropped_total', 1, { reason }),
    },
    ports,
  );
  const bridge = new Bridge(
    {
      ...DEFAULT_ENGINE_CONFIG,
      bridge: config.bridge.name,
      version,
      windowMs: config.bridge.window,
      graceMs: config.bridge.grace,
      heartbeatMs: config.bridge.heartbeat,
      batchSize: config.bridge.batchSize,
      sweepPerSecond: config.bridge.sweepPerSecond,
      reconcileAt: config.bridge.reconcileAt,
      notes: config.notes,
    },
    { source, store, ...ports },
    {
      onWritten(milliseconds) {
        for (const value of milliseconds) metrics.observe('change_to_write_seconds', value / 1000);
      },
      onRefused: ({ code }) => metrics.inc('write_failures_total', 1, { code }),
      onLink(partner, report) {
        if (report.state === 'connecting') return;
        if (report.error) metrics.inc('reconnects_total', 1, { link: partner, reason: report.error.code });
      },
    },
  );
  const syncCounters = counterSync(metrics);
  const token = accessToken(config.bridge.stateFolder, random);
  const http = await startHttpServer({
    ...config.http,
    accessToken: token,
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
    people: () => bridge.people(),
    views,
    self: source,
    language,
    metrics,
    clock,
    log,
  });
  try {
    writeState(config.bridge.stateFolder, STATE_FILES.address, http.url);
  } catch (thrown) {
    // An open port would keep a process alive whose start failed.
    await http.close();
    throw thrown;
  }
  bridge.start({ people: config.people, optedOut: new Set() });
  return {
    bridge,
    http,
    views,
    token,
    boardUrl: `${http.url}/#token=${token}`,
    failed: bridge.failed,
    async stop() {
      await bridge.stop();
      await http.close();
      // Nobody should send the token to whatever takes the port next.
      removeState(config.bridge.stateFolder, STATE_FILES.address);
      unlock();
    },
  };
}
