/**
 * `data` combined with the RC4 key stream of `key` (1 to 256 bytes). Encrypting and decrypting are the same. Own code
 * because OpenSSL 3 no longer offers RC4; NTLM needs it for the session key and for eight bytes of each signature.
 */
export function rc4(key: Buffer, data: Buffer): Buffer {
  if (key.length < 1 || key.length > 256) throw new RangeError('an RC4 key has 1 to 256 bytes');
  const state = schedule(key);
  const out = Buffer.allocUnsafe(data.length);
  let i = 0;
  let j = 0;
  for (let at = 0; at < data.length; at++) {
    i = (i + 1) & 255;
    const x = state[i] as number;
    j = (j + x) & 255;
    const y = state[j] as number;
    state[i] = y;
    state[j] = x;
    out[at] = (data[at] as number) ^ (state[(x + y) & 255] as number);
  }
  return out;
}

function schedule(key: Buffer): Uint8Array {
  const state = new Uint8Array(256);
  for (let i = 0; i < 256; i++) state[i] = i;
  let j = 0;
  for (let i = 0; i < 256; i++) {
    const x = state[i] as number;
    j = (j + x + (key[i % key.length] as number)) & 255;
    state[i] = state[j] as number;
    state[j] = x;
  }
  return state;
}
