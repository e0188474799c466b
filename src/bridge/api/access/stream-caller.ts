import type { IncomingMessage } from 'node:http';
import { BridgeError } from '../../../presence/errors.js';
import type { Access } from './access.js';
import type { Grant } from './grant.js';

export interface StreamCallerOptions {
  readonly access: Access;
  /** Origins besides our own whose pages may open streams, as in the `Origin` header. */
  readonly allowedOrigins: readonly string[];
}

/**
 * Who opens a stream: a browser's page shows a ticket and its origin, a program its token. Throws `API_FORBIDDEN`,
 * `API_UNAUTHORIZED` or `API_BUSY`.
 */
export type StreamCaller = (request: IncomingMessage, address: string) => Grant;

export function streamCaller({ access, allowedOrigins }: StreamCallerOptions): StreamCaller {
  return ({ url = '', headers }, address) => {
    const { origin, host, authorization } = headers;
    if (origin !== undefined && !isOwnOrigin(origin, host) && !allowedOrigins.includes(origin)) {
      throw new BridgeError('API_FORBIDDEN', 'the origin of the page is not allowed');
    }
    const ticket = new URLSearchParams(url.split('?', 2)[1]).get('ticket');
    if (ticket === null) return access.byToken(authorization, address);
    if (origin === undefined && !isOwnPage(headers)) {
      throw new BridgeError('API_FORBIDDEN', 'a ticket is for pages; send the token instead');
    }
    return access.byTicket(ticket, address);
  };
}

/**
 * Browsers name the origin of a page with every upgrade, but not when a page asks its own server for an answer that is read
 * (Fetch standard, "append a request Origin header"). Where they may, they say so in another way.
 */
function isOwnPage(headers: IncomingMessage['headers']): boolean {
  const site = headers['sec-fetch-site'];
  return headers.upgrade === undefined && (site === undefined || site === 'same-origin');
}

function isOwnOrigin(origin: string, host: string | undefined): boolean {
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}
