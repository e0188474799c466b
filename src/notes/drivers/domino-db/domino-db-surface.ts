/**
 * The part of HCL's module domino-db (HCL Domino AppDev Pack) that this product knows. The module brings no type
 * declarations. The embedded database offers the same surface, so there is one adapter for both.
 */
export type UseServer = (configuration: ServerConfiguration) => Promise<DominoServer>;

export interface ServerConfiguration {
  /** Must be a name in Proton's certificate when `connection.secure` is true. */
  readonly hostName: string;
  readonly connection: { readonly port: string; readonly secure?: boolean };
  /** Contents of PEM files; needed when `connection.secure` is true. */
  readonly credentials?: {
    readonly rootCertificate: Buffer;
    readonly clientCertificate: Buffer;
    readonly clientKey: Buffer;
  };
}

export interface DominoServer {
  /** Contacts nothing: a wrong path shows at the first read. */
  useDatabase(options: { readonly filePath: string }): Promise<DominoDatabase>;
}

/** Item values as sent: shorthand, or spelled out as `{ type, data }`. */
export type DocumentInput = Readonly<Record<string, unknown>>;

/** A document as answered. Reads carry the `@` properties and the items asked for; writes nothing but `@unid`. */
export interface DocumentOutput {
  readonly '@unid'?: string;
  readonly '@created'?: { readonly type: 'datetime'; readonly data: string };
  readonly '@modified'?: { readonly type: 'datetime'; readonly data: string };
  readonly '@error'?: { readonly message: string; readonly code?: unknown; readonly cause?: unknown };
  readonly [item: string]: unknown;
}

export interface BulkResponse {
  readonly documents: readonly DocumentOutput[];
  /** How many of `documents` carry `@error`. */
  readonly errors: number;
  /** Absent in answers to bulk creation. `total` counts all matches, `count` those in this answer. */
  readonly documentRange?: { readonly total: number; readonly start: number; readonly count: number };
}

export interface BulkOptions {
  readonly onErrorOptions?: 'ON_ERROR_CONTINUE' | 'ON_ERROR_ABORT_REMAINING';
}

export interface ReadOptions {
  /** Without it a read answers with metadata alone. */
  readonly itemNames?: readonly string[];
  readonly canonicalFormat?: boolean;
}

export interface QueryOptions {
  readonly query: string;
  /** Values for `?` by position, or for `?name` as `{ name, value }`. */
  readonly queryArgs?: readonly unknown[];
}

export interface PageOptions {
  /** From 0, and 0 when absent. */
  readonly start?: number;
  /** 100 when absent, at most 200. */
  readonly count?: number;
}

interface Unids {
  readonly unids: readonly string[];
}

interface ItemNames {
  readonly itemNames: readonly string[];
}

export interface DominoDatabase {
  createDocument(options: { readonly document: DocumentInput }): Promise<string>;
  useDocument(options: { readonly unid: string }): Promise<DominoDocument>;
  bulkCreateDocuments(options: { readonly documents: readonly DocumentInput[] } & BulkOptions): Promise<BulkResponse>;
  bulkReadDocuments(options: QueryOptions & PageOptions & ReadOptions & BulkOptions): Promise<BulkResponse>;
  bulkReadDocumentsByUnid(options: Unids & ReadOptions & BulkOptions): Promise<BulkResponse>;
  bulkReplaceItems(
    options: { readonly replaceItems: DocumentInput } & QueryOptions & PageOptions & BulkOptions,
  ): Promise<BulkResponse>;
  bulkReplaceItemsByUnid(
    options: {
      readonly replaceItemsByUnid: readonly DocumentInput[];
      readonly replaceItems?: DocumentInput;
    } & BulkOptions,
  ): Promise<BulkResponse>;
  bulkReplaceDocumentsByUnid(
    options: { readonly documents: readonly DocumentInput[] } & BulkOptions,
  ): Promise<BulkResponse>;
  bulkDeleteDocuments(options: QueryOptions & PageOptions & BulkOptions): Promise<BulkResponse>;
  bulkDeleteDocumentsByUnid(options: Unids & BulkOptions): Promise<BulkResponse>;
  bulkDeleteItems(options: ItemNames & QueryOptions & PageOptions & BulkOptions): Promise<BulkResponse>;
  bulkDeleteItemsByUnid(options: ItemNames & Unids & BulkOptions): Promise<BulkResponse>;
}

export interface DominoDocument {
  getUnid(): string;
  read(options?: ReadOptions): Promise<DocumentOutput>;
  replace(options: { readonly document: DocumentInput }): Promise<void>;
  replaceItems(options: { readonly replaceItems: DocumentInput }): Promise<void>;
  deleteItems(options: ItemNames): Promise<void>;
  delete(): Promise<void>;
}
