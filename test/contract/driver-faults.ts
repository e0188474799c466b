/** What a test knows of a document that is sent: its items, or the id of one that is changed or deleted. */
export interface SentDocument {
  readonly unid: string | undefined;
  readonly items: Readonly<Record<string, unknown>>;
}

/** Troubles of a Domino server, as a driver meets them, whatever lies between. */
export type Trouble =
  /** Nobody answers where the server should be. */
  | { readonly kind: 'unreachable' }
  /** Requests arrive and are never answered; with `after` they take effect all the same. */
  | { readonly kind: 'hang'; readonly after?: boolean }
  /** Every answer takes so many milliseconds of the clock that the drivers have. */
  | { readonly kind: 'latency'; readonly milliseconds: number }
  /** The next write takes effect; then the connection breaks before its answer. */
  | { readonly kind: 'lost-answer' }
  /** Single documents are refused when they are created, changed or deleted; the others of the call are not. */
  | { readonly kind: 'refused-document'; readonly isRefused: (document: SentDocument) => boolean }
  /** Rights in the database that are missing. */
  | { readonly kind: 'acl-denied'; readonly what: 'writing' | 'everything' }
  /** Readers fields hide these documents. */
  | { readonly kind: 'hidden-documents'; readonly unids: readonly string[] }
  /** Runs once, after the first page of the next read by query. */
  | { readonly kind: 'changed-between-pages'; readonly change: () => Promise<void> }
  /** No space, or the quota is reached: reads go on. */
  | { readonly kind: 'full' }
  /** Takes no changes: reads go on. */
  | { readonly kind: 'read-only' }
  /** There is no database of that name. */
  | { readonly kind: 'no-database' };

/** Makes trouble between a driver and its server. */
export interface DriverFaults {
  /** Several may be on at a time. */
  begin(trouble: Trouble): void;
  /** Ends all trouble; requests that hang are answered. */
  heal(): void;
  /** True while a request has arrived and only time can end it: it hangs, or its answer is delayed. */
  readonly isWaiting: boolean;
}

/** For servers that nobody can trouble. */
export const NO_FAULTS: DriverFaults = {
  begin: ({ kind }) => {
    throw new Error(`no way to make the trouble "${kind}"`);
  },
  heal: () => {},
  isWaiting: false,
};
