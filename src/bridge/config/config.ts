import { DIRECTORY_RULES, type DirectoryRule } from '../../presence/directory.js';
import type { SipUri } from '../../presence/ids.js';
import type { ListRule } from '../list-ports.js';
import type { Person } from '../ports.js';
import type { ListMember } from './list-member.js';

export type DominoConfig =
  | { readonly kind: 'embedded'; readonly folder: string }
  | {
      readonly kind: 'domino-rest';
      /** Without a slash at the end; may hold a path prefix. */
      readonly url: string;
      /** Name under which the REST API publishes the database ("dataSource"). */
      readonly scope: string;
      readonly login:
        | { readonly kind: 'password'; readonly user: string; readonly password: string }
        /** Read anew whenever the server refuses the token. */
        | { readonly kind: 'token'; readonly file: string };
      /** Certificate authorities to trust instead of Node's, PEM. */
      readonly ca?: string;
      /** Requests under way at once, at most. */
      readonly parallel: number;
    }
  | {
      readonly kind: 'domino-db';
      readonly hostName: string;
      readonly port: number;
      readonly filePath: string;
      readonly secure: boolean;
      /** PEM files; read at each opening, so that a renewed certificate needs no restart. */
      readonly rootCertificateFile?: string;
      readonly clientCertificateFile?: string;
      readonly clientKeyFile?: string;
    };

export interface DirectoryConfig {
  /** Domino Directory: its file path, or with the REST API the scope that publishes it. */
  readonly database?: string;
  /** Items of Person documents that hold SIP addresses, best first. */
  readonly sipItems: readonly string[];
  readonly csvFile?: string;
  readonly rules: readonly DirectoryRule[];
  /** Domains whose internet addresses count as SIP addresses. */
  readonly domains: readonly string[];
  /** Only their members are watched; empty for everybody. */
  readonly groups: readonly string[];
  readonly optOut: { readonly people: readonly string[]; readonly groups: readonly string[] };
  /** Notes names of those whose mappings and opt-outs count for others; empty when nobody else can write. */
  readonly administrators: readonly string[];
  readonly refresh: number;
}

/** Nobody but the people of the configuration. */
export const NO_DIRECTORY: DirectoryConfig = {
  sipItems: [],
  rules: DIRECTORY_RULES,
  domains: [],
  groups: [],
  optOut: { people: [], groups: [] },
  administrators: [],
  refresh: 900_000,
};

export interface ListConfig {
  readonly id: string;
  readonly title: string;
  readonly members: readonly ListMember[];
  /** Where the list is shown as one entry: who it is, and how its status is made. */
  readonly entry?: { readonly person: Person; readonly rule: ListRule };
}

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
    /** Documents in one write. */
    readonly batchSize: number;
    /** Documents a second that turn to unknown after a long outage, at most. */
    readonly sweepPerSecond: number;
    /** Local time of day, `HH:MM`, when documents are compared with what they should say. */
    readonly reconcileAt: string;
    readonly lease: number;
  };
  readonly ocs: OcsConfig;
  readonly domino: DominoConfig;
  readonly people: readonly Person[];
  readonly directory: DirectoryConfig;
  /** Absent for none. */
  readonly lists?: readonly ListConfig[];
  readonly notes: boolean;
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly allowedOrigins: readonly string[];
    readonly tls?: { readonly certificateFile: string; readonly keyFile: string } | undefined;
    /** What everybody may do who reaches the port; absent for nothing. */
    readonly presenceWithoutToken?: readonly ('read' | 'stream')[];
  };
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}
