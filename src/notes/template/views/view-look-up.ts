import type { ViewDesign } from '../design/view-design.js';
import type { Value } from '../formula/values.js';
import type { DocumentValues } from './document-values.js';
import type { OrderedRows } from './ordered-rows.js';
import { columnValue, type ViewEntry } from './view-rows.js';

/** Whether the key is the whole entry, or may be its beginning. */
export type KeyMatch = 'whole' | 'beginning';

/** Finds rows by their first sort key. */
export interface ViewLookUp {
  /** Ids of documents in the order of the view; a document that has two such rows is there twice. */
  find(key: string | number, match?: KeyMatch): readonly string[];
}

export function createViewLookUp(order: OrderedRows): ViewLookUp {
  // Made when somebody looks something up, and good as long as the rows are the same array.
  let of: ReturnType<OrderedRows['rows']> | undefined;
  let byKey = new Map<string | number, ViewEntry[]>();

  const known = (): ReadonlyMap<string | number, readonly ViewEntry[]> => {
    const rows = order.rows();
    if (rows !== of) {
      byKey = new Map();
      for (const entry of order.entries()) {
        const [first] = entry.keys;
        if (first === undefined) continue;
        const same = byKey.get(folded(first));
        if (same) same.push(entry);
        else byKey.set(folded(first), [entry]);
      }
      of = rows;
    }
    return byKey;
  };

  return {
    find: (key, match = 'whole') => {
      const wanted = folded(key);
      if (match === 'whole' || typeof wanted === 'number') return (known().get(wanted) ?? []).map(({ row }) => row.id);
      return order
        .entries()
        .filter(({ keys: [first] }) => typeof first === 'string' && first.toLowerCase().startsWith(wanted))
        .map(({ row }) => row.id);
    },
  };
}

/** Case does not count in a look-up; accents do. */
function folded(key: string | number): string | number {
  return typeof key === 'string' ? key.toLowerCase() : key;
}

/**
 * Reads a column by its number from 1, or an item by its name, as `@DbLookup` names them. Constant columns are counted
 * here and not by Notes, so it is wise to name items. `undefined` when there is no such column.
 */
export function columnReader(
  design: ViewDesign,
  column: number | string,
): ((document: DocumentValues) => Value) | undefined {
  const found =
    typeof column === 'number'
      ? design.columns[column - 1]
      : design.columns.find(({ item }) => item.toLowerCase() === column.toLowerCase());
  if (found) return (document) => columnValue(found, document);
  return typeof column === 'number' ? undefined : (document) => document.item(column.toLowerCase());
}
