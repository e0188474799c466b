import { type HttpServer, type HttpServerOptions, startHttpServer } from '../../src/bridge/api/server.js';
import { createMetrics } from '../../src/bridge/observe/metrics.js';
import type { BridgeStatus, PersonStatus } from '../../src/bridge/status.js';
import { sipKeyOf } from '../../src/presence/ids.js';
import { bridgeStatus } from './bridge-status.js';
import { FakeViewFeed } from './fake-view-feed.js';
import { sip } from './people.js';
import { recordingLog } from './silent-log.js';
import { SimulatedClock } from './simulated-clock.js';
import { StreamReader } from './stream-reader.js';

export const TOKEN = 'Zm9yLXRlc3RzLW9ubHktMTI4LWJpdHM';
export const BEARER = { authorization: `Bearer ${TOKEN}` };

export const ANA: PersonStatus = {
  key: sipKeyOf(sip('sip:ana@contoso.example')),
  uri: sip('sip:ana@contoso.example'),
  name: undefined,
  displayName: 'Ana Reyes',
  status: 'available',
  activity: '',
  activityText: '',
  outOfOffice: false,
  note: '',
  since: 1_767_600_000_000,
  observedAt: undefined,
  source: 'ocs',
  written: true,
};

/** Stands for the compiled client, so that tests of sources need no build. */
const CLIENT_FOLDER = new URL('../fixtures/client/', import.meta.url);

export interface TestServer extends HttpServer {
  readonly clock: SimulatedClock;
  readonly feed: FakeViewFeed;
  readonly log: ReturnType<typeof recordingLog>;
  status: BridgeStatus;
  /** Fetches with the right token unless headers say otherwise. */
  get(path: string, init?: RequestInit): Promise<Response>;
  ticket(): Promise<string>;
  /** A stream opened with the token. */
  stream(): Promise<StreamReader>;
}

/** A server on a free port over a stand-in for the template's views, by a clock the test moves. */
export async function testServer(options: Partial<HttpServerOptions> = {}): Promise<TestServer> {
  const clock = new SimulatedClock();
  const feed = new FakeViewFeed();
  const log = recordingLog();
  const state = { status: bridgeStatus(clock.now()) };
  const server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    accessToken: TOKEN,
    status: () => state.status,
    people: () => [ANA],
    views: feed,
    metrics: createMetrics({ include: 'bridge' }),
    clock,
    log,
    clientFolder: CLIENT_FOLDER,
    ...options,
  });
  const running: TestServer = {
    ...server,
    clock,
    feed,
    log,
    get status() {
      return state.status;
    },
    set status(status) {
      state.status = status;
    },
    get: (path, init = { headers: BEARER }) => fetch(server.url + path, init),
    async ticket() {
      const answer = await fetch(`${server.url}/api/v1/stream-ticket`, { method: 'POST', headers: BEARER });
      return ((await answer.json()) as { ticket: string }).ticket;
    },
    stream: () => StreamReader.open(`${server.url}/stream`, { headers: BEARER }),
  };
  return running;
}
