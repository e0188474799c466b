import type { DocumentTable } from './document-table.js';

/** What the preview shows: documents, the moment, and whether anything may be changed. */
export interface PreviewSource {
  readonly documents: DocumentTable;
  /** Milliseconds since 1970: the moment that formulas of forms see. */
  readonly now: () => number;
  /** IANA name of the time zone in which moments are written. */
  readonly zone: string;
  /** False for a real database: then documents are shown and never saved. */
  readonly takesChanges: boolean;
  /** Where the documents come from, for the status bar. */
  readonly origin: 'sample' | 'still' | { readonly place: string };
}
