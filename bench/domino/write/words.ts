/** What the benchmark tells the process of the stub. */
export type ToStub =
  /** Where the packages of gRPC are installed. */
  { readonly type: 'start'; readonly folder: string } | { readonly type: 'count' };

/** What it answers. */
export type FromStub =
  | { readonly type: 'listening'; readonly grpc: number; readonly http: number }
  /** Documents that were written since the start. */
  | { readonly type: 'counted'; readonly documents: number };
