import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { BridgeError } from '../../presence/errors.js';
import type { Metrics } from '../observe/metrics.js';
import type { Access } from './access.js';
import type { Grant } from './grant.js';
import type { HostCheck } from './host-check.js';
import { problemOf, rawAnswer } from './problem.js';
import { STREAM_SCOPES } from './route-access.js';
import type { StreamHub } from './stream/stream-hub.js';
import type { StreamLimits } from './stream/stream-limits.js';

export interface UpgradeOptions {
  readonly access: Access;
  readonly hub: StreamHub;
  readonly metrics: Metrics;
  /** Origins besides our own whose pages may open streams, as in the `Origin` header. */
  readonly allowedOrigins: readonly string[];
  readonly checkHost: HostCheck;
  readonly limits: StreamLimits;
}

const STREAM_PATH = '/stream';

/** Opens live streams on the API's port. Who may is decided here, before the upgrade is answered. */
export function acceptStreams(server: Server, options: UpgradeOptions): void {
  const { limits, hub, metrics } = options;
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.payload,
    maxFragments: limits.fragments,
    // Known to ws since 8.19, not yet to its type definitions.
    ...{ closeTimeout: limits.close },
  });
  webSockets.on('wsClientError', (_error, socket) => {
    refuse(socket, metrics, new BridgeError('API_BAD_REQUEST', 'this is no WebSocket handshake'));
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const ignore = (): void => undefined;
    socket.on('error', ignore);
    try {
      const grant = grantOf(request, options);
      options.access.demand(grant, STREAM_SCOPES, 'GET /stream');
      if (hub.size >= limits.clients) {
        throw new BridgeError('API_BUSY', 'too many open streams', { details: { retryAfterSeconds: 30 } });
      }
      webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        socket.off('error', ignore);
        hub.add(webSocket, socket, grant);
      });
    } catch (thrown) {
      refuse(socket, metrics, BridgeError.from(thrown));
    }
  });
}

/**
 * A browser's page shows a ticket and its origin; a program shows its token. Throws `API_NOT_FOUND`, `API_FORBIDDEN`,
 * `API_UNAUTHORIZED` or `API_BUSY`.
 */
function grantOf(request: IncomingMessage, { access, allowedOrigins, checkHost }: UpgradeOptions): Grant {
  const [path, query] = (request.url ?? '').split('?', 2);
  if (path !== STREAM_PATH) throw new BridgeError('API_NOT_FOUND', 'there is no stream at this path');
  const { origin, host, authorization } = request.headers;
  const address = request.socket.remoteAddress ?? '';
  access.admit(address);
  checkHost(host);
  if (origin !== undefined && !isOwnOrigin(origin, host) && !allowedOrigins.includes(origin)) {
    throw new BridgeError('API_FORBIDDEN', 'the origin of the page is not allowed');
  }
  const ticket = new URLSearchParams(query).get('ticket');
  if (ticket === null) return access.byToken(authorization, address);
  if (origin === undefined) throw new BridgeError('API_FORBIDDEN', 'a ticket is for pages; send the token instead');
  return access.byTicket(ticket, address);
}

function isOwnOrigin(origin: string, host: string | undefined): boolean {
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}

function refuse(socket: Duplex, metrics: Metrics, error: BridgeError): void {
  metrics.inc('http_refused_total', 1, { code: error.code });
  socket.end(rawAnswer(problemOf(error)), () => socket.destroy());
}
