import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HmacMd5 } from '../../../../src/ocs/auth/ntlm/hmac-md5.js';

/** RFC 2202 §2, the cases whose key is not longer than a block. */
const SUITE: readonly (readonly [key: Buffer, text: Buffer, code: string])[] = [
  [Buffer.alloc(16, 0x0b), Buffer.from('Hi There'), '9294727a3638bb1c13f48ef8158bfc9d'],
  [Buffer.from('Jefe'), Buffer.from('what do ya want for nothing?'), '750c783e6ab0b503eaa86e310a5db738'],
  [Buffer.alloc(16, 0xaa), Buffer.alloc(50, 0xdd), '56be34521d144c88dbb8c733f0e8b3f6'],
  [
    Buffer.from('0102030405060708090a0b0c0d0e0f10111213141516171819', 'hex'),
    Buffer.alloc(50, 0xcd),
    '697eaf0aca3a3aea3a75164746ffaa79',
  ],
  [Buffer.alloc(16, 0x0c), Buffer.from('Test With Truncation'), '56461ef2342edc00f9bab995690efd4c'],
];

function codeOf(mac: HmacMd5, text: Uint8Array): string {
  const out = Buffer.alloc(16);
  mac.digestInto(text, out);
  return out.toString('hex');
}

for (const [index, [key, text, code]] of SUITE.entries()) {
  test(`makes code ${index + 1} of RFC 2202`, () => {
    expect(codeOf(new HmacMd5(key), text)).toBe(code);
  });
}

test('keeps nothing of one text for the next', () => {
  const mac = new HmacMd5(Buffer.from('Jefe'));
  const first = codeOf(mac, Buffer.from('first'));
  codeOf(mac, Buffer.alloc(3_000, 1));
  expect(codeOf(mac, Buffer.from('first'))).toBe(first);
});

test('covers its prefix and any text as OpenSSL does', () => {
  const octets = fc.uint8Array({ maxLength: 2_000 });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.uint8Array({ maxLength: 16 }), octets, (key, prefix, text) => {
      const expected = createHmac('md5', key).update(prefix).update(text).digest('hex');
      expect(codeOf(new HmacMd5(key, prefix), text)).toBe(expected);
    }),
  );
});

test('refuses a key that is longer than a block', () => {
  expect(() => new HmacMd5(Buffer.alloc(65))).toThrow(RangeError);
});
