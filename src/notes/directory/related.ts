import { STRETCH, type Steps } from '../steps.js';
import type { DirectoryEntry } from './entry.js';
import { plainKeyOf } from './names.js';

/** Keys under which two entries may be about one person. */
export function keysOf({ names, addresses }: DirectoryEntry): readonly string[] {
  const keys: string[] = [];
  for (const name of names) {
    const key = plainKeyOf(name.replace(/(^|\/)\s*(CN|OU|O|C)\s*=/gi, '$1'));
    if (key !== undefined) keys.push(key);
  }
  for (const { text } of addresses)
    keys.push(
      `@${text
        .trim()
        .replace(/^sips?:/i, '')
        .toLowerCase()}`,
    );
  return keys;
}

/** Steps from one entry to the next by a shared name or address. */
const STEPS = 2;

/** Entries that share a name or an address with these, or with those that do. */
export function* relatedTo(
  found: readonly DirectoryEntry[],
  all: readonly DirectoryEntry[],
): Steps<readonly DirectoryEntry[]> {
  const keys = new Set(found.flatMap(keysOf));
  const related = new Set<DirectoryEntry>();
  for (let step = 0; step < STEPS; step++) {
    const next: DirectoryEntry[] = [];
    for (const [index, entry] of all.entries()) {
      if (index % STRETCH === 0) yield;
      if (!related.has(entry) && keysOf(entry).some((key) => keys.has(key))) next.push(entry);
    }
    for (const entry of next) {
      related.add(entry);
      for (const key of keysOf(entry)) keys.add(key);
    }
  }
  return [...related];
}
