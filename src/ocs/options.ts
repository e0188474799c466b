import { hostname } from 'node:os';
import type { SipUri } from '../presence/ids.js';
import type { BackoffOptions } from '../presence/retry.js';
import type { ClientOptions } from './agent/client.js';
import { epidFor } from './agent/endpoint.js';
import type { AttemptStore } from './auth/attempts.js';
import type { ServerAddress } from './link/connection.js';

export interface OcsSourceOptions {
  /** The address that watches. */
  readonly account: SipUri;
  /** Account name, or `user@domain` with an empty `domain`. */
  readonly user: string;
  /** Windows domain. */
  readonly domain: string;
  readonly password: string;
  readonly server: ServerAddress;
  /** `User-Agent`, for servers that admit only certain clients (Client Version Filter). */
  readonly userAgent?: string;
  /** People per SUBSCRIBE. Default 100. */
  readonly batchSize?: number;
  /** SUBSCRIBE requests under way at a time. Default 8. */
  readonly maxInFlight?: number;
  /** Ask for personal notes too. */
  readonly notes: boolean;
  readonly backoff?: BackoffOptions;
  /** NTLM over plain TCP gives its proof to whoever answers; for tests and isolated networks only. Default false. */
  readonly allowNtlmWithoutTls?: boolean;
  /** Hexadecimal, at most 16 characters. Default: derived from account and machine, the same at each start. */
  readonly epid?: string;
  /** Where refused passwords are counted. Default: for this run of the process. */
  readonly attempts?: AttemptStore;
  /** Called for each presence document, or part of one, that is refused; the reason is a stable word. */
  readonly onRefused?: (reason: string) => void;
  /** Called for each SIP message that is dropped: unsigned, replayed, malformed and so on. */
  readonly onDropped?: (reason: string) => void;
}

/** Opens like that of Communicator 2007 R2, which is what version filters look at. */
const USER_AGENT = 'UCCAPI/3.5.6907.0 NotesPresenceBridge';
const BATCH_SIZE = 100;
const MAX_IN_FLIGHT = 8;

/** What one connection needs of these options, defaults filled in. */
export function clientOptionsOf(options: OcsSourceOptions): ClientOptions {
  const { account, user, domain, password, server } = options;
  const machine = hostname();
  return {
    account,
    identity: { user, domain, password, workstation: (machine.split('.')[0] ?? '').toUpperCase().slice(0, 15) },
    server,
    userAgent: options.userAgent ?? USER_AGENT,
    epid: options.epid ?? epidFor(account, machine),
    batchSize: options.batchSize ?? BATCH_SIZE,
    maxInFlight: options.maxInFlight ?? MAX_IN_FLIGHT,
    categories: options.notes ? ['state', 'note'] : ['state'],
    allowNtlmWithoutTls: options.allowNtlmWithoutTls ?? false,
  };
}
