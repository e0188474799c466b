import { type NotesName, parseNotesName } from '../../presence/ids.js';
import { abbreviated, foldName } from '../../presence/name-keys.js';

declare const brand: unique symbol;
/** Two spellings of one hierarchical name have the same key: `ana reyes/sales/contoso`. */
export type NameKey = string & { readonly [brand]: 'NameKey' };
/** The same for a common name, a short name or the name of a group. */
export type PlainKey = string & { readonly [brand]: 'PlainKey' };

export interface ReadName {
  readonly name: NotesName;
  readonly key: NameKey;
  /** True when the source wrote it with labels, which say more: only they tell a country from an organisation. */
  readonly labelled: boolean;
}

/** Longer texts are no names; whoever sends them wants to keep us busy. */
const MAX_LENGTH = 1024;

/**
 * Reads a hierarchical name in any spelling. The key has no labels, since abbreviated names have none: `/DE` may be a
 * country or an organisation. Upper and lower case, kinds and numbers of blanks, and composed and decomposed letters
 * make no difference; accents and ß do, since Müller and Muller, Weiß and Weiss are two people each.
 */
export function readName(text: string): ReadName | undefined {
  const read = parseNotesName(text);
  if (!read.ok) return undefined;
  return { name: read.value, key: foldName(abbreviated(read.value)) as NameKey, labelled: text.includes('=') };
}

/** Key of a name without hierarchy; `undefined` for one that has nothing but blanks, or is too long. */
export function plainKeyOf(text: string): PlainKey | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const plain = text.trim().replace(/\s+/g, ' ');
  return plain === '' ? undefined : (foldName(plain.replace(/^CN=/i, '')) as PlainKey);
}

/** Key of the common name within a hierarchical one. */
export function commonNameKeyOf(key: NameKey): PlainKey {
  return key.slice(0, key.indexOf('/')) as PlainKey;
}

/** By code points: an order that is the same on every machine, whatever its language. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
