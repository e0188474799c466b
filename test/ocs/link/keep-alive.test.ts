import { expect, test } from 'vitest';
import { keepAliveTimeout, keepAliveTurn } from '../../../src/ocs/link/keep-alive.js';

test('speaks after 48 seconds of own silence until the server has named its timeout', () => {
  expect(keepAliveTurn(0, 47_000, undefined)).toEqual({ ping: false, wait: 1000 });
  expect(keepAliveTurn(0, 48_000, undefined)).toEqual({ ping: true, wait: 48_000 });
});

test("speaks at eight tenths of the server's timeout, but never more often than each four seconds", () => {
  expect(keepAliveTurn(0, 240_000, 300)).toEqual({ ping: true, wait: 240_000 });
  expect(keepAliveTurn(0, 1000, 0.001)).toEqual({ ping: false, wait: 3000 });
});

test('reads the timeout of a server', () => {
  expect(keepAliveTimeout('UAS; tcp=no; hop-hop=yes; end-end=no; timeout=300')).toBe(300);
  expect(keepAliveTimeout('UAS;timeout = 90')).toBe(90);
  for (const header of [undefined, '', 'UAS', 'UAS; timeout=0', 'UAS; timeout=abc', 'UAS; xtimeout=5']) {
    expect(keepAliveTimeout(header)).toBeUndefined();
  }
});
