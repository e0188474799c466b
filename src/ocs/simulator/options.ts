import type { Clock, Log, Random } from '../../bridge/ports.js';
import type { SipUri } from '../../presence/ids.js';
import type { ServerCertificate } from './certificates.js';
import type { AuthVersion } from './security/signature-buffer.js';

/** Somebody who may sign in. */
export interface SimulatorAccount {
  readonly uri: SipUri;
  /** Account name without domain. */
  readonly user: string;
  /** Windows domain, as in `DOMAIN\user`. */
  readonly domain: string;
  readonly password: string;
  readonly displayName: string;
}

/** Bounds for everything that a client decides. Sizes in bytes, times in seconds. */
export interface SimulatorLimits {
  readonly head: number;
  readonly line: number;
  readonly headers: number;
  readonly body: number;
  readonly connections: number;
  /** Bytes that may wait for a client that does not read; then its connection is closed. */
  readonly backlog: number;
  readonly xmlDepth: number;
  readonly xmlElements: number;
  readonly resourcesPerBatch: number;
  readonly subscriptionsPerEndpoint: number;
  readonly publicationsPerUser: number;
  readonly contacts: number;
  readonly endpointsPerUser: number;
  /** A connection on which nobody signed in by then is closed. */
  readonly signInSeconds: number;
  /** A connection without any byte for so long is closed. */
  readonly idleSeconds: number;
  /** How long a relayed request or a NOTIFY waits for its answer. */
  readonly answerSeconds: number;
}

export const DEFAULT_LIMITS: SimulatorLimits = {
  head: 64 * 1024,
  line: 8 * 1024,
  headers: 256,
  body: 4 * 1024 * 1024,
  connections: 1000,
  backlog: 64 * 1024 * 1024,
  xmlDepth: 32,
  xmlElements: 20_000,
  resourcesPerBatch: 5000,
  subscriptionsPerEndpoint: 1000,
  publicationsPerUser: 200,
  contacts: 1000,
  endpointsPerUser: 8,
  signInSeconds: 60,
  idleSeconds: 600,
  answerSeconds: 32,
};

export interface SimulatorOptions {
  /** SIP domain. Default `contoso.example`. */
  readonly domain?: string;
  /** Name of the server in SIP headers, in NTLM and in its certificate. Default `ocs01.` + domain. */
  readonly hostName?: string;
  /** Default 127.0.0.1 with TLS on a free port. A port of 0 is a free one; a transport without a port stays closed. */
  readonly listen?: { readonly host: string; readonly tlsPort?: number; readonly tcpPort?: number };
  readonly accounts: readonly SimulatorAccount[];
  /** Default: a throw-away authority for `hostName`, `localhost` and the listening address. */
  readonly certificates?: ServerCertificate;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Lifetime that a REGISTER is granted. Default 7200. */
  readonly registrationSeconds?: number;
  /** Lifetime that a SUBSCRIBE is granted. Default 28800. */
  readonly subscriptionSeconds?: number;
  /** Version of authentication offered; 2 names none in the challenge, as OCS 2005 did. Default 4. */
  readonly authVersion?: AuthVersion | 'none';
  readonly limits?: Partial<SimulatorLimits>;
}

/** The options that the SIP side works with, all defaults filled in. */
export interface ServerSettings {
  readonly domain: string;
  readonly hostName: string;
  readonly accounts: readonly SimulatorAccount[];
  readonly registrationSeconds: number;
  readonly subscriptionSeconds: number;
  readonly authVersion: AuthVersion | 'none';
  readonly limits: SimulatorLimits;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export function settingsOf(options: SimulatorOptions): ServerSettings {
  const domain = options.domain ?? 'contoso.example';
  return {
    domain,
    hostName: options.hostName ?? `ocs01.${domain}`,
    accounts: options.accounts,
    registrationSeconds: options.registrationSeconds ?? 7200,
    subscriptionSeconds: options.subscriptionSeconds ?? 28_800,
    authVersion: options.authVersion ?? 4,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    clock: options.clock,
    random: options.random,
    log: options.log,
  };
}
