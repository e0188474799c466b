import type { TlsSettings } from '../tls-settings.js';

/** Finding a server through DNS: SRV records first, then well-known host names. */
export interface ServerDiscovery {
  /** SIP domain whose records are asked for. */
  readonly domain: string;
  /** `tls` and `tcp` ask only for records of that transport; `any` takes both, TLS first. */
  readonly transports: 'tls' | 'tcp' | 'any';
  /** Name servers as `address` or `address:port`, instead of the system's. */
  readonly nameServers?: readonly string[];
  readonly tls?: TlsSettings;
}
