import { PresenceError } from './presence-error.js';
import type { FetchLike, WebSocketConstructor } from './wire-ports.js';

/** How a bridge is reached. */
export interface PresenceClientOptions {
  /** Address of the bridge: `https://presence.contoso.example`, with a path where a proxy adds one. */
  readonly url: string;
  /** For programs. Never in a page that others see. */
  readonly token?: string;
  /** For pages: fetches a ticket from the page's own server, anew for each connection. An error with `status` 401 or 403 ends it. */
  readonly ticket?: () => Promise<string>;
  /** In place of the built-in one, such as one that trusts the bridge's certificate. */
  readonly fetch?: FetchLike;
  /** In place of the built-in one; outside of pages one that takes headers, such as that of the package `ws`. */
  readonly WebSocket?: WebSocketConstructor;
  /** How people are followed: in pages, and where a `WebSocket` is given, by `websocket`, else by `events` (server-sent). */
  readonly transport?: 'websocket' | 'events';
}

/** The little that tells a page from a program. */
export interface Surroundings {
  readonly fetch?: unknown;
  readonly WebSocket?: unknown;
  readonly location?: unknown;
  readonly document?: unknown;
}

export interface CheckedOptions {
  /** Ends with a slash. */
  readonly base: string;
  readonly token: string | undefined;
  readonly ticket: (() => Promise<string>) | undefined;
  readonly fetch: FetchLike;
  /** Where people are followed by it. */
  readonly WebSocket: WebSocketConstructor | undefined;
  readonly isPage: boolean;
}

/** What stands in the options and in what surrounds the client. Throws `CLIENT_USAGE`. */
export function checkedOptions(options: PresenceClientOptions, around: Surroundings): CheckedOptions {
  const { token, ticket, transport } = options;
  const isPage = around.document !== undefined;
  const fetch = options.fetch ?? boundTo(around);
  const builtIn = around.WebSocket as WebSocketConstructor | undefined;
  const WebSocket = options.WebSocket ?? (isPage || transport === 'websocket' ? builtIn : undefined);
  if (fetch === undefined) throw usage('fetch: there is none here; give one');
  if (transport === 'websocket' && WebSocket === undefined) throw usage('WebSocket: there is none here; give one');
  if (token !== undefined && !/^[\w\-.~+/]+=*$/.test(token)) throw usage('token: this is no token');
  return {
    base: baseOf(options.url),
    token,
    ticket,
    fetch,
    WebSocket: transport === 'events' ? undefined : WebSocket,
    isPage,
  };
}

function boundTo(around: Surroundings): FetchLike | undefined {
  const { fetch } = around;
  // Browsers insist that it is called on the window.
  return typeof fetch === 'function' ? (url, request) => fetch.call(around, url, request) : undefined;
}

function baseOf(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw usage('url: this is no address');
  }
  const { protocol, username, password, origin, pathname } = parsed;
  if (protocol !== 'http:' && protocol !== 'https:') throw usage('url: it begins with http: or https:');
  if (username !== '' || password !== '') throw usage('url: a secret does not belong into an address');
  return origin + (pathname.endsWith('/') ? pathname : `${pathname}/`);
}

function usage(message: string): PresenceError {
  return new PresenceError({ code: 'CLIENT_USAGE', message });
}
