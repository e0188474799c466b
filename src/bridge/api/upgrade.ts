import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { BridgeError } from '../../presence/errors.js';
import type { Metrics } from '../observe/metrics.js';
import type { Access } from './access/access.js';
import type { Grant } from './access/grant.js';
import type { HostCheck } from './access/host-check.js';
import { STREAM_SCOPES } from './access/route-access.js';
import type { StreamCaller } from './access/stream-caller.js';
import { problemOf, rawAnswer } from './http/problem.js';
import type { StreamHub } from './stream/stream-hub.js';
import type { StreamLimits } from './stream/stream-limits.js';
import { WebSocketWire } from './stream/websocket-wire.js';

export interface UpgradeOptions {
  readonly access: Access;
  readonly hub: StreamHub;
  readonly metrics: Metrics;
  readonly caller: StreamCaller;
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
      hub.admit(grant);
      webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        socket.off('error', ignore);
        hub.add(new WebSocketWire(webSocket, socket), grant, { views: true });
      });
    } catch (thrown) {
      refuse(socket, metrics, BridgeError.from(thrown));
    }
  });
}

/** Throws `API_NOT_FOUND`, `API_FORBIDDEN`, `API_UNAUTHORIZED` or `API_BUSY`. */
function grantOf(request: IncomingMessage, { access, caller, checkHost }: UpgradeOptions): Grant {
  const [path] = (request.url ?? '').split('?', 1);
  if (path !== STREAM_PATH) throw new BridgeError('API_NOT_FOUND', 'there is no stream at this path');
  const address = request.socket.remoteAddress ?? '';
  access.admit(address);
  checkHost(request.headers.host);
  return caller(request, address);
}

function refuse(socket: Duplex, metrics: Metrics, error: BridgeError): void {
  metrics.inc('http_refused_total', 1, { code: error.code });
  socket.end(rawAnswer(problemOf(error)), () => socket.destroy());
}
