import { hostname } from 'node:os';
import type { SipUri } from '../presence/ids.js';
import type { BackoffOptions } from '../presence/retry.js';
import type { ClientOptions } from './agent/client.js';
import { epidFor } from './agent/endpoint.js';
import type { AttemptStore } from './auth/attempts.js';
import type { AuthScheme, KerberosOptions } from './auth/scheme.js';
import type { ServerDiscovery } from './link/discovery/options.js';
import type { ServerMemory } from './link/last-good.js';
import type { ServerAddress } from './link/server-address.js';

/** Somebody whose name the bridge watches under. */
export interface WatcherAccount {
  /** The address that watches. */
  readonly account: SipUri;
  /** Account name, or `user@domain` with an empty `domain`. */
  readonly user: string;
  /** Windows domain. */
  readonly domain: string;
  /** Empty where a keytab or a client certificate takes its place. */
  readonly password: string;
}

export interface OcsSourceOptions extends WatcherAccount {
  /** Further accounts, which take their share of the roster: each may watch only so many people (MS-PRES limits). */
  readonly moreAccounts?: readonly WatcherAccount[];
  /** People that one account watches at most. Default: without bound. */
  readonly maxPeoplePerAccount?: number;
  /** Milliseconds that an account may be without connection before the others take over its people. Default 90 000. */
  readonly takeOverAfter?: number;
  /** Set by hand, or to be found through DNS. */
  readonly server: ServerAddress | ServerDiscovery;
  /** Servers to try, in this order, while `server` cannot be used. */
  readonly alternates?: readonly ServerAddress[];
  /** Domains besides the account's own that a redirect or a DNS answer may lead to. */
  readonly trustedDomains?: readonly string[];
  /** `ocs`: the dialect of OCS, Lync and LCS 2005; `sip`: RFC 3856 presence without anything of Microsoft's. Default `ocs`. */
  readonly dialect?: 'ocs' | 'sip';
  /** Schemes that may be used; the strongest that the server offers counts. Default: `digest` with the dialect `sip`, otherwise `ntlm` and, where it is set up, `kerberos`. */
  readonly authentication?: readonly AuthScheme[];
  readonly kerberos?: KerberosOptions;
  /** `User-Agent`, for servers that admit only certain clients (Client Version Filter). */
  readonly userAgent?: string;
  /** People per SUBSCRIBE. Default 100. */
  readonly batchSize?: number;
  /** SUBSCRIBE requests under way at a time. Default 8. */
  readonly maxInFlight?: number;
  /** Requests that may be sent in a second, on average, over all accounts. Default 10. */
  readonly requestsPerSecond?: number;
  /** Ask for personal notes too. */
  readonly notes: boolean;
  readonly backoff?: BackoffOptions;
  /** NTLM over plain TCP gives its proof to whoever answers; for tests and isolated networks only. Default false. */
  readonly allowNtlmWithoutTls?: boolean;
  /** The same for Digest. Default false. */
  readonly allowDigestWithoutTls?: boolean;
  /** Hexadecimal, at most 16 characters. Default: derived from account, machine and `instance`, the same at each start. */
  readonly epid?: string;
  /**
   * Tells programs of one account on one machine apart, or on machines of one name: the same at each start. Without it the
   * later of two takes the place of the earlier one, whose subscriptions end without a word.
   */
  readonly instance?: string;
  /**
   * At the first publication of the own status, let colleagues and partners see it when nobody is let so far
   * (MS-PRES containers 200 and 100). Default true: without that a new account is offline for everybody.
   */
  readonly openContainers?: boolean;
  /** Refused passwords after which no further try is made. Default 2. */
  readonly maxPasswordFailures?: number;
  /** Where refused passwords are counted, for each account. Default: for this run of the process. */
  readonly attempts?: AttemptStore;
  /** Where each account's last good server is remembered. Default: for this run of the process. */
  readonly servers?: ServerMemory;
  /** Called for each presence document, or part of one, that is refused; the reason is a stable word. */
  readonly onRefused?: (reason: string) => void;
  /** Called for each SIP message that is dropped: unsigned, replayed, malformed and so on. */
  readonly onDropped?: (reason: string) => void;
}

/** Opens like that of Communicator 2007 R2, which is what version filters look at. */
const USER_AGENT = 'UCCAPI/3.5.6907.0 NotesPresenceBridge';
const BATCH_SIZE = 100;
const MAX_IN_FLIGHT = 8;

/** Requests in a second that no server feels. */
export const REQUESTS_PER_SECOND = 10;

/** The options of each account by itself. An endpoint identifier belongs to the first one only. */
export function accountsOf(options: OcsSourceOptions): readonly OcsSourceOptions[] {
  const { moreAccounts = [], epid: _, kerberos, ...common } = options;
  return [options, ...moreAccounts.map((account) => ({ ...common, ...account, ...kerberosFor(account, kerberos) }))];
}

/** Another account is a principal of its own in the same realm; its password goes before the keytab. */
function kerberosFor(
  { user, password }: WatcherAccount,
  kerberos: KerberosOptions | undefined,
): Pick<OcsSourceOptions, 'kerberos'> {
  if (kerberos === undefined) return {};
  const realm = kerberos.principal.slice(kerberos.principal.lastIndexOf('@'));
  const principal = `${user.split('@', 1)[0]}${realm}`;
  return { kerberos: password === '' ? { ...kerberos, principal } : { principal } };
}

/** What one connection of one account to one server needs of these options, defaults filled in. */
export function clientOptionsOf(options: Omit<OcsSourceOptions, 'server'>, server: ServerAddress): ClientOptions {
  const { account, user, domain, password, kerberos, dialect = 'ocs' } = options;
  const schemes = options.authentication ?? (dialect === 'sip' ? (['digest'] as const) : undefined);
  const machine = hostname();
  return {
    account,
    identity: {
      user,
      domain,
      password,
      workstation: (machine.split('.')[0] ?? '').toUpperCase().slice(0, 15),
      ...(kerberos === undefined ? {} : { kerberos }),
      ...(schemes === undefined ? {} : { schemes }),
    },
    server,
    userAgent: options.userAgent ?? USER_AGENT,
    epid: options.epid ?? epidFor(account, options.instance === undefined ? machine : `${machine} ${options.instance}`),
    dialect,
    batchSize: options.batchSize ?? BATCH_SIZE,
    maxInFlight: options.maxInFlight ?? MAX_IN_FLIGHT,
    categories: options.notes ? ['state', 'note'] : ['state'],
    allowNtlmWithoutTls: options.allowNtlmWithoutTls ?? false,
    allowDigestWithoutTls: options.allowDigestWithoutTls ?? false,
  };
}
