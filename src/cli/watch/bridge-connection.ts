import type { FetchLike } from '../../client/wire-ports.js';
import { type BridgeOptions, bridgeAddress } from '../bridge-client.js';
import { fetchTrusting } from '../bridge-fetch.js';

export interface BridgeConnection {
  readonly url: string;
  readonly token: string;
  readonly fetch: FetchLike;
}

/**
 * What the client needs to reach a bridge for as long as a command runs. The bridge is looked up anew for each request: it
 * may come back at another port with another certificate, and while it does not run, whatever has its port since gets no
 * token. Throws `BridgeError` when there is none at first.
 */
export function bridgeConnection(options: BridgeOptions): BridgeConnection {
  const { url, token } = bridgeAddress(options);
  let trusting: { readonly certificate: string | undefined; readonly fetch: typeof fetch } | undefined;
  return {
    url,
    token,
    async fetch(asked, request) {
      const now = bridgeAddress(options);
      if (trusting === undefined || trusting.certificate !== now.certificate) {
        trusting = { certificate: now.certificate, fetch: fetchTrusting(now.certificate) };
      }
      const { pathname, search } = new URL(asked);
      const headers = { ...request.headers, authorization: `Bearer ${now.token}` };
      return trusting.fetch(new URL(pathname + search, now.url), { ...request, headers } as RequestInit);
    },
  };
}
