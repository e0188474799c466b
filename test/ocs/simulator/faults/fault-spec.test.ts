import { describe, expect, test } from 'vitest';
import { FAULTS } from '../../../../src/ocs/simulator/faults/catalogue.js';
import { durationText, readDuration } from '../../../../src/ocs/simulator/faults/duration.js';
import { readFault } from '../../../../src/ocs/simulator/faults/fault-spec.js';

const NEEDS_VALUE: Readonly<Record<string, string>> = {
  refuse: 'SUBSCRIBE/403',
  'refuse-address': 'dora@contoso.example',
};

describe('a fault as somebody writes it', () => {
  test.each(FAULTS.map(({ name }) => name))('%s can be chosen by its name', (name) => {
    const value = NEEDS_VALUE[name];
    expect(readFault(value === undefined ? name : `${name}=${value}`)).toMatchObject({ ok: true });
  });

  test('has a value and a scope', () => {
    const read = readFault(
      'slow=200; user=SIP:Ana@contoso.example, from=5s, until=2m, probability=0.25, count=3, seed=9',
    );
    expect(read).toMatchObject({
      ok: true,
      value: {
        name: 'slow',
        scope: { user: 'sip:ana@contoso.example', from: 5_000, until: 120_000, probability: 0.25, count: 3, seed: 9 },
      },
    });
  });

  test.each([
    ['slwo', 'there is no fault "slwo"; known are silence'],
    ['silence=1', 'silence: it takes no value'],
    ['slow=fast', 'slow: "fast" is no whole number from 1 on'],
    ['slow=0', 'slow: "0" is no whole number from 1 on'],
    ['glue=soon', 'glue: "soon" is not a time; write 5s, 200ms, 2m or 8h'],
    ['certificate=old', '"old" is none of expired, wrong-name, unknown-authority'],
    ['redirect=a b', '"a b" is no server; write host:port'],
    ['refuse=403', 'METHOD/status was expected'],
    ['refuse-address=tel:1', 'refuse-address: it must be a sip: address'],
    ['cut;form=1s', '"form" is none of user, from, until, probability, count, seed, every'],
    ['cut;from=1s,from=2s', '"from" stands twice'],
    ['cut;from=2s,until=1s', '"until" must be later than "from"'],
    ['cut;probability=2', '"probability" is 0 to 1'],
    ['cut;count=-1', '"count" is a whole number'],
    ['subscription-ends;every=0s', '"every" must be longer than 0'],
  ])('%s is refused with the reason', (text, reason) => {
    const read = readFault(text);
    expect(read.ok ? '' : read.reason).toContain(reason);
  });

  test('has times as people write them', () => {
    expect(['5s', '200ms', '2m', '8h', '3', '0.5s'].map((text) => readDuration(text))).toEqual(
      [5_000, 200, 120_000, 28_800_000, 3_000, 500].map((value) => ({ ok: true, value })),
    );
    expect([5_000, 200, 120_000].map(durationText)).toEqual(['5s', '200ms', '2m']);
    expect(readDuration('999h')).toMatchObject({ ok: false });
  });
});
