import type { FoundDocument } from './driver.js';
import type { Items } from './item-value.js';

export interface Resolved<Key> {
  /** The oldest document of each key: every bridge that looks comes to the same choice. */
  readonly kept: ReadonlyMap<Key, FoundDocument>;
  /** Later documents of a key, made by a bridge: to be deleted. */
  readonly surplus: readonly FoundDocument[];
  /** Documents of this form whose key nobody can read; they are left alone. */
  readonly keyless: number;
}

/** Sorts out documents of one form by key. Later ones that no bridge made are neither kept nor surplus. */
export function resolveDuplicates<Key extends string>(
  found: readonly FoundDocument[],
  keyOf: (items: Items) => Key | undefined,
  isOurs: (items: Items) => boolean,
): Resolved<Key> {
  const kept = new Map<Key, FoundDocument>();
  const surplus: FoundDocument[] = [];
  let keyless = 0;
  for (const document of found) {
    const key = keyOf(document.items);
    if (key === undefined) {
      keyless++;
      continue;
    }
    const other = kept.get(key);
    if (other === undefined || isOlder(document, other)) kept.set(key, document);
    const later = other === undefined ? undefined : isOlder(document, other) ? other : document;
    if (later !== undefined && isOurs(later.items)) surplus.push(later);
  }
  return { kept, surplus, keyless };
}

function isOlder(a: FoundDocument, b: FoundDocument): boolean {
  const [first, second] = [a.created ?? Number.POSITIVE_INFINITY, b.created ?? Number.POSITIVE_INFINITY];
  return first === second ? a.unid < b.unid : first < second;
}
