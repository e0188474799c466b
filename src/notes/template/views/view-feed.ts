import type { PlacedRow, ViewDescription, ViewFeed } from '../../../bridge/view-ports.js';
import { BridgeError } from '../../../presence/errors.js';
import type { Items } from '../../item-value.js';
import { readDesign } from '../design/design.js';
import type { ViewDesign } from '../design/view-design.js';
import { timeStyleOf } from '../formula/time-text.js';
import { fieldsOf } from '../item-fields.js';
import { documentValues } from './document-values.js';
import { createFormulaResults } from './formula-results.js';
import { type ClickedOrder, createViewIndex, type ViewIndex } from './view-index.js';

/** A feed that is told of documents as they are written. */
export interface DocumentViewFeed extends ViewFeed {
  /** A document was made or changed. `items` are all of its items. */
  put(id: string, items: Items): void;
  /** A document is no more. */
  remove(id: string): void;
  /** Rows as `ViewFeed` has them, or in an order that a reader chose; that needs `keepsDocuments`. */
  rows(view: string, order?: ClickedOrder): readonly PlacedRow[];
  /** The index of a view, by its alias, for look-ups. */
  index(view: string): ViewIndex | undefined;
}

export interface ViewFeedOptions {
  /** Language of the template: decides order of texts and writing of dates. Default `en`. */
  readonly language?: string;
  /** IANA time zone in which times are shown. Default: that of the machine. */
  readonly zone?: string;
  /** Aliases of the views that are drawn. Default: all that are not hidden. */
  readonly views?: readonly string[];
  /** Keeps what clicked orders and look-ups need. Default: false. */
  readonly keepsDocuments?: boolean;
}

/**
 * Draws the views of a built template from documents, by the selections and column formulas in the DXL itself.
 * Throws `BridgeError` (`TEMPLATE_INVALID`) when the DXL cannot be read.
 */
export function createViewFeed(dxl: string, options: ViewFeedOptions = {}): DocumentViewFeed {
  const { language = 'en', keepsDocuments = false, zone = Intl.DateTimeFormat().resolvedOptions().timeZone } = options;
  const { views, images } = readDesign(dxl);
  const isWanted = ({ alias, isHidden }: ViewDesign): boolean => options.views?.includes(alias) ?? !isHidden;
  const shown = views.filter(isWanted).sort((a, b) => Number(b.isDefault) - Number(a.isDefault));
  const descriptions = shown.map(describe);
  const timeStyle = { ...timeStyleOf(language), zone };
  const settings = { images, timeStyle, language, keepsDocuments };
  const indexes = new Map(shown.map((view) => [view.alias, createViewIndex(view, settings)]));
  const results = createFormulaResults();
  const listeners = new Set<(ids: ReadonlySet<string>) => void>();

  const apply = (id: string, change: (index: ViewIndex) => boolean): void => {
    // Every index must hear of it, so no `some` here.
    const changed = [...indexes.values()].filter(change).length > 0;
    if (changed) for (const listener of listeners) listener(new Set([id]));
  };

  return {
    put: (id, items) => {
      const fields = fieldsOf(items);
      // One for all views: most of their columns share formulas.
      const values = documentValues(fields, timeStyle, results);
      apply(id, (index) => index.put(id, fields, values));
    },
    remove: (id) => apply(id, (index) => index.remove(id)),
    views: () => descriptions,
    index: (view) => indexes.get(view),
    rows: (view, order) => {
      const index = indexes.get(view);
      if (!index) throw new BridgeError('NOTES_NOT_FOUND', `there is no view "${view}"`);
      return index.rows(order);
    },
    image: (name) => {
      const image = images.get(name);
      return image && { type: image.type, data: image.data };
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function describe(view: ViewDesign): ViewDescription {
  return {
    id: view.alias,
    title: view.title,
    categorized: view.columns.some((column) => column.isCategory),
    columns: view.columns
      .filter((column) => !column.isHidden)
      .map(({ title, kind, width }) => ({ title, kind, width })),
  };
}
