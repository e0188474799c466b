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

/**
 * Whether the bridge does its work now: both links stand, the heartbeat is current, nothing waits too long. One on standby
 * writes nothing; its work is to be signed in.
 */
export function healthOf(status: BridgeStatus, now: number, limits: HealthLimits = DEFAULT_HEALTH_LIMITS): Health {
  const ocs = linkReason('OCS', status.ocs);
  if (status.role.state === 'standby') return { healthy: ocs === undefined, reasons: ocs === undefined ? [] : [ocs] };
  const reasons = [
    ocs,
    linkReason('Domino', status.notes),
    heartbeatReason(status.heartbeatAt, now, limits),
    status.oldestPendingMs > limits.pendingAge
      ? `${status.pendingWrites} states wait for Domino, the oldest for ${seconds(status.oldestPendingMs)} s.`
      : undefined,
  ].filter((reason) => reason !== undefined);
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
