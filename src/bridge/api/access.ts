import { createHash, timingSafeEqual } from 'node:crypto';
import { BridgeError } from '../../presence/errors.js';
import type { Clock } from '../ports.js';
import { FailedAttempts } from './failed-attempts.js';
import type { Grant } from './grant.js';
import type { HttpLimits } from './http-limits.js';
import { Tickets } from './tickets.js';

const MAX_CREDENTIAL_LENGTH = 512;

/** Decides who may read presence. Its methods throw `API_UNAUTHORIZED`, or `API_BUSY` after too many failures. */
export class Access {
  readonly #tokenHash: Buffer;
  readonly #failures: FailedAttempts;
  readonly #tickets: Tickets;

  constructor(accessToken: string, limits: HttpLimits, clock: Clock) {
    this.#tokenHash = hash(accessToken);
    this.#failures = new FailedAttempts({ clock, max: limits.failures, window: limits.failureWindow });
    this.#tickets = new Tickets({ clock, life: limits.ticketLife, max: limits.tickets });
  }

  /** `authorization` is the header's value (RFC 6750 §2.1), `address` the caller's. */
  byToken(authorization: string | undefined, address: string): Grant {
    const token = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(authorization?.slice(0, MAX_CREDENTIAL_LENGTH) ?? '')?.[1];
    // Hashes have one length, so the comparison takes the same time whatever was sent.
    if (token !== undefined && timingSafeEqual(hash(token), this.#tokenHash)) return { holder: 'access-token' };
    throw this.#refusal(
      address,
      authorization === undefined ? 'no access token was sent' : 'the access token is wrong',
    );
  }

  byTicket(ticket: string, address: string): Grant {
    const grant = this.#tickets.redeem(ticket.slice(0, MAX_CREDENTIAL_LENGTH));
    if (grant) return grant;
    throw this.#refusal(address, 'the ticket is unknown, used or too old');
  }

  issueTicket(grant: Grant): string {
    return this.#tickets.issue(grant);
  }

  #refusal(address: string, message: string): BridgeError {
    const wait = this.#failures.record(address);
    if (wait === 0) return new BridgeError('API_UNAUTHORIZED', message);
    return new BridgeError('API_BUSY', 'too many wrong tokens from this address', {
      details: { retryAfterSeconds: Math.ceil(wait / 1000) },
    });
  }
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
