import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { missingFlags, parseChallenge } from '../../../../src/ocs/auth/ntlm/challenge.js';

/** MS-NLMP 4.2.4.3. */
const PUBLISHED = Buffer.from(
  '4e544c4d53535000020000000c000c003800000033828ae20123456789abcdef00000000000000002400240044000000060070170000000f53006500720076006500720002000c0044006f006d00610069006e0001000c0053006500720076006500720000000000',
  'hex',
);

function changed(at: number, value: number): Buffer {
  const copy = Buffer.from(PUBLISHED);
  copy.writeUInt8(value, at);
  return copy;
}

describe('NTLM challenge', () => {
  test('gives up flags, challenge and target information of the published example', () => {
    const read = parseChallenge(PUBLISHED);
    expect(read).toMatchObject({ ok: true, value: { flags: 0xe28a8233, timestamp: undefined } });
    if (!read.ok) return;
    expect(read.value.serverChallenge.toString('hex')).toBe('0123456789abcdef');
    expect(read.value.targetInfo.toString('hex')).toBe(
      '02000c0044006f006d00610069006e0001000c0053006500720076006500720000000000',
    );
  });

  const damaged: readonly (readonly [string, Buffer])[] = [
    ['an empty token', Buffer.alloc(0)],
    ['a foreign signature', changed(0, 0)],
    ['another message type', changed(8, 3)],
    ['target information beyond the end', changed(44, 0xff)],
    ['target information inside the fixed part', changed(44, 8)],
    ['an AV pair longer than the rest', changed(0x44 + 2, 0xff)],
    ['a huge token', Buffer.alloc(20_000)],
  ];
  for (const [what, bytes] of damaged) {
    test(`is refused with a reason: ${what}`, () => {
      const read = parseChallenge(bytes);
      expect(read).toMatchObject({ ok: false, reason: expect.stringMatching(/\w/) });
    });
  }

  test('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.boolean(), (noise, prefixed) => {
        const bytes = prefixed ? Buffer.concat([PUBLISHED.subarray(0, 12), noise]) : Buffer.from(noise);
        parseChallenge(bytes);
      }),
    );
  });

  test('must offer what connectionless signing needs', () => {
    expect(missingFlags(0xe29882f3, 'required')).toEqual([]);
    expect(missingFlags(0xe28a8233, 'required')).toEqual(['datagram', 'identify']);
    expect(missingFlags(0xe29082f3, 'required')).toEqual(['extendedSessionSecurity']);
    expect(missingFlags(0xe29082f3, 'optional')).toEqual([]);
  });
});
