import { createHash } from 'node:crypto';
import type { Clock } from '../../../bridge/ports.js';
import { BridgeError } from '../../../presence/errors.js';

/** What is remembered about a login that was refused. */
export interface RefusedLogin {
  /** Refusals in a row. */
  readonly failures: number;
  /** Time of the last one, milliseconds since 1970. */
  readonly at: number;
  /** Of the secret that was refused. */
  readonly mark: string;
}

/** Refused logins by account (32 hexadecimal digits). May be kept over restarts. No method throws. */
export interface RefusedLogins {
  read(account: string): RefusedLogin | undefined;
  /** `undefined` forgets the account. */
  write(account: string, record: RefusedLogin | undefined): void;
  /** The same for the same secret, and most likely another for another one. */
  markOf(secret: string): string;
}

/** Forgets everything with the process. */
export function memoryRefusedLogins(): RefusedLogins {
  const records = new Map<string, RefusedLogin>();
  return {
    read: (account) => records.get(account),
    write(account, record) {
      if (record === undefined) records.delete(account);
      else records.set(account, record);
    },
    markOf: (secret) => createHash('sha256').update(secret).digest('hex').slice(0, 16),
  };
}

/** Attempts with one secret before they become rare: sites lock accounts after three to five. */
const MAX_FAILURES = 2;
const RARELY_MS = 1_800_000;

/** Sees to it that a refused secret is tried only rarely, so that nobody is locked out. */
export class LoginGuard {
  readonly #store: RefusedLogins;
  readonly #account: string;
  readonly #clock: Clock;

  /** `account` names server and user; it appears nowhere. */
  constructor(store: RefusedLogins, account: string, clock: Clock) {
    this.#store = store;
    this.#account = createHash('sha256').update(account).digest('hex').slice(0, 32);
    this.#clock = clock;
  }

  /** Throws `NOTES_CREDENTIALS` when this secret was refused too often and too recently. */
  check(secret: string): void {
    const record = this.#store.read(this.#account);
    if (record === undefined || record.failures < MAX_FAILURES || record.mark !== this.#store.markOf(secret)) return;
    // A clock that was set back must not keep the account out for longer.
    const waited = Math.max(0, this.#clock.now() - record.at);
    if (waited >= RARELY_MS) return;
    const minutes = Math.ceil((RARELY_MS - waited) / 60_000);
    const message = `The login was refused ${record.failures} times; it is not tried again for ${minutes} min.`;
    throw new BridgeError('NOTES_CREDENTIALS', message, {
      details: { sent: false, retryAfterSeconds: Math.ceil((RARELY_MS - waited) / 1000) },
    });
  }

  refused(secret: string): void {
    const mark = this.#store.markOf(secret);
    const record = this.#store.read(this.#account);
    const failures = record?.mark === mark ? record.failures + 1 : 1;
    this.#store.write(this.#account, { failures, at: this.#clock.now(), mark });
  }

  accepted(): void {
    if (this.#store.read(this.#account) !== undefined) this.#store.write(this.#account, undefined);
  }
}
