/** Bytes of one MD4 block, and of the length field that ends the last one (RFC 1320 §3.1, 3.2). */
const BLOCK = 64;
const LENGTH_FIELD = 8;

/** Word order and rotations of the three rounds, RFC 1320 §3.4. Rotations repeat after four steps. */
const ROUNDS = [
  { order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], rotate: [3, 7, 11, 19], add: 0 },
  { order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15], rotate: [3, 5, 9, 13], add: 0x5a827999 },
  { order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15], rotate: [3, 9, 11, 15], add: 0x6ed9eba1 },
] as const;

/**
 * MD4 digest, 16 bytes (RFC 1320). Own code because OpenSSL 3 no longer offers MD4; NTLM needs it for one thing, the
 * hash of the password, so clarity counts more than speed here.
 */
export function md4(data: Buffer): Buffer {
  const padded = Buffer.alloc(Math.ceil((data.length + 1 + LENGTH_FIELD) / BLOCK) * BLOCK);
  data.copy(padded);
  padded[data.length] = 0x80;
  padded.writeBigUInt64LE(BigInt(data.length) * 8n, padded.length - LENGTH_FIELD);

  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let at = 0; at < padded.length; at += BLOCK) addBlock(state, padded.subarray(at, at + BLOCK));

  const digest = Buffer.alloc(16);
  state.forEach((word, index) => {
    digest.writeInt32LE(word, index * 4);
  });
  return digest;
}

function addBlock(state: Int32Array, block: Buffer): void {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  for (const [round, { order, rotate, add }] of ROUNDS.entries()) {
    for (const [step, word] of order.entries()) {
      const sum = (a + mix(round, b, c, d) + block.readInt32LE(word * 4) + add) | 0;
      const turned = rotateLeft(sum, rotate[step % 4] ?? 0);
      [a, b, c, d] = [d, turned, b, c];
    }
  }
  for (const [index, word] of [a, b, c, d].entries()) state[index] = ((state[index] ?? 0) + word) | 0;
}

/** The functions F, G and H of RFC 1320 §3.4. */
function mix(round: number, x: number, y: number, z: number): number {
  if (round === 0) return (x & y) | (~x & z);
  if (round === 1) return (x & y) | (x & z) | (y & z);
  return x ^ y ^ z;
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
