import type { FoundDocument } from './driver.js';
import { CONFLICT_ITEM } from './fields.js';
import type { Items } from './item-value.js';
import { atOnce, STRETCH, type Steps } from './steps.js';

export interface Resolved<Key> {
  /** The oldest document of each key: every bridge that looks comes to the same choice. Never a conflict. */
  readonly kept: ReadonlyMap<Key, FoundDocument>;
  /** Later documents of a key, and conflicts, made by a bridge: to be deleted. */
  readonly surplus: readonly FoundDocument[];
  /** Keys with a replication or save conflict: nobody knows whether Domino let the newer truth win. */
  readonly contested: ReadonlySet<Key>;
  /** How many later documents and how many conflicts there are, whoever made them. */
  readonly duplicates: number;
  readonly conflicts: number;
  /** Those of them that no bridge made; they are left alone. */
  readonly foreign: number;
  /** Documents of this form whose key nobody can read; they are left alone. */
  readonly keyless: number;
}

/** Sorts out documents of one form by key. Later ones and conflicts that no bridge made are neither kept nor surplus. */
export function resolveDuplicates<Key extends string>(
  found: readonly FoundDocument[],
  keyOf: (items: Items) => Key | undefined,
  isOurs: (items: Items) => boolean,
): Resolved<Key> {
  return atOnce(resolvingDuplicates(found, keyOf, isOurs));
}

/** The same in steps, for all documents of a database. */
export function* resolvingDuplicates<Key extends string>(
  found: readonly FoundDocument[],
  keyOf: (items: Items) => Key | undefined,
  isOurs: (items: Items) => boolean,
): Steps<Resolved<Key>> {
  const kept = new Map<Key, FoundDocument>();
  const contested = new Set<Key>();
  const further: FoundDocument[] = [];
  let duplicates = 0;
  let keyless = 0;
  for (const [index, document] of found.entries()) {
    if (index % STRETCH === 0) yield;
    const key = keyOf(document.items);
    if (key === undefined) {
      keyless++;
      continue;
    }
    if (isConflict(document)) {
      contested.add(key);
      further.push(document);
      continue;
    }
    const other = kept.get(key);
    if (other === undefined || isOlder(document, other)) kept.set(key, document);
    if (other === undefined) continue;
    duplicates++;
    further.push(isOlder(document, other) ? other : document);
  }
  const surplus = further.filter(({ items }) => isOurs(items));
  const conflicts = further.length - duplicates;
  return { kept, surplus, contested, duplicates, conflicts, foreign: further.length - surplus.length, keyless };
}

/** Domino marks a replication or save conflict by an item that is there, mostly empty. */
function isConflict({ items }: FoundDocument): boolean {
  return items[CONFLICT_ITEM] !== undefined;
}

function isOlder(a: FoundDocument, b: FoundDocument): boolean {
  const [first, second] = [a.created ?? Number.POSITIVE_INFINITY, b.created ?? Number.POSITIVE_INFINITY];
  return first === second ? a.unid < b.unid : first < second;
}
