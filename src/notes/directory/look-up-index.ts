import type { DirectoryRow, LookUp } from '../../presence/directory.js';
import { parseSipUri, type SipUri } from '../../presence/ids.js';
import { STRETCH, type Steps } from '../steps.js';
import { type NameKey, type PlainKey, plainKeyOf, readName } from './names.js';
import type { DirectoryPerson } from './person.js';
import type { LookUpIndex } from './resolved.js';

/** Rows of one answer. Whoever asks for a name that hundreds share wants to know that it is shared. */
const MAX_ROWS = 50;
const MAX_TEXT = 2_048;

type Answer = Omit<LookUp, 'age'>;

const NOT_FOUND: Answer = { outcome: 'not-found', rows: [] };

/** Finds people by what a text may be: a hierarchical name, an address, and last a common or a short name. */
export class RowIndex implements LookUpIndex {
  readonly #names = new Map<NameKey, DirectoryRow[]>();
  readonly #addresses = new Map<SipUri, DirectoryRow[]>();
  readonly #plain = new Map<PlainKey, DirectoryRow[]>();

  private constructor() {}

  static *of(known: readonly (readonly [row: DirectoryRow, person: DirectoryPerson])[]): Steps<RowIndex> {
    const index = new RowIndex();
    let count = 0;
    const present = new Set<NameKey>();
    for (const [row, { identity }] of known) {
      if (++count % STRETCH === 0) yield;
      if (identity.name === undefined) continue;
      index.#names.set(identity.name.key, [row]);
      present.add(identity.name.key);
    }
    for (const [row, { identity, found }] of known) {
      if (++count % STRETCH === 0) yield;
      for (const key of [...identity.otherNames.map((name) => name.key), ...identity.contested]) {
        if (!present.has(key)) put(index.#names, key, row);
      }
      for (const address of new Set(found.map((one) => one.address))) put(index.#addresses, address, row);
      for (const key of identity.plainNames) put(index.#plain, key, row);
    }
    for (const [address, rows] of index.#addresses) {
      if (++count % STRETCH === 0) yield;
      const owner = rows.length > 1 ? rows.find((row) => row.address === address) : undefined;
      if (owner !== undefined) index.#addresses.set(address, [owner]);
    }
    return index;
  }

  lookUp(text: string): Answer {
    if (text.length > MAX_TEXT) return NOT_FOUND;
    const name = readName(text);
    const named = name === undefined ? undefined : this.#names.get(name.key);
    if (named !== undefined) return answer(named);
    const address = parseSipUri(text.trim().replace(/^mailto:/i, ''));
    const addressed = address.ok ? this.#addresses.get(address.value) : undefined;
    if (addressed !== undefined) return answer(addressed);
    const plain = name === undefined ? this.#plainRows(text) : undefined;
    return plain === undefined ? NOT_FOUND : { outcome: 'ambiguous', rows: plain.slice(0, MAX_ROWS) };
  }

  #plainRows(text: string): readonly DirectoryRow[] | undefined {
    const key = plainKeyOf(text);
    const rows = key === undefined ? undefined : this.#plain.get(key);
    if (rows !== undefined || !text.includes('@')) return rows;
    // A common name with a Notes domain: `Ana Reyes@Contoso`.
    const bare = plainKeyOf(text.slice(0, text.indexOf('@')));
    return bare === undefined || parseSipUri(text).ok ? undefined : this.#plain.get(bare);
  }
}

function answer(rows: readonly DirectoryRow[]): Answer {
  return rows.length === 1 ? { outcome: 'found', rows } : { outcome: 'ambiguous', rows: rows.slice(0, MAX_ROWS) };
}

function put<Key>(map: Map<Key, DirectoryRow[]>, key: Key, row: DirectoryRow): void {
  const rows = map.get(key);
  if (rows === undefined) map.set(key, [row]);
  else rows.push(row);
}
