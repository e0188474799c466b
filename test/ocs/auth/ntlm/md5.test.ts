import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { endMd5, initialMd5, writeMd5 } from '../../../../src/ocs/auth/ntlm/md5.js';

/** RFC 1321 appendix A.5. */
const SUITE: readonly (readonly [string, string])[] = [
  ['', 'd41d8cd98f00b204e9800998ecf8427e'],
  ['a', '0cc175b9c0f1b6a831c399e269772661'],
  ['abc', '900150983cd24fb0d6963f7d28e17f72'],
  ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
  ['abcdefghijklmnopqrstuvwxyz', 'c3fcd3d76192e4007dfb496cca67e13b'],
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 'd174ab98d277d9f5a5611c2c9f419d9f'],
  [
    '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
    '57edf4a22be3c955ac49da2e2107b67a',
  ],
];

function digestOf(data: Uint8Array): string {
  const state = initialMd5();
  endMd5(state, data);
  const digest = Buffer.alloc(16);
  writeMd5(state, digest);
  return digest.toString('hex');
}

for (const [text, digest] of SUITE) {
  test(`digests "${text.slice(0, 20)}" (${text.length} bytes) as RFC 1321 prints it`, () => {
    expect(digestOf(Buffer.from(text))).toBe(digest);
  });
}

test('digests octets of every length around the blocks as OpenSSL does', () => {
  for (let length = 0; length <= 200; length++) {
    const data = Buffer.alloc(length, length);
    expect(digestOf(data)).toBe(createHash('md5').update(data).digest('hex'));
  }
});

test('digests any octets as OpenSSL does', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), (data) => {
      expect(digestOf(data)).toBe(createHash('md5').update(data).digest('hex'));
    }),
  );
});
