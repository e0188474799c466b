import type { Status } from '../presence/availability.js';

/** One row of a Notes view, as its column formulas made it. */
export interface ViewRow {
  /** Stable identity of the row: the document's key. */
  readonly id: string;
  /** What the document says, for readers that choose rows by it; absent in rows of other documents than people's. */
  readonly status?: Status;
  readonly cells: readonly ViewCell[];
}

export type ViewCell = { readonly kind: 'text'; readonly text: string } | IconCell;

/** Name of an image resource of the template, and the words a screen reader says for it. */
export interface IconImage {
  readonly image: string;
  readonly label: string;
}

export interface IconCell extends IconImage {
  readonly kind: 'icon';
  /** Further icons of the cell, from left to right. */
  readonly more?: readonly IconImage[];
}

export interface ViewColumn {
  readonly title: string;
  readonly kind: 'text' | 'icon';
  /** Width as in the view design, in characters. */
  readonly width: number;
}

export interface ViewDescription {
  /** Alias, usable in an address. */
  readonly id: string;
  readonly title: string;
  readonly columns: readonly ViewColumn[];
  /** True when rows stand under category headings made from the first column. */
  readonly categorized: boolean;
}

/** A categorized view's rows carry the category of their row; others an empty text. */
export interface PlacedRow extends ViewRow {
  readonly category: string;
}

/** The template's views over the documents of the database, kept current. Made from the built DXL, not by hand. */
export interface ViewFeed {
  views(): readonly ViewDescription[];
  /** All rows in the order of the view. */
  rows(view: string): readonly PlacedRow[];
  /** Bytes of an image resource, or `undefined`. */
  image(name: string): { readonly type: string; readonly data: Buffer } | undefined;
  /** Calls back with the ids of rows that changed or vanished; the returned function ends it. */
  onChange(listener: (ids: ReadonlySet<string>) => void): () => void;
}
