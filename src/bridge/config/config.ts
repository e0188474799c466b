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

export interface OcsAccountConfig {
  readonly account: SipUri;
  readonly user: string;
  /** NT domain of the login; empty for a user principal name. */
  readonly domain: string;
  /** Empty where a keytab or a client certificate takes its place. */
  readonly password: string;
}

export interface OcsTlsConfig {
  /** Certificate authorities to trust instead of the system's, PEM. */
  readonly ca?: string;
  readonly clientCertificate?: { readonly certificate: string; readonly key: string };
  readonly exceptions: readonly {
    readonly host: string;
    readonly minVersion: 'TLSv1' | 'TLSv1.1';
    readonly securityLevel: 0 | 1;
  }[];
}

export interface OcsServerConfig {
  readonly host: string;
  readonly port: number;
  readonly transport: 'tls' | 'tcp';
  /** Name the certificate must carry, when it is not `host`. */
  readonly serverName?: string;
  readonly tls: OcsTlsConfig;
}

export interface OcsDiscoveryConfig {
  readonly domain: string;
  readonly transports: 'tls' | 'tcp' | 'any';
  /** Empty: the system's. */
  readonly nameServers: readonly string[];
  readonly tls: OcsTlsConfig;
}

export interface OcsConfig extends OcsAccountConfig {
  readonly moreAccounts: readonly OcsAccountConfig[];
  readonly maxPeoplePerAccount?: number;
  /** Set by hand, or to be found through DNS. */
  readonly server: OcsServerConfig | OcsDiscoveryConfig;
  readonly alternates: readonly OcsServerConfig[];
  readonly trustedDomains: readonly string[];
  readonly dialect: 'ocs' | 'sip';
  readonly authentication?: readonly ('kerberos' | 'ntlm' | 'digest')[];
  readonly kerberos?: { readonly principal: string; readonly keytab?: string };
  readonly userAgent?: string;
  readonly batchSize: number;
  readonly requestsPerSecond: number;
  readonly allowNtlmWithoutTls: boolean;
  readonly allowDigestWithoutTls: boolean;
  readonly openContainers?: boolean;
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
