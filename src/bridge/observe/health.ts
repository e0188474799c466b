import { freshUntil } from '../../presence/freshness.js';
import type { LinkReport } from '../ports.js';
import type { BridgeStatus } from '../status.js';

export interface Health {
  readonly healthy: boolean;
  /** What is wrong, one sentence each; empty when healthy. Never a person. */
  readonly reasons: readonly string[];
}

export interface HealthLimits {
  /** Age at which the heartbeat document no longer confirms anything, milliseconds. */
  readonly heartbeatAge: number;
  /** How long a person's newest state may wait for Domino, milliseconds. */
  readonly pendingAge: number;
}

export const DEFAULT_HEALTH_LIMITS: HealthLimits = { heartbeatAge: 180_000, pendingAge: 60_000 };

/** The limits of a bridge with this interval between heartbeats, milliseconds: its readers believe one no longer. */
export function healthLimits(interval: number): HealthLimits {
  return { ...DEFAULT_HEALTH_LIMITS, heartbeatAge: freshUntil({ writtenAt: 0, interval, connected: true }) };
}

/**
 * Whether the bridge does its work now: both links stand, the heartbeat is current, nothing waits too long. One on standby
 * writes nothing; its work is to be signed in, and to see that another one writes.
 */
export function healthOf(status: BridgeStatus, now: number, limits: HealthLimits = DEFAULT_HEALTH_LIMITS): Health {
  const ocs = linkReason('OCS', status.ocs);
  const others =
    status.role.state === 'standby'
      ? [status.role.holder === '' ? 'This bridge does not write, and no other one is known to.' : undefined]
      : [
          linkReason('Domino', status.notes),
          heartbeatReason(status.heartbeatAt, now, limits),
          status.oldestPendingMs > limits.pendingAge
            ? `${status.pendingWrites} states wait for Domino, the oldest for ${seconds(status.oldestPendingMs)} s.`
            : undefined,
        ];
  const reasons = [ocs, ...others].filter((reason) => reason !== undefined);
  return { healthy: reasons.length === 0, reasons };
}

function linkReason(side: string, link: LinkReport): string | undefined {
  if (link.state === 'connected') return undefined;
  return `${side} is ${link.state}${link.error ? ` (${link.error.code})` : ''}.`;
}

function heartbeatReason(heartbeatAt: number | undefined, now: number, limits: HealthLimits): string | undefined {
  if (heartbeatAt === undefined) return 'No heartbeat has been written yet.';
  const age = now - heartbeatAt;
  return age > limits.heartbeatAge ? `The heartbeat is ${seconds(age)} s old.` : undefined;
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 1000);
}
