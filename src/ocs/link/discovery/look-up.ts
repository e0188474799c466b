/** One SRV record (RFC 2782). */
export interface SrvRecord {
  /** Target. */
  readonly name: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/**
 * What came of a question to DNS: `none` is an answer (there is no such name or record), `failed` is the lack of one,
 * so that what was known before may still hold.
 */
export type LookUpAnswer<T> =
  | { readonly kind: 'records'; readonly records: readonly T[] }
  | { readonly kind: 'none'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Questions to DNS. Never rejects. */
export interface NameLookUp {
  srv(name: string): Promise<LookUpAnswer<SrvRecord>>;
  /** IPv4 and IPv6 addresses, in the order in which to try them. */
  addresses(host: string): Promise<LookUpAnswer<string>>;
  /** Gives up whatever is being asked, and asks nothing any more: it all stays without answer. */
  close(): void;
}
