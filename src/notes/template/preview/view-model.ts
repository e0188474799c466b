import type { SortDirection, ViewDesign } from '../design/view-design.js';
import type { ViewLook } from './view-look.js';
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

/** Joins what a view computes with how it looks. */
export function viewModelOf(view: ViewDesign, look: ViewLook): ViewModel {
  const visible = view.columns.filter((column) => !column.isHidden);
  const categories = visible.filter((column) => column.isCategory);
  return {
    id: view.alias,
    title: view.title,
    columns: visible.map((column) => ({
      title: column.title,
      kind: column.kind,
      category: column.isCategory ? categories.indexOf(column) : undefined,
      sort: column.isCategory ? 'none' : column.sort,
      resort: column.resort,
    })),
    isCategorized: categories.length > 0,
    onRefresh: look.onRefresh,
    lineHeight: lineHeightOf(look),
  };
}
