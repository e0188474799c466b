import { NAMESPACES } from './xml-names.js';

/** Attributes that declare namespaces, as far as the scanner understands them. */
const DECLARATIONS = ['xmlns', 'xmlns:xsi', 'xmlns:xsd'] as const;

/**
 * The names and namespaces that a kind of document is read for. The scanner finds a name by a hash it computes while it
 * passes over it, so that no string is made for names nobody asks for, and the same string for each that is.
 */
export class Vocabulary {
  private readonly names: ReadonlyMap<number, Word>;
  private readonly namespaces: readonly Word[];

  /**
   * Names of elements and attributes as they stand in documents, thus `xsi:type` with its usual prefix. Throws when two names have the same hash: then `hashStep` must change.
   */
  constructor(names: readonly string[], namespaces: readonly string[]) {
    const map = new Map<number, Word>();
    for (const name of new Set([...names, ...DECLARATIONS])) {
      let hash = 0;
      for (let index = 0; index < name.length; index++) hash = hashStep(hash, name.charCodeAt(index));
      if (map.has(hash)) throw new Error(`"${name}" and "${map.get(hash)?.text}" have the same hash`);
      map.set(hash, wordOf(name));
    }
    this.names = map;
    this.namespaces = [...namespaces, NAMESPACES.schemaInstance, NAMESPACES.schema].map(wordOf);
  }

  /** The name that stands in `body` from `start` to `end` and has this hash; empty when nobody asks for it. */
  find(body: Buffer, start: number, end: number, hash: number): string {
    const word = this.names.get(hash);
    return word !== undefined && standsAt(word, body, start, end) ? word.text : '';
  }

  /** The namespace that stands in `body` from `start` to `end`, if it is one that is asked for. */
  namespace(body: Buffer, start: number, end: number): string | undefined {
    for (const word of this.namespaces) if (standsAt(word, body, start, end)) return word.text;
    return undefined;
  }
}

/** The hash after one more octet; begin with 0. */
export function hashStep(hash: number, code: number): number {
  return (Math.imul(hash, 31) + code) | 0;
}

interface Word {
  readonly text: string;
  readonly octets: Uint8Array;
}

function wordOf(text: string): Word {
  return { text, octets: Buffer.from(text, 'latin1') };
}

function standsAt({ octets }: Word, body: Buffer, start: number, end: number): boolean {
  if (octets.length !== end - start) return false;
  for (let index = 0; index < octets.length; index++) if (octets[index] !== body[start + index]) return false;
  return true;
}
