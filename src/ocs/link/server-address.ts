import type { TlsSettings } from './tls-settings.js';

/** One server, and how it is spoken to. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly transport: 'tls' | 'tcp';
  /** Name that the certificate must hold, when it is not `host`. */
  readonly serverName?: string;
  readonly tls?: TlsSettings;
  /** Where `host` was found to be. Default: where the system finds it. */
  readonly addresses?: readonly string[];
}
