/** Who receives the notifications. */
export type ServerKind = 'product' | 'bound' | 'sip' | 'sip.js';

export interface ServerTask {
  readonly kind: ServerKind;
  readonly folders: { readonly product: string; readonly peers: string | undefined };
  /** Where the sender listens, for whoever connects as a client. */
  readonly port: number;
  readonly people: number;
}

export type FromServer =
  /** Port to connect to; 0 when it connects by itself. */
  | { readonly type: 'ready'; readonly port: number }
  /** CPU microseconds since it started. */
  | { readonly type: 'cpu'; readonly used: number }
  /** Statuses it stored. */
  | { readonly type: 'stored'; readonly count: number };

export type ToServer = ServerTask | 'cpu' | 'stored';
