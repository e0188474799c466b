import type { StoredDocument } from './stored-document.js';

/** One step from one state of the database to the next. */
export type Change =
  | { readonly kind: 'put'; readonly document: StoredDocument }
  | { readonly kind: 'delete'; readonly unid: string };

/** Where the embedded database keeps its documents. */
export interface Storage {
  /** All documents by UNID, in the order of their creation. */
  readonly documents: ReadonlyMap<string, StoredDocument>;
  /** Makes all changes, or rejects and makes none. One call at a time. */
  commit(changes: readonly Change[]): Promise<void>;
  close(): Promise<void>;
}

export function applyChange(documents: Map<string, StoredDocument>, change: Change): void {
  if (change.kind === 'put') documents.set(change.document.unid, change.document);
  else documents.delete(change.unid);
}

/** Documents that end with the process. */
export function memoryStorage(): Storage {
  const documents = new Map<string, StoredDocument>();
  return {
    documents,
    commit(changes) {
      for (const change of changes) applyChange(documents, change);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
