/**
 * The little that the client needs of `fetch` and `WebSocket`, so that it compiles and runs in browsers and in Node, with
 * what is built in there and with what takes its place.
 */

export interface BodyReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

export interface ResponseLike {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: { getReader(): BodyReader } | null;
}

export interface RequestLike {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly signal: AbortSignal;
  readonly redirect: 'error';
  readonly cache: 'no-store';
}

export type FetchLike = (url: string, request: RequestLike) => Promise<ResponseLike>;

export interface WebSocketLike {
  addEventListener(type: 'open', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number }) => void): void;
  addEventListener(type: 'error', listener: () => void): void;
  send(text: string): void;
  close(): void;
}

/** With `init` outside of pages only: the package `ws` and the one built into Node take headers there. */
export type WebSocketConstructor = new (url: string, init?: never) => WebSocketLike;
