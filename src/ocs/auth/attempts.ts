import { createHash } from 'node:crypto';
import type { SipKey } from '../../presence/ids.js';

/** What is remembered about an account whose password was refused. */
export interface AttemptRecord {
  /** Refusals in a row. */
  readonly failures: number;
  /** Time of the last one, milliseconds since 1970. */
  readonly at: number;
  /** Mark of the secret that was refused. */
  readonly mark: string;
}

/** Keeps count of refused passwords over connections and, where it writes to a file, over restarts. Never throws. */
export interface AttemptStore {
  /** `undefined` while nothing was refused. */
  read(account: SipKey): AttemptRecord | undefined;
  /** `undefined` forgets the account. */
  write(account: SipKey, record: AttemptRecord | undefined): void;
  /** The same for the same secret, and most likely another for another one. Does not reveal the secret. */
  markOf(secret: string): string;
}

/** For one run of the process. */
export function memoryAttempts(): AttemptStore {
  const records = new Map<SipKey, AttemptRecord>();
  return {
    read: (account) => records.get(account),
    write(account, record) {
      if (record === undefined) records.delete(account);
      else records.set(account, record);
    },
    markOf: (secret) => createHash('sha256').update(secret).digest('hex'),
  };
}
