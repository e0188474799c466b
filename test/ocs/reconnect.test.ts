import { expect, test } from 'vitest';
import { reconnectAfter } from '../../src/ocs/reconnect.js';
import { BridgeError, type ErrorCode } from '../../src/presence/errors.js';

const LIMITS = { baseMs: 1000, capMs: 300_000 };
const after = (code: ErrorCode, attempt = 0, retryAfter?: number) =>
  reconnectAfter(new BridgeError(code, ''), attempt, 0.5, LIMITS, retryAfter);

test('a refused password is never tried again', () => {
  expect(after('OCS_BAD_CREDENTIALS')).toEqual({ state: 'bad-credentials', delay: undefined });
});

test('a certificate that is not trusted is looked at again after a quarter of an hour', () => {
  for (const code of ['OCS_TLS_UNTRUSTED', 'OCS_TLS_NAME'] as const) {
    expect(after(code)).toEqual({ state: 'untrusted-peer', delay: 900_000 });
  }
});

test('a refusal by policy is asked about again after half an hour', () => {
  for (const code of ['OCS_FORBIDDEN', 'OCS_ACCOUNT_UNKNOWN', 'OCS_AUTH_UNSUPPORTED', 'OCS_DEREGISTERED'] as const) {
    expect(after(code)).toEqual({ state: 'refused', delay: 1_800_000 });
  }
  expect(after('OCS_FORBIDDEN', 0, 3_000_000).delay).toBe(3_000_000);
});

test('everything else is a passing disconnection with growing pauses', () => {
  expect(after('OCS_CONNECTION_LOST')).toEqual({ state: 'transient-disconnect', delay: 500 });
  expect(after('OCS_UNREACHABLE', 3)).toEqual({ state: 'transient-disconnect', delay: 4000 });
  expect(after('OCS_REJECTED', 0, 60_000).delay).toBe(60_500);
});
