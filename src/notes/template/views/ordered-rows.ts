import type { PlacedRow } from '../../../bridge/view-ports.js';
import type { ViewDesign } from '../design/view-design.js';
import { type Collation, comparisonOf } from './collation.js';
import type { DocumentValues } from './document-values.js';
import { type RowStyle, rowPlan, rowsOf, sameEntry, type ViewEntry } from './view-rows.js';

/** The rows of a view in one of its orders. */
export interface OrderedRows {
  /** True when a row changed by it. */
  put(id: string, document: DocumentValues): boolean;
  /** True when there was a row. */
  remove(id: string): boolean;
  /** The same array until something changes. */
  rows(): readonly PlacedRow[];
  /** Rows with their sort keys. The array changes with the next `put`. */
  entries(): readonly ViewEntry[];
}

export function createOrderedRows(
  design: ViewDesign,
  collation: Collation,
  options: RowStyle & { readonly language: string },
): OrderedRows {
  const plan = rowPlan(design, collation, options);
  const compare = comparisonOf(design, collation, options.language);
  const sorted: ViewEntry[] = [];
  const byId = new Map<string, readonly ViewEntry[]>();
  let snapshot: readonly PlacedRow[] | undefined;

  const remove = (id: string): void => {
    for (const entry of byId.get(id) ?? []) sorted.splice(placeOf(sorted, entry, compare), 1);
    byId.delete(id);
    snapshot = undefined;
  };

  return {
    put: (id, document) => {
      const entries = rowsOf(plan, id, document);
      const before = byId.get(id) ?? [];
      if (before.length === entries.length && before.every((entry, index) => sameEntry(entry, entries[index]))) {
        return false;
      }
      const [old, fresh] = [before[0], entries[0]];
      if (old && fresh && before.length === 1 && entries.length === 1 && compare(old, fresh) === 0) {
        // Only cells changed: the row stays where it is.
        sorted[placeOf(sorted, old, compare)] = fresh;
        snapshot = undefined;
      } else {
        remove(id);
        for (const entry of entries) sorted.splice(placeOf(sorted, entry, compare), 0, entry);
      }
      if (entries.length > 0) byId.set(id, entries);
      return true;
    },
    remove: (id) => {
      if (!byId.has(id)) return false;
      remove(id);
      return true;
    },
    rows: () => {
      snapshot ??= sorted.map((entry) => entry.row);
      return snapshot;
    },
    entries: () => sorted,
  };
}

/** Index of the first entry that does not stand before this one. */
function placeOf(
  sorted: readonly ViewEntry[],
  entry: ViewEntry,
  compare: (a: ViewEntry, b: ViewEntry) => number,
): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = sorted[middle];
    if (other && compare(other, entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
