import type { BridgeError } from '../presence/errors.js';
import type { Unid } from '../presence/ids.js';
import type { Items } from './item-value.js';

/** Which software stands behind a driver, for `presence-bridge check` and logs. */
export interface DriverIdentity {
  readonly kind: 'embedded' | 'domino-db' | 'domino-rest';
  readonly module: string;
  readonly version: string;
}

export interface FindRequest {
  /** Domino Query Language, with item terms only: those need no design catalog. */
  readonly query: string;
  /** Items to read; a document lacks those it does not have. */
  readonly itemNames: readonly string[];
}

export interface FoundDocument {
  readonly unid: Unid;
  /** Milliseconds since 1970. */
  readonly created: number | undefined;
  /** For conditional changes, from drivers with `revisions`. */
  readonly revision?: string;
  readonly items: Items;
}

/** Outcome of one document of a bulk call. */
export type DocumentOutcome =
  | { readonly ok: true; readonly unid: Unid }
  | { readonly ok: false; readonly error: BridgeError };

export interface ItemsChange {
  readonly unid: Unid;
  /** Change the document only while it is at this revision; otherwise the outcome is `NOTES_CHANGED`. */
  readonly revision?: string;
  readonly items: Items;
}

/**
 * The few database verbs the store needs. One call is under way at a time; a further one waits for its turn. Every method throws
 * `BridgeError` with a `NOTES_…` code when the call as a whole failed; what it may have written is then unknown.
 * Outcomes come in the order of the input.
 */
export interface Driver {
  /** Most documents in one bulk call; a larger one throws `RangeError`. */
  readonly maxBatch: number;
  /** Whether documents come with a revision and changes may name one. Others ignore what a change names. */
  readonly revisions: boolean;
  /** Loads the software without contacting anything. */
  identify(): Promise<DriverIdentity>;
  /** Connects and proves it by reading. May be called again at any time, above all after a failure. */
  open(): Promise<void>;
  /** All documents a query finds, each once. Those the bridge may not read are left out. */
  find(request: FindRequest): Promise<readonly FoundDocument[]>;
  /** Documents by their ids; `undefined` for one that is not there or may not be read. */
  read(unids: readonly Unid[], itemNames: readonly string[]): Promise<readonly (FoundDocument | undefined)[]>;
  create(documents: readonly Items[]): Promise<readonly DocumentOutcome[]>;
  /** Sets the named items of each document and leaves its other items alone. */
  replaceItems(changes: readonly ItemsChange[]): Promise<readonly DocumentOutcome[]>;
  remove(unids: readonly Unid[]): Promise<readonly DocumentOutcome[]>;
  close(): Promise<void>;
}
