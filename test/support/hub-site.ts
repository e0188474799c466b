import { ALL_SCOPES, createGrant, type Grant } from '../../src/bridge/api/access/grant.js';
import { StreamHub, type StreamHubOptions } from '../../src/bridge/api/stream/stream-hub.js';
import { DEFAULT_STREAM_LIMITS, type StreamLimits } from '../../src/bridge/api/stream/stream-limits.js';
import { createMetrics } from '../../src/bridge/observe/metrics.js';
import type { BridgeStatus } from '../../src/bridge/status.js';
import { bridgeStatus } from './bridge-status.js';
import { FakeViewFeed } from './fake-view-feed.js';
import { FakeWire } from './fake-wire.js';
import { recordingLog } from './silent-log.js';
import { SimulatedClock, seededRandom } from './simulated-clock.js';
import type { StreamMessage } from './stream-reader.js';
import { FakeWatchedPeople } from './watched-people.js';

export interface HubSiteOptions extends Partial<Omit<StreamHubOptions, 'limits' | 'watched'>> {
  readonly limits?: Partial<StreamLimits>;
  readonly watched?: FakeWatchedPeople;
}

/** All streams of a bridge on a clock that the test moves, without a network. */
export class HubSite {
  readonly clock = new SimulatedClock();
  readonly feed = new FakeViewFeed();
  readonly log = recordingLog();
  readonly watched: FakeWatchedPeople;
  readonly hub: StreamHub;
  status: BridgeStatus = bridgeStatus(this.clock.now());

  constructor({ limits = {}, watched = new FakeWatchedPeople(), ...options }: HubSiteOptions = {}) {
    this.watched = watched;
    this.hub = new StreamHub({
      status: () => this.status,
      people: () => watched.all(),
      watched,
      stands: () => true,
      demandMessages: () => undefined,
      views: this.feed,
      language: 'en',
      freshMs: 90_000,
      metrics: createMetrics({ include: 'bridge' }),
      clock: this.clock,
      random: seededRandom(),
      log: this.log,
      limits: { ...DEFAULT_STREAM_LIMITS, ...limits },
      ...options,
    });
  }

  /** A stream of somebody who may everything, unless said otherwise. */
  open(onMessage?: (message: StreamMessage) => void, grant: Grant = EVERYTHING): FakeWire {
    const wire = new FakeWire(onMessage);
    this.hub.add(wire, grant);
    return wire;
  }
}

const EVERYTHING = createGrant({ holder: 'test', scopes: ALL_SCOPES });
