import { describe, expect, test } from 'vitest';
import type { HeartbeatRecord } from '../../src/bridge/ports.js';
import { heartbeatFromItems, heartbeatItems } from '../../src/notes/heartbeat-items.js';
import { BridgeError } from '../../src/presence/errors.js';

const AT = Date.UTC(2026, 0, 5, 9, 30, 0);

const RECORD: HeartbeatRecord = {
  bridge: 'bridge-1',
  epoch: 4,
  version: '0.1.0',
  writtenAt: AT,
  interval: 30_000,
  connected: true,
  ocs: { state: 'connected', since: AT - 60_000 },
  notes: { state: 'connected', since: AT - 120_000 },
  people: 120,
  reachable: 40,
  unknown: 3,
};

describe('heartbeat items', () => {
  test('say until when statuses count', () => {
    expect(heartbeatItems(RECORD)).toMatchObject({
      Form: 'PresenceBridge',
      Connected: '1',
      IntervalSeconds: 30,
      WrittenAt: { type: 'datetime', data: '2026-01-05T09:30:00Z' },
      FreshUntil: { type: 'datetime', data: '2026-01-05T09:31:30Z' },
    });
  });

  test('without a connection statuses count no longer than the heartbeat itself', () => {
    expect(heartbeatItems({ ...RECORD, connected: false })).toMatchObject({
      Connected: '',
      FreshUntil: { data: '2026-01-05T09:30:00Z' },
    });
  });

  test('are read back', () => {
    expect(heartbeatFromItems(heartbeatItems(RECORD))).toEqual(RECORD);
  });

  test('name an error by its code alone', () => {
    const error = new BridgeError('OCS_UNREACHABLE', 'pool.contoso.example did not answer user secret');
    const items = heartbeatItems({ ...RECORD, ocs: { state: 'transient-disconnect', since: AT, error } });
    expect(JSON.stringify(items)).not.toContain('secret');
    expect(heartbeatFromItems(items)?.ocs).toEqual({
      state: 'transient-disconnect',
      since: AT,
      errorCode: 'OCS_UNREACHABLE',
    });
  });

  test('that name no bridge or no moment confirm nothing', () => {
    expect(heartbeatFromItems({})).toBeUndefined();
    expect(heartbeatFromItems({ ...heartbeatItems(RECORD), WrittenAt: '' })).toBeUndefined();
  });
});
