import { expect, test } from 'vitest';
import { epidFor, instanceOf } from '../../../src/ocs/agent/endpoint.js';
import type { SipUri } from '../../../src/presence/ids.js';

const ACCOUNT = 'sip:bridge@contoso.example' as SipUri;

/** epid and instance as published in MS-PRES, MS-SIPRE, MS-SIPAE and MS-SIPREGE examples. */
const PUBLISHED: readonly (readonly [string, string])[] = [
  ['84d3db8c23', '221ef77e-3a68-5570-86ed-6ea5bd4b7ff8'],
  ['3102EB8BD1', '7af002fa-d372-5a55-b2f8-093c4c99f564'],
  ['01010101', '4b1682a8-f968-5701-83fc-7c6741dc6697'],
  ['c8ca638a15', '34d859db-6585-5f91-a3b4-de853c15347d'],
  ['8248ca9ebb', '4233fd41-093b-5fd6-b5d2-651ed55969e6'],
  ['2ebb6f264f', '124841e4-264d-52e8-96c5-d22aa8cdc316'],
  ['a0ae9e6cb0', 'c1589240-e660-594f-a8b3-4b55f358cbc1'],
];

for (const [epid, instance] of PUBLISHED) {
  test(`derives the published instance of epid ${epid}`, () => {
    expect(instanceOf(epid)).toBe(instance);
  });
}

test('an epid is ten hexadecimal digits, the same after a restart and another on another machine', () => {
  expect(epidFor(ACCOUNT, 'notes1')).toMatch(/^[0-9a-f]{10}$/);
  expect(epidFor(ACCOUNT, 'notes1')).toBe(epidFor(ACCOUNT, 'notes1'));
  expect(epidFor(ACCOUNT, 'notes2')).not.toBe(epidFor(ACCOUNT, 'notes1'));
});
