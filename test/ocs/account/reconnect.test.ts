import { expect, test } from 'vitest';
import { concernsAccount, linkStateAfter, reconnectAfter, restAfter } from '../../../src/ocs/account/reconnect.js';
import { BridgeError, type ErrorCode } from '../../../src/presence/errors.js';

const LIMITS = { baseMs: 1000, capMs: 300_000 };
const MINUTE_MS = 60_000;
const error = (code: ErrorCode): BridgeError => new BridgeError(code, '');
const after = (code: ErrorCode, attempt = 0, retryAfter?: number) =>
  reconnectAfter(error(code), attempt, 0.5, LIMITS, retryAfter);

test('after a refused password there is one probe in half an hour', () => {
  expect(after('OCS_BAD_CREDENTIALS')).toEqual({ state: 'bad-credentials', delay: 30 * MINUTE_MS });
  expect(after('OCS_BAD_CREDENTIALS', 9)).toEqual({ state: 'bad-credentials', delay: 30 * MINUTE_MS });
});

test('of the pause after a refused password only the rest is waited for after a restart', () => {
  expect(after('OCS_BAD_CREDENTIALS', 0, 10 * MINUTE_MS).delay).toBe(10 * MINUTE_MS);
  expect(after('OCS_BAD_CREDENTIALS', 0, 90 * MINUTE_MS).delay).toBe(30 * MINUTE_MS);
  expect(after('OCS_BAD_CREDENTIALS', 0, -5).delay).toBe(1_000);
});

test('a certificate that is not trusted is looked at again after a quarter of an hour', () => {
  for (const code of ['OCS_TLS_UNTRUSTED', 'OCS_TLS_NAME'] as const) {
    expect(after(code)).toEqual({ state: 'untrusted-peer', delay: 15 * MINUTE_MS });
    expect(restAfter(error(code), undefined)).toBe(15 * MINUTE_MS);
  }
});

test('a refusal by policy is asked about again after half an hour', () => {
  for (const code of ['OCS_FORBIDDEN', 'OCS_ACCOUNT_UNKNOWN', 'OCS_AUTH_UNSUPPORTED', 'OCS_DEREGISTERED'] as const) {
    expect(after(code)).toEqual({ state: 'refused', delay: 30 * MINUTE_MS });
  }
  expect(after('OCS_FORBIDDEN', 0, 50 * MINUTE_MS).delay).toBe(50 * MINUTE_MS);
});

test('an endpoint that was one too many stays away for ten minutes, one that was signed off otherwise for half an hour', () => {
  for (const [event, minutes] of [
    ['unregistered', 10],
    ['rejected', 30],
    ['something-new', 30],
  ] as const) {
    const signedOff = new BridgeError('OCS_DEREGISTERED', '', { details: { event } });
    expect(reconnectAfter(signedOff, 3, 0.5, LIMITS)).toEqual({ state: 'refused', delay: minutes * MINUTE_MS });
    expect(restAfter(signedOff, undefined)).toBe(minutes * MINUTE_MS);
  }
});

test('settings that cannot be used are a refusal, not a disconnection', () => {
  expect(after('CFG_INVALID')).toEqual({ state: 'refused', delay: 30 * MINUTE_MS });
  expect(after('OCS_KERBEROS_UNAVAILABLE').state).toBe('refused');
});

test('everything else is a passing disconnection with growing pauses', () => {
  expect(after('OCS_CONNECTION_LOST')).toEqual({ state: 'transient-disconnect', delay: 500 });
  expect(after('OCS_UNREACHABLE', 3)).toEqual({ state: 'transient-disconnect', delay: 4000 });
  expect(after('OCS_REJECTED', 0, 60_000).delay).toBe(60_500);
});

test('what concerns the account is the same at every server', () => {
  expect(concernsAccount(error('OCS_BAD_CREDENTIALS'))).toBe(true);
  expect(concernsAccount(error('OCS_FORBIDDEN'))).toBe(true);
  expect(concernsAccount(error('OCS_TLS_NAME'))).toBe(false);
  expect(concernsAccount(error('OCS_AUTH_UNSUPPORTED'))).toBe(false);
  expect(restAfter(error('OCS_AUTH_UNSUPPORTED'), undefined)).toBe(30 * MINUTE_MS);
  expect(concernsAccount(error('OCS_UNREACHABLE'))).toBe(false);
  expect(linkStateAfter(error('OCS_REDIRECT'))).toBe('transient-disconnect');
});

test('an overloaded server rests as long as it asks for, an hour at most', () => {
  expect(restAfter(error('OCS_REJECTED'), 90_000)).toBe(90_000);
  expect(restAfter(error('OCS_REJECTED'), 24 * 60 * MINUTE_MS)).toBe(60 * MINUTE_MS);
  expect(restAfter(error('OCS_REJECTED'), -5)).toBe(0);
  expect(restAfter(error('OCS_UNREACHABLE'), undefined)).toBe(0);
});
