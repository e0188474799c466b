/**
 * The names and namespaces that a kind of document is read for. The scanner finds a word by a hash it computes while it
 * passes over the name, so that no string is made for names nobody asks for, and the same string for each that is.
 */
export class Vocabulary {
  private readonly words: ReadonlyMap<number, string>;

  /** Throws when two words have the same hash: then `hashStep` must change. */
  constructor(words: readonly string[]) {
    const map = new Map<number, string>();
    for (const word of new Set(words)) {
      let hash = 0;
      for (let index = 0; index < word.length; index++) hash = hashStep(hash, word.charCodeAt(index));
      if (map.has(hash)) throw new Error(`"${word}" and "${map.get(hash)}" have the same hash`);
      map.set(hash, word);
    }
    this.words = map;
  }

  /** The word that stands in `text` from `start` to `end` and has this hash; empty when it is not in the vocabulary. */
  find(text: string, start: number, end: number, hash: number): string {
    const word = this.words.get(hash);
    return word !== undefined && word.length === end - start && text.startsWith(word, start) ? word : '';
  }
}

/** The hash after one more character; begin with 0. */
export function hashStep(hash: number, code: number): number {
  return (Math.imul(hash, 31) + code) | 0;
}
