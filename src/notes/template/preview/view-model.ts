/** What the preview draws of a view's design. */
export interface ViewModel {
  readonly id: string;
  readonly title: string;
  /** Visible ones. */
  readonly columns: readonly ViewModelColumn[];
  readonly isCategorized: boolean;
  /** What an open view does when its index changed. */
  readonly onRefresh: 'itself' | 'arrow';
  /** Pixels of one line. */
  readonly lineHeight: number;
}

export interface ViewModelColumn {
  readonly title: string;
  readonly kind: 'text' | 'icon';
  /** Level of the category that stands here, from 0; absent for other columns. */
  readonly category: number | undefined;
  readonly sort: 'none' | 'ascending' | 'descending';
  /** Directions that a click on its header offers. */
  readonly resort: readonly SortDirection[];
}

export type SortDirection = 'ascending' | 'descending';

/** A sorting that a reader chose, in place of the design's. */
export interface ChosenSort {
  /** Index among the visible columns. */
  readonly column: number;
  readonly direction: SortDirection;
}
