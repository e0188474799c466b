import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addressesFor,
  formatLastGood,
  isFresh,
  type LastGood,
  parseLastGood,
} from '../../../src/ocs/link/last-good.js';

const HOUR_MS = 3_600_000;
const GOOD: LastGood = {
  host: 'ocs01.contoso.example',
  port: 5061,
  transport: 'tls',
  addresses: ['192.0.2.1', '2001:db8::1'],
  at: 1_000_000,
};
const DOWN = { kind: 'failed', reason: 'no answer in time' } as const;

test('survives being written and read', () => {
  expect(parseLastGood(formatLastGood(GOOD))).toEqual(GOOD);
});

test('anything else that stands in the file is ignored', () => {
  const other = (change: Record<string, unknown>): string => JSON.stringify({ ...GOOD, ...change });
  for (const text of [
    '',
    'null',
    '[]',
    '{"host":1}',
    other({ host: 'a b' }),
    other({ port: 0 }),
    other({ port: 70_000 }),
    other({ transport: 'udp' }),
    other({ addresses: 'x' }),
    other({ at: '1' }),
    `${formatLastGood(GOOD)}${' '.repeat(3000)}`,
  ]) {
    expect(parseLastGood(text)).toBeUndefined();
  }
  expect(parseLastGood(other({ addresses: ['evil', '192.0.2.1', 5] }))?.addresses).toEqual(['192.0.2.1']);
  fc.assert(fc.property(fc.json(), (text) => void parseLastGood(text)));
});

test('an answer of the name service counts, also when it is no', () => {
  const found = { kind: 'records', records: ['192.0.2.7'] } as const;
  expect(addressesFor(GOOD.host, found, GOOD, GOOD.at)).toEqual({ addresses: ['192.0.2.7'], from: 'dns' });
  const none = { kind: 'none', reason: 'no such name' } as const;
  expect(addressesFor(GOOD.host, none, GOOD, GOOD.at)).toEqual({ reason: 'no such name' });
});

test('without the name service the last good address serves for an hour, and only for its own name', () => {
  expect(addressesFor(GOOD.host, DOWN, GOOD, GOOD.at + HOUR_MS)).toEqual({ addresses: GOOD.addresses, from: 'memory' });
  expect(addressesFor(GOOD.host, DOWN, GOOD, GOOD.at + HOUR_MS + 1)).toEqual({ reason: DOWN.reason });
  expect(addressesFor('other.contoso.example', DOWN, GOOD, GOOD.at)).toEqual({ reason: DOWN.reason });
  expect(addressesFor(GOOD.host, DOWN, undefined, GOOD.at)).toEqual({ reason: DOWN.reason });
});

test('what lies in the future, after the clock went back, is not trusted', () => {
  expect(isFresh(GOOD, GOOD.at - 1)).toBe(false);
  expect(isFresh({ ...GOOD, addresses: [] }, GOOD.at)).toBe(false);
});
