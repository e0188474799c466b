import { STATUSES } from '../../presence/availability.js';
import { CONFIGURATION_SOURCE, type DirectoryCounts, MAPPING_OUTCOMES } from '../../presence/directory.js';
import type { LinkReport, LinkState } from '../ports.js';
import type { BridgeStatus } from '../status.js';
import { DEFAULT_HEALTH_LIMITS, type HealthLimits, healthOf } from './health.js';
import type { Metrics } from './metrics.js';

/** A record, so that the compiler asks for a state that is missing here. */
const LINK_STATES: Readonly<Record<LinkState, true>> = {
  starting: true,
  connecting: true,
  connected: true,
  'transient-disconnect': true,
  'bad-credentials': true,
  'untrusted-peer': true,
  refused: true,
  stopped: true,
};

/** Sets every gauge that follows from the bridge's status. Called at each scrape, so that gauges cannot go stale. */
export function recordStatus(
  metrics: Metrics,
  status: BridgeStatus,
  now: number,
  limits: HealthLimits = DEFAULT_HEALTH_LIMITS,
): void {
  metrics.set('up', healthOf(status, now, limits).healthy ? 1 : 0);
  recordLink(metrics, 'ocs_link_state', status.ocs);
  recordLink(metrics, 'notes_link_state', status.notes);
  for (const name of STATUSES) metrics.set('people', status.counts[name], { status: name });
  const { dialogs = 0, subscribed = 0, categorySubscriptions = 0, polled = 0 } = status.watching ?? {};
  metrics.set('subscription_dialogs', dialogs);
  metrics.set('subscribed_people', subscribed);
  metrics.set('category_subscriptions', categorySubscriptions);
  metrics.set('polled_people', polled);
  metrics.set('active', status.role.state === 'active' ? 1 : 0);
  metrics.set('epoch', status.epoch);
  metrics.set('doubtful_documents', status.doubtful);
  metrics.set('pending_writes', status.pendingWrites);
  metrics.set('oldest_pending_seconds', status.oldestPendingMs / 1000);
  metrics.set('heartbeat_age_seconds', status.heartbeatAt === undefined ? -1 : (now - status.heartbeatAt) / 1000);
}

/** Sets the gauges of the directory, likewise. */
export function recordDirectory(metrics: Metrics, { outcomes, sources }: DirectoryCounts, now: number): void {
  for (const outcome of MAPPING_OUTCOMES) metrics.set('directory_people', outcomes[outcome], { outcome });
  const ages = sources
    .filter(({ source }) => source !== CONFIGURATION_SOURCE)
    .map(({ readAt }) => (readAt === undefined ? undefined : (now - readAt) / 1000));
  metrics.set('directory_source_age_seconds', ages.includes(undefined) ? -1 : Math.max(0, ...(ages as number[])));
}

function recordLink(metrics: Metrics, name: 'ocs_link_state' | 'notes_link_state', link: LinkReport): void {
  for (const state of Object.keys(LINK_STATES)) metrics.set(name, link.state === state ? 1 : 0, { state });
}
