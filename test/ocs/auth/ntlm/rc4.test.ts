import { expect, test } from 'vitest';
import { rc4 } from '../../../../src/ocs/auth/ntlm/rc4.js';

/** RFC 6229 §2: first 16 bytes of the key stream. */
const STREAMS: readonly (readonly [string, string])[] = [
  ['0102030405', 'b2396305f03dc027ccc3524a0a1118a8'],
  ['01020304050607', '293f02d47f37c9b633f2af5285feb46b'],
  ['0102030405060708090a0b0c0d0e0f10', '9ac7cc9a609d1ef7b2932899cde41b97'],
];

for (const [key, stream] of STREAMS) {
  test(`gives the key stream of RFC 6229 for a key of ${key.length / 2} bytes`, () => {
    expect(rc4(Buffer.from(key, 'hex'), Buffer.alloc(16)).toString('hex')).toBe(stream);
  });
}

test('decrypts what it encrypted and leaves its input alone', () => {
  const key = Buffer.from('key');
  const text = Buffer.from('some text');
  expect(rc4(key, rc4(key, text))).toEqual(text);
  expect(text.toString()).toBe('some text');
});

test('refuses an empty key', () => {
  expect(() => rc4(Buffer.alloc(0), Buffer.alloc(1))).toThrow(RangeError);
});
