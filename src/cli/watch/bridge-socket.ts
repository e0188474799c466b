import { WebSocket } from 'ws';
import type { WebSocketConstructor } from '../../client/wire-ports.js';
import { type BridgeOptions, bridgeAddress } from '../bridge-client.js';
import { tlsTrusting } from '../tls-trusting.js';

/** `WebSocket` to the bridge of a command, looked up and trusted anew for each connection as in `bridgeConnection`. */
export function bridgeSocket(options: BridgeOptions): WebSocketConstructor {
  return class extends WebSocket {
    constructor(asked: string) {
      const { url, token, certificate } = bridgeAddress(options);
      const { pathname, search } = new URL(asked);
      super(new URL(pathname + search, url.replace(/^http/, 'ws')), {
        headers: { authorization: `Bearer ${token}` },
        ...(certificate === undefined ? {} : tlsTrusting(certificate)),
      });
    }
  } as unknown as WebSocketConstructor;
}
