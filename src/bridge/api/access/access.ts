import { createHash, timingSafeEqual } from 'node:crypto';
import { BridgeError } from '../../../presence/errors.js';
import type { Clock } from '../../ports.js';
import type { HttpLimits } from '../http/http-limits.js';
import type { AuditLog } from './audit-log.js';
import { FailedAttempts } from './failed-attempts.js';
import { ADMINISTRATOR, ALL_SCOPES, ANYBODY, createGrant, type Grant, type Scope } from './grant.js';
import { RequestRate } from './request-rate.js';
import { Tickets } from './tickets.js';
import type { TokenBook } from './tokens/token-book.js';

const MAX_CREDENTIAL_LENGTH = 512;

export interface AccessOptions {
  /** The administrator's token, which allows everything. */
  readonly accessToken: string;
  /** Tokens of applications; absent where there are none. */
  readonly tokens?: TokenBook | undefined;
  /** What may be done without any token. */
  readonly withoutToken?: readonly Scope[] | undefined;
  readonly limits: HttpLimits;
  readonly clock: Clock;
  readonly audit: AuditLog;
}

/**
 * Decides who may do what. Its methods throw `API_UNAUTHORIZED` for a caller nobody knows, `API_FORBIDDEN` for one who
 * may not, and `API_BUSY` after too many failures or requests.
 */
export class Access {
  readonly #accessHash: Buffer;
  readonly #administrator = createGrant({ holder: ADMINISTRATOR, scopes: ALL_SCOPES });
  readonly #anybody: Grant | undefined;
  readonly #tokens: TokenBook | undefined;
  readonly #failures: FailedAttempts;
  readonly #tickets: Tickets;
  readonly #perAddress: RequestRate;
  readonly #perHolder: RequestRate;
  readonly #audit: AuditLog;

  constructor({ accessToken, tokens, withoutToken = [], limits, clock, audit }: AccessOptions) {
    this.#accessHash = hash(accessToken);
    this.#tokens = tokens;
    this.#anybody = withoutToken.length === 0 ? undefined : createGrant({ holder: ANYBODY, scopes: withoutToken });
    this.#failures = new FailedAttempts({ clock, max: limits.failures, window: limits.failureWindow });
    this.#tickets = new Tickets({ clock, life: limits.ticketLife, max: limits.tickets });
    this.#perAddress = new RequestRate({ clock, ...limits.requestsPerAddress });
    this.#perHolder = new RequestRate({ clock, ...limits.requestsPerToken });
    this.#audit = audit;
  }

  /** Counts a request, whatever it is for. */
  admit(address: string): void {
    const wait = this.#perAddress.take(address);
    if (wait > 0) throw tooMany('too many requests from this address', wait);
  }

  /** `authorization` is the header's value (RFC 6750 §2.1), `address` the caller's. */
  byToken(authorization: string | undefined, address: string): Grant {
    if (authorization === undefined && this.#anybody !== undefined) return this.#anybody;
    const token = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(authorization?.slice(0, MAX_CREDENTIAL_LENGTH) ?? '')?.[1];
    const found = token === undefined ? undefined : this.#find(token);
    if (found === undefined || found === 'expired') {
      const wrong = found === 'expired' ? 'the access token has expired' : 'the access token is wrong';
      throw this.#refusal(address, authorization === undefined ? 'no access token was sent' : wrong);
    }
    const wait = this.#perHolder.take(found.holder);
    if (wait > 0) throw tooMany('too many requests with this token', wait);
    return found;
  }

  /** Counts a request that costs as much as several as that many, of which one was counted already. */
  charge(grant: Grant, address: string, cost: number): void {
    if (cost <= 1) return;
    // Who comes without a token is nobody but an address.
    const wait =
      grant === this.#anybody ? this.#perAddress.take(address, cost - 1) : this.#perHolder.take(grant.holder, cost - 1);
    if (wait > 0) throw tooMany('too many names were asked for', wait);
  }

  byTicket(ticket: string, address: string): Grant {
    const grant = this.#tickets.redeem(ticket.slice(0, MAX_CREDENTIAL_LENGTH));
    if (grant && this.stands(grant)) return grant;
    throw this.#refusal(address, 'the ticket is unknown, used or too old');
  }

  issueTicket(grant: Grant): string {
    return this.#tickets.issue(grant);
  }

  /** False once the token behind it is revoked, changed or expired: what was opened with it has to end. */
  stands(grant: Grant): boolean {
    return grant === this.#administrator || grant === this.#anybody || this.#tokens?.stands(grant) === true;
  }

  /**
   * Lets a caller pass who holds one of these scopes. `everybody`: only with a token without a person filter. `action`
   * is what the log calls it.
   */
  demand(grant: Grant, oneOf: readonly Scope[], action: string, { everybody = false } = {}): void {
    const allowed = oneOf.some((scope) => grant.scopes.has(scope));
    if (allowed && (!everybody || grant.filter.everybody)) return;
    // A token would help, so that is what is missing.
    if (grant === this.#anybody) throw new BridgeError('API_UNAUTHORIZED', 'no access token was sent');
    this.#audit.refused(grant, action);
    const wanted = oneOf.map((scope) => `"${scope}"`).join(' or ');
    const message = allowed
      ? 'the access token is for some people only, and this is about everybody'
      : `the access token lacks the scope ${wanted}`;
    throw new BridgeError('API_FORBIDDEN', message, { details: { scope: oneOf.join(' or ') } });
  }

  #find(token: string): Grant | 'expired' | undefined {
    // Hashes have one length, so the comparison takes the same time whatever was sent.
    if (timingSafeEqual(hash(token), this.#accessHash)) return this.#administrator;
    return this.#tokens?.find(token);
  }

  #refusal(address: string, message: string): BridgeError {
    const wait = this.#failures.record(address);
    return wait === 0
      ? new BridgeError('API_UNAUTHORIZED', message)
      : tooMany('too many wrong tokens from this address', wait);
  }
}

function tooMany(message: string, wait: number): BridgeError {
  return new BridgeError('API_BUSY', message, { details: { retryAfterSeconds: Math.ceil(wait / 1000) } });
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
