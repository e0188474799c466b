import { isSame, octetsOf, WORD } from './octet-words.js';
import { NAMESPACES } from './xml-names.js';

/** Attributes that declare namespaces, as far as the scanner understands them. */
const DECLARATIONS = ['xmlns', 'xmlns:xsi', 'xmlns:xsd'] as const;

/** Slots for each word, so that nearly all others are told from the words at once. */
const SLOTS_PER_WORD = 8;

/**
 * The words that a kind of document is read for: names of elements, namespaces, values that come often. The scanner
 * finds them by their octets, so that no string is made for names nobody asks for, and always the same one for each
 * that is.
 */
export class Vocabulary {
  /** Word of each slot; 0 when there is none. A word whose slot is taken stands in the next free one. */
  private readonly slots: Uint16Array;
  /** From 1. */
  private readonly words: Word[] = [NO_WORD];

  constructor(words: readonly string[]) {
    const all = new Set([...words, ...DECLARATIONS, NAMESPACES.schemaInstance, NAMESPACES.schema]);
    this.slots = new Uint16Array(2 ** Math.ceil(Math.log2(all.size * SLOTS_PER_WORD)));
    for (const text of all) {
      const octets = octetsOf(text);
      let slot = hashOf(octets, 0, text.length) & (this.slots.length - 1);
      while (this.slots[slot] !== 0) slot = (slot + 1) & (this.slots.length - 1);
      this.slots[slot] = this.words.push({ text, octets }) - 1;
    }
  }

  /** The word that stands in `body` from `start` to `end`; `undefined` when it is none. A word is readable behind `end`. */
  find(body: DataView, start: number, end: number): string | undefined {
    const { slots } = this;
    const length = end - start;
    if (length === 0) return '';
    for (let slot = hashOf(body, start, length); ; slot++) {
      const index = slots[slot & (slots.length - 1)] ?? 0;
      if (index === 0) return undefined;
      const word = this.words[index] ?? NO_WORD;
      if (word.text.length === length && isSame(word.octets, 0, body, start, length)) return word.text;
    }
  }
}

interface Word {
  readonly text: string;
  readonly octets: DataView;
}

const NO_WORD: Word = { text: '', octets: octetsOf('') };

/** Of the length and the octets at both ends, which tell most words apart. */
function hashOf(octets: DataView, start: number, length: number): number {
  const first = octets.getInt32(start, true);
  const known =
    length < WORD ? first << (8 * (WORD - length)) : first ^ (octets.getInt32(start + length - WORD, true) << 1);
  return Math.imul(known + length, 0x9e37_79b1) >>> 16;
}
