import type { ViewDesign } from '../view-design.js';
import type { SortDirection, ViewLook } from './view-look.js';
import { lineHeightOf } from './view-style.js';

/** What the preview draws of a view's design. */
export interface ViewModel {
  readonly id: string;
  readonly title: string;
  /** Visible ones. */
  readonly columns: readonly ViewModelColumn[];
  readonly isCategorized: boolean;
  readonly onRefresh: ViewLook['onRefresh'];
  /** Pixels of one line. */
  readonly lineHeight: number;
}

export interface ViewModelColumn {
  readonly title: string;
  readonly kind: 'text' | 'icon';
  /** Level of the category that stands here, from 0; absent for other columns. */
  readonly category: number | undefined;
  readonly sort: 'none' | SortDirection;
  /** Directions that a click on its header offers. */
  readonly resort: readonly SortDirection[];
}

/** A sorting that a reader chose, in place of the design's. */
export interface ChosenSort {
  /** Index among the visible columns. */
  readonly column: number;
  readonly direction: SortDirection;
}

/** Joins what a view computes with how it looks. */
export function viewModelOf(view: ViewDesign, look: ViewLook): ViewModel {
  const visible = view.columns.filter((column) => !column.isHidden);
  const categories = visible.filter((column) => column.isCategory);
  return {
    id: view.alias,
    title: view.title,
    columns: visible.map((column, index) => ({
      title: column.title,
      kind: column.kind,
      category: column.isCategory ? categories.indexOf(column) : undefined,
      sort: column.isCategory ? 'none' : column.sort,
      resort: look.columns[index]?.resort ?? [],
    })),
    isCategorized: categories.length > 0,
    onRefresh: look.onRefresh,
    lineHeight: lineHeightOf(look),
  };
}
