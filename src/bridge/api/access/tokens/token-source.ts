import type { TokenRecord } from './token-record.js';

/** Where tokens are kept. No method throws. */
export interface TokenSource {
  /** All tokens when they are others than at the last call, otherwise `undefined`. None when they cannot be read. */
  changed(): readonly TokenRecord[] | undefined;
  /** A token was used. Kept to the day, so that it costs one write a day. `now` is milliseconds since 1970. */
  used(hash: string, now: number): void;
}
