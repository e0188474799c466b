import { addMd5Block, endMd5, initialMd5, MD5_BLOCK, type Md5State, writeMd5 } from './md5.js';

const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;
const DIGEST = 16;

/** Texts are rarely longer; a longer one gets a buffer of its own. */
const USUAL_TEXT = 1024;
const NOTHING = new Uint8Array();

/**
 * HMAC-MD5 (RFC 2104) for many short texts under one key: the two padded keys are digested only once, which halves the
 * work. Keys longer than a block are refused, since nobody has one here. `prefix` stands before each text.
 */
export class HmacMd5 {
  readonly #inner: Md5State;
  readonly #outer: Md5State;
  readonly #state = initialMd5();
  readonly #innerDigest = new Uint8Array(DIGEST);

  readonly #prefix: Uint8Array;
  /** Starts with the prefix. */
  readonly #text = new Uint8Array(USUAL_TEXT);

  constructor(key: Uint8Array, prefix: Uint8Array = NOTHING) {
    if (key.length > MD5_BLOCK) throw new RangeError('a key of HMAC-MD5 has at most 64 bytes');
    this.#inner = keyed(key, INNER_PAD);
    this.#outer = keyed(key, OUTER_PAD);
    this.#prefix = prefix;
    this.#text.set(prefix);
  }

  /** Writes the 16 bytes of the code of `text` to `out`. */
  digestInto(text: Uint8Array, out: Uint8Array): void {
    const state = this.#state;
    state.set(this.#inner);
    endMd5(state, this.#prefixed(text), MD5_BLOCK);
    writeMd5(state, this.#innerDigest);
    state.set(this.#outer);
    endMd5(state, this.#innerDigest, MD5_BLOCK);
    writeMd5(state, out);
  }

  #prefixed(text: Uint8Array): Uint8Array {
    if (this.#prefix.length === 0) return text;
    const length = this.#prefix.length + text.length;
    const whole = length <= USUAL_TEXT ? this.#text.subarray(0, length) : new Uint8Array(length);
    if (length > USUAL_TEXT) whole.set(this.#prefix);
    whole.set(text, this.#prefix.length);
    return whole;
  }
}

function keyed(key: Uint8Array, pad: number): Md5State {
  const block = new Uint8Array(MD5_BLOCK).fill(pad);
  for (let at = 0; at < key.length; at++) block[at] = (key[at] as number) ^ pad;
  const state = initialMd5();
  addMd5Block(state, block, 0);
  return state;
}
