import type { Clock, Log, Random } from '../../bridge/ports.js';
import type { SipUri } from '../../presence/ids.js';
import type { ServerCertificate } from './certificates.js';
import { KerberosAcceptor } from './security/kerberos-acceptor.js';
import type { AuthVersion } from './security/signature-buffer.js';

/** Generation of the protocol that a pool speaks: enhanced presence (MS-PRES), or the presence of LCS 2005 (MS-SIP). */
export const DIALECTS = ['ocs2007', 'lcs2005'] as const;
export type Dialect = (typeof DIALECTS)[number];

/** Where somebody's account lives: on a pool of this site, or with another company. */
export type Home = { readonly kind: 'pool'; readonly hostName: string } | { readonly kind: 'federated' };

/** One pool of the site: a server name with its own ports and certificate. */
export interface SimulatorPool {
  /** Name in SIP headers, in NTLM and in its certificate. */
  readonly hostName: string;
  /** Default: the simulator's `dialect`. */
  readonly dialect?: Dialect;
  /** A director: nobody is homed here, it sends everybody on to the home pool. Default false. */
  readonly director?: boolean;
  /** Default: the host of the simulator's `listen` with TLS on a free port. */
  readonly listen?: SimulatorListen;
  /** Default: a certificate for `hostName` from the authority of all pools. */
  readonly certificates?: ServerCertificate;
  /** Host that a redirect to this pool names, where DNS does not know `hostName`. Default `hostName`. */
  readonly contactHost?: string;
}

/** A port of 0 is a free one; a transport without a port stays closed. */
export interface SimulatorListen {
  readonly host: string;
  readonly tlsPort?: number;
  readonly tcpPort?: number;
}

/** Somebody who may sign in. */
export interface SimulatorAccount {
  readonly uri: SipUri;
  /** Account name without domain. */
  readonly user: string;
  /** Windows domain, as in `DOMAIN\user`. */
  readonly domain: string;
  readonly password: string;
  readonly displayName: string;
  /** `hostName` of the home pool. Default: the first pool that is no director. */
  readonly pool?: string;
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
  /** Most people that one user watches, over all endpoints and dialogs (LCS and Lync: contact subscriptions). */
  readonly subscriptionsPerUser: number;
  /** Most dialogs in which one person is watched (MS-PRES: category subscriptions of the presence policy). */
  readonly watchersPerPerson: number;
  /** A shorter lifetime than this, in seconds, is refused with 423 (RFC 3261 §10.3, RFC 6665 §4.2.1.1). */
  readonly minExpiresSeconds: number;
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
  subscriptionsPerUser: 100_000,
  watchersPerPerson: 1000,
  minExpiresSeconds: 10,
  publicationsPerUser: 200,
  contacts: 1000,
  endpointsPerUser: 8,
  signInSeconds: 60,
  idleSeconds: 600,
  answerSeconds: 32,
};

/** Scheme names as they stand in a challenge. */
export type SimulatorScheme = 'Kerberos' | 'NTLM';

export interface SimulatorOptions {
  /** SIP domain. Default `contoso.example`. */
  readonly domain?: string;
  /** Name of the server in SIP headers, in NTLM and in its certificate. Default `ocs01.` + domain. */
  readonly hostName?: string;
  /** Default 127.0.0.1 with TLS on a free port. Without meaning when `pools` are given, except for `host`. */
  readonly listen?: SimulatorListen;
  /** Default `ocs2007`. */
  readonly dialect?: Dialect;
  /** Several pools that share people, contact lists and presence. Default: one pool of `hostName` with `listen`. */
  readonly pools?: readonly SimulatorPool[];
  /** False: the server does not know BENOTIFY, refuses `Proxy-Require: ms-benotify` and sends NOTIFY. Default true. */
  readonly benotify?: boolean;
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
  /** Schemes offered, in this order. Default: NTLM, before it Kerberos where there is a `keytab`. */
  readonly schemes?: readonly SimulatorScheme[];
  /** File with the key of `sip/<hostName>`. */
  readonly keytab?: string;
  /** Names in client certificates whose connections are not challenged and may speak for any account (mutual TLS). */
  readonly trustedHosts?: readonly string[];
  /** PEM of the authority of those certificates. Default: that of the server's own. */
  readonly clientCa?: string;
  readonly limits?: Partial<SimulatorLimits>;
}

/** The options that the SIP side works with, all defaults filled in. */
export interface ServerSettings {
  readonly domain: string;
  readonly hostName: string;
  readonly dialect: Dialect;
  /** Empty: there is one pool, of `hostName` and `dialect`. */
  readonly pools: readonly SimulatorPool[];
  readonly benotify: boolean;
  readonly accounts: readonly SimulatorAccount[];
  readonly registrationSeconds: number;
  readonly subscriptionSeconds: number;
  readonly authVersion: AuthVersion | 'none';
  readonly schemes: readonly SimulatorScheme[];
  readonly kerberos: KerberosAcceptor | undefined;
  readonly limits: SimulatorLimits;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export function settingsOf(options: SimulatorOptions): ServerSettings {
  const domain = options.domain ?? 'contoso.example';
  return {
    domain,
    hostName: options.hostName ?? options.pools?.[0]?.hostName ?? `ocs01.${domain}`,
    dialect: options.dialect ?? 'ocs2007',
    pools: options.pools ?? [],
    benotify: options.benotify ?? true,
    accounts: options.accounts,
    registrationSeconds: options.registrationSeconds ?? 7200,
    subscriptionSeconds: options.subscriptionSeconds ?? 28_800,
    authVersion: options.authVersion ?? 4,
    schemes: options.schemes ?? (options.keytab === undefined ? ['NTLM'] : ['Kerberos', 'NTLM']),
    kerberos: options.keytab === undefined ? undefined : new KerberosAcceptor(options.keytab),
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    clock: options.clock,
    random: options.random,
    log: options.log,
  };
}
