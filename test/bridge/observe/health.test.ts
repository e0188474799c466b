import { describe, expect, test } from 'vitest';
import { healthLimits, healthOf } from '../../../src/bridge/observe/health.js';
import { BridgeError } from '../../../src/presence/errors.js';
import { bridgeStatus } from '../../support/bridge-status.js';

const NOW = 1_767_600_000_000;

describe('healthOf', () => {
  test('calls a bridge healthy when both links stand and the heartbeat is current', () => {
    expect(healthOf(bridgeStatus(NOW), NOW)).toEqual({ healthy: true, reasons: [] });
  });

  test('names the link that is down and the code of its error', () => {
    const error = new BridgeError('OCS_UNREACHABLE', 'connect ECONNREFUSED');
    const status = bridgeStatus(NOW, { ocs: { state: 'transient-disconnect', since: NOW, error } });
    expect(healthOf(status, NOW)).toEqual({
      healthy: false,
      reasons: ['OCS is transient-disconnect (OCS_UNREACHABLE).'],
    });
  });

  test('calls a bridge on standby healthy while it is signed in, though it writes no heartbeat', () => {
    const role = { state: 'standby', since: NOW, holder: 'the other' } as const;
    const notes = { state: 'starting', since: NOW } as const;
    expect(healthOf(bridgeStatus(NOW, { role, notes, heartbeatAt: undefined }), NOW).healthy).toBe(true);
    const ocs = { state: 'connecting', since: NOW } as const;
    expect(healthOf(bridgeStatus(NOW, { role, notes, ocs }), NOW).reasons).toEqual(['OCS is connecting.']);
  });

  test('calls a bridge on standby unhealthy while no other one is known to write, as when Domino is away', () => {
    const role = { state: 'standby', since: NOW, holder: '' } as const;
    const notes = { state: 'stopped', since: NOW } as const;
    expect(healthOf(bridgeStatus(NOW, { role, notes, heartbeatAt: undefined }), NOW)).toEqual({
      healthy: false,
      reasons: ['This bridge does not write, and no other one is known to.'],
    });
  });

  test('trusts a heartbeat as long as readers do, however rarely it comes', () => {
    const limits = healthLimits(600_000);
    const at = (heartbeatAt: number) => healthOf(bridgeStatus(NOW, { heartbeatAt }), NOW, limits).healthy;
    expect([at(NOW - 599_000), at(NOW - 1_800_001)]).toEqual([true, false]);
  });

  test('names each reason when several things are wrong', () => {
    const status = bridgeStatus(NOW, {
      notes: { state: 'connecting', since: NOW },
      heartbeatAt: undefined,
      pendingWrites: 7,
      oldestPendingMs: 61_000,
    });
    expect(healthOf(status, NOW).reasons).toEqual([
      'Domino is connecting.',
      'No heartbeat has been written yet.',
      '7 states wait for Domino, the oldest for 61 s.',
    ]);
  });

  test('stops trusting a heartbeat past its age', () => {
    const limits = { heartbeatAge: 30_000, pendingAge: 1000 };
    const at = (heartbeatAt: number) => healthOf(bridgeStatus(NOW, { heartbeatAt }), NOW, limits).healthy;
    expect(at(NOW - 30_000)).toBe(true);
    expect(at(NOW - 30_001)).toBe(false);
  });
});
