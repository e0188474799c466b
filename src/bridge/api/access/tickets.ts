import { randomBytes } from 'node:crypto';
import NodeCache from 'node-cache';
import { BridgeError } from '../../../presence/errors.js';
import type { Clock } from '../../ports.js';
import type { Grant } from './grant.js';

export interface TicketsOptions {
  readonly clock: Clock;
  /** Milliseconds until an unused ticket is worth nothing. */
  readonly life: number;
  /** Unused tickets at a time. */
  readonly max: number;
}

interface Entry {
  readonly grant: Grant;
  readonly expiresAt: number;
}

const TICKET_BYTES = 24;

/**
 * Tickets that open one live stream each. A browser cannot send a header with a WebSocket, and a token in an address
 * ends up in proxy logs; a ticket there is worthless once used. Kept in a cache since losing one only costs a new try.
 */
export class Tickets {
  readonly #options: TicketsOptions;
  readonly #cache: NodeCache;

  constructor(options: TicketsOptions) {
    this.#options = options;
    this.#cache = new NodeCache({ useClones: false, checkperiod: 0, maxKeys: options.max });
  }

  /** Throws `API_BUSY` when too many tickets wait to be used, and nobody holds more of them than this one. */
  issue(grant: Grant): string {
    const { clock, life, max } = this.#options;
    if (this.#cache.keys().length >= max) this.#dropExpired();
    if (this.#cache.keys().length >= max && !this.#takeFromHoarder(grant.holder)) {
      throw new BridgeError('API_BUSY', 'too many tickets are waiting to be used', {
        details: { retryAfterSeconds: Math.ceil(life / 1000) },
      });
    }
    const ticket = randomBytes(TICKET_BYTES).toString('base64url');
    this.#cache.set<Entry>(ticket, Object.freeze({ grant, expiresAt: clock.monotonic() + life }));
    return ticket;
  }

  /** What the ticket grants, once; `undefined` when it was never issued, used or too old. */
  redeem(ticket: string): Grant | undefined {
    const entry = this.#cache.take<Entry>(ticket);
    return entry && this.#options.clock.monotonic() < entry.expiresAt ? entry.grant : undefined;
  }

  /** Makes room for a holder by the oldest ticket of whoever has most; false when nobody has more than this one would. */
  #takeFromHoarder(holder: string): boolean {
    const held = new Map<string, string[]>();
    for (const ticket of this.#cache.keys()) {
      const owner = this.#cache.get<Entry>(ticket)?.grant.holder ?? '';
      const known = held.get(owner);
      if (known === undefined) held.set(owner, [ticket]);
      else known.push(ticket);
    }
    const own = held.get(holder)?.length ?? 0;
    const [most = []] = [...held.values()].sort((a, b) => b.length - a.length);
    const [oldest] = most;
    if (oldest === undefined || most.length <= own + 1) return false;
    this.#cache.del(oldest);
    return true;
  }

  /** Own sweep by own clock, only when there is no room: the cache's sweep would run all the time. */
  #dropExpired(): void {
    const now = this.#options.clock.monotonic();
    for (const ticket of this.#cache.keys()) {
      if ((this.#cache.get<Entry>(ticket)?.expiresAt ?? 0) <= now) this.#cache.del(ticket);
    }
  }
}
