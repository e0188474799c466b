import type { SipUri } from '../../presence/ids.js';
import type { Person } from '../ports.js';

export type DominoConfig =
  | { readonly kind: 'embedded'; readonly folder: string }
  | {
      readonly kind: 'domino-db';
      readonly hostName: string;
      readonly port: number;
      readonly filePath: string;
      readonly secure: boolean;
      readonly rootCertificate?: Buffer;
      readonly clientCertificate?: Buffer;
      readonly clientKey?: Buffer;
    };

export interface OcsConfig {
  readonly account: SipUri;
  readonly user: string;
  /** NT domain of the login; empty for a user principal name. */
  readonly domain: string;
  readonly password: string;
  readonly server: {
    readonly host: string;
    readonly port: number;
    readonly transport: 'tls' | 'tcp';
    /** Name the certificate must carry, when it is not `host`. */
    readonly serverName?: string;
    /** Certificate authorities to trust instead of the system's, PEM. */
    readonly ca?: string;
  };
  readonly userAgent?: string;
  readonly batchSize: number;
  readonly allowNtlmWithoutTls: boolean;
}

/** A checked configuration: paths absolute, secrets read, times in milliseconds. Never log it whole. */
export interface BridgeConfig {
  readonly file: string;
  readonly bridge: {
    readonly name: string;
    readonly stateFolder: string;
    /** Language of the template whose views the board draws. */
    readonly language: 'en' | 'de';
    readonly window: number;
    readonly grace: number;
    readonly heartbeat: number;
  };
  readonly ocs: OcsConfig;
  readonly domino: DominoConfig;
  readonly people: readonly Person[];
  readonly notes: boolean;
  readonly http: { readonly host: string; readonly port: number; readonly allowedOrigins: readonly string[] };
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}
