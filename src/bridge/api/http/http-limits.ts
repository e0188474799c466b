import type { RateLimit } from '../access/request-rate.js';
import type { StreamLimits } from '../stream/stream-limits.js';

/** Bounds of the HTTP side. Times in milliseconds, sizes in octets. */
export interface HttpLimits {
  readonly body: number;
  /** Silence on a connection. */
  readonly connectionTimeout: number;
  /** From the first octet of a request to its last. */
  readonly requestTimeout: number;
  readonly keepAliveTimeout: number;
  readonly connections: number;
  /** Wrong tokens and tickets of one address within `failureWindow`; further ones get 429. */
  readonly failures: number;
  readonly failureWindow: number;
  /** Requests of one address, whatever they are for; behind a proxy all callers share one. */
  readonly requestsPerAddress: RateLimit;
  /** Requests with one token. */
  readonly requestsPerToken: RateLimit;
  readonly ticketLife: number;
  /** Unused tickets at a time. */
  readonly tickets: number;
  readonly stream: Partial<StreamLimits>;
}

export const DEFAULT_HTTP_LIMITS: HttpLimits = {
  body: 64 * 1024,
  connectionTimeout: 10_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connections: 2_000,
  failures: 10,
  failureWindow: 60_000,
  requestsPerAddress: { perSecond: 200, burst: 1_000 },
  requestsPerToken: { perSecond: 100, burst: 500 },
  ticketLife: 30_000,
  tickets: 1_000,
  stream: {},
};
