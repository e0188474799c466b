import { NAMESPACES } from './xml-names.js';

/** Attributes that declare namespaces, as far as the scanner understands them. */
const DECLARATIONS = ['xmlns', 'xmlns:xsi', 'xmlns:xsd'] as const;

/**
 * The words that a kind of document is read for: names of elements, namespaces, values that come often. The scanner
 * finds them by their octets, so that no string is made for names nobody asks for, and always the same one for each
 * that is.
 */
export class Vocabulary {
  readonly #words: ReadonlyMap<number, readonly Word[]>;

  constructor(words: readonly string[]) {
    const all = new Set([...words, ...DECLARATIONS, NAMESPACES.schemaInstance, NAMESPACES.schema]);
    const map = new Map<number, Word[]>();
    for (const text of all) {
      const word = { text, octets: Buffer.from(text, 'latin1') };
      const key = keyOf(word.octets, 0, word.octets.length);
      map.set(key, [...(map.get(key) ?? []), word]);
    }
    this.#words = map;
  }

  /** The word that stands in `body` from `start` to `end`; `undefined` when it is none of these. */
  find(body: Uint8Array, start: number, end: number): string | undefined {
    const candidates = this.#words.get(keyOf(body, start, end));
    if (candidates === undefined) return undefined;
    for (const { text, octets } of candidates) if (sameOctets(octets, body, start, end)) return text;
    return undefined;
  }
}

interface Word {
  readonly text: string;
  readonly octets: Uint8Array;
}

/** Length, first, middle and last octet tell most words apart. */
function keyOf(octets: Uint8Array, start: number, end: number): number {
  const first = octets[start] ?? 0;
  const middle = octets[(start + end) >> 1] ?? 0;
  const last = octets[end - 1] ?? 0;
  return ((end - start) << 24) ^ (first << 16) ^ (middle << 8) ^ last;
}

function sameOctets(octets: Uint8Array, body: Uint8Array, start: number, end: number): boolean {
  if (octets.length !== end - start) return false;
  for (let index = 0; index < octets.length; index++) if (octets[index] !== body[start + index]) return false;
  return true;
}
