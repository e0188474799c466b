import type { PlacedRow } from '../../../bridge/view-ports.js';
import type { SortDirection, ViewDesign } from '../design/view-design.js';
import type { Value } from '../formula/values.js';
import { clickedCollation, openingCollation } from './collation.js';
import { type DocumentValues, documentValues } from './document-values.js';
import { createOrderedRows, type OrderedRows } from './ordered-rows.js';
import { columnReader, createViewLookUp, type KeyMatch } from './view-look-up.js';
import type { RowStyle } from './view-rows.js';

/** An order that a reader asks for by a click on the title of a column. */
export interface ClickedOrder {
  /** Index among the visible columns. */
  readonly column: number;
  readonly direction: SortDirection;
}

/** The rows of one view over some documents, always in order. */
export interface ViewIndex {
  /**
   * Takes a document's fields, or its new ones; true when a row changed by it. `values` are those of the same fields, for
   * a caller that keeps several views.
   */
  put(id: string, fields: ReadonlyMap<string, Value>, values?: DocumentValues): boolean;
  /** True when there was a row. */
  remove(id: string): boolean;
  /**
   * The same array until something changes. In a clicked order there are no categories; one that the column does not
   * offer gives the order in which the view opens.
   */
  rows(order?: ClickedOrder): readonly PlacedRow[];
  /**
   * What `@DbLookup` finds: rows whose first sorted column is `key`, without regard to case, and of these the values of a
   * column by its number from 1 (hidden ones count) or of an item by its name. No values when nothing is found;
   * `undefined` when there is no such column, or the view was made without `keepsDocuments`.
   */
  lookUp(key: string | number, column: number | string, match?: KeyMatch): readonly Value[] | undefined;
  /** Ids of the documents that `lookUp` finds, in the order of the view. */
  find(key: string | number, match?: KeyMatch): readonly string[];
}

export interface ViewIndexOptions extends RowStyle {
  /** Language whose rules order texts, for example `de`. */
  readonly language: string;
  /** Needed for clicked orders and look-ups. Default: false. */
  readonly keepsDocuments?: boolean;
}

/** An index kept as documents come and go: one insertion each, never a whole sort. */
export function createViewIndex(design: ViewDesign, options: ViewIndexOptions): ViewIndex {
  const opening = createOrderedRows(design, openingCollation(design), options);
  const keys = createViewLookUp(opening);
  const documents = options.keepsDocuments ? new Map<string, DocumentValues>() : undefined;
  // As in Notes, where such an order can be left out of the index until somebody asks for it.
  const clicked = new Map<string, OrderedRows>();

  const orderFor = ({ column, direction }: ClickedOrder): OrderedRows => {
    const name = `${column} ${direction}`;
    const known = clicked.get(name);
    if (known) return known;
    const visible = design.columns.flatMap(({ isHidden }, index) => (isHidden ? [] : [index]));
    const collation = clickedCollation(design, visible[column] ?? -1, direction);
    if (!collation || !documents) return opening;
    const order = createOrderedRows(design, collation, options);
    for (const [id, values] of documents) order.put(id, values);
    clicked.set(name, order);
    return order;
  };

  return {
    put: (id, fields, given) => {
      const values = given ?? documentValues(fields, options.timeStyle);
      documents?.set(id, values);
      for (const order of clicked.values()) order.put(id, values);
      return opening.put(id, values);
    },
    remove: (id) => {
      documents?.delete(id);
      for (const order of clicked.values()) order.remove(id);
      return opening.remove(id);
    },
    rows: (order) => (order ? orderFor(order) : opening).rows(),
    find: (key, match) => keys.find(key, match),
    lookUp: (key, column, match) => {
      const read = columnReader(design, column);
      if (!read || !documents) return undefined;
      return keys.find(key, match).flatMap((id) => {
        const document = documents.get(id);
        return document ? [read(document)] : [];
      });
    },
  };
}
