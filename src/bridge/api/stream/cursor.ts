import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { Random } from '../../ports.js';

const KEY_OCTETS = 16;
const BLOCK_OCTETS = 16;
const SEQUENCE_OCTETS = 6;
const MEANING_OCTETS = 6;
const RANDOM_OCTETS = BLOCK_OCTETS - SEQUENCE_OCTETS - MEANING_OCTETS;

/**
 * Where a reader stands, as a text that tells it nothing: with a number to compare, readers who see a few people would
 * see how much happens to all others. One block under a key of this process; a cursor of another process, of another
 * meaning or of nobody is no cursor. Each text is another one, also for the same place.
 *
 * | octets | content |
 * |---|---|
 * | 0-5 | sequence |
 * | 6-11 | what the subscription means, which is the check too: one guess in 2^48 fits |
 * | 12-15 | random |
 */
export class Cursors {
  readonly #key: Buffer;
  readonly #random: Pick<Random, 'bytes'>;

  constructor(random: Pick<Random, 'bytes'>) {
    this.#random = random;
    this.#key = random.bytes(KEY_OCTETS);
  }

  /** `meaning` is any text that stands for what the subscription means now. */
  seal(sequence: number, meaning: string): string {
    const block = Buffer.alloc(BLOCK_OCTETS);
    block.writeUIntBE(sequence, 0, SEQUENCE_OCTETS);
    hashOf(meaning).copy(block, SEQUENCE_OCTETS);
    this.#random.bytes(RANDOM_OCTETS).copy(block, SEQUENCE_OCTETS + MEANING_OCTETS);
    // A single block whose content never comes twice: the mode adds nothing.
    const cipher = createCipheriv('aes-128-ecb', this.#key, null).setAutoPadding(false);
    return Buffer.concat([cipher.update(block), cipher.final()]).toString('base64url');
  }

  /** The sequence; `undefined` for a cursor that was not sealed here for this meaning. */
  open(cursor: string, meaning: string): number | undefined {
    const sealed = Buffer.from(cursor, 'base64url');
    if (sealed.length !== BLOCK_OCTETS) return undefined;
    const decipher = createDecipheriv('aes-128-ecb', this.#key, null).setAutoPadding(false);
    const block = Buffer.concat([decipher.update(sealed), decipher.final()]);
    const sealedFor = block.subarray(SEQUENCE_OCTETS, SEQUENCE_OCTETS + MEANING_OCTETS);
    return sealedFor.equals(hashOf(meaning)) ? block.readUIntBE(0, SEQUENCE_OCTETS) : undefined;
  }
}

function hashOf(meaning: string): Buffer {
  return createHash('sha256').update(meaning, 'utf8').digest().subarray(0, MEANING_OCTETS);
}
