import type { Clock } from '../../bridge/ports.js';
import { BridgeError } from '../../presence/errors.js';

export interface ShrinkLimits {
  /** Fewer than these are not guarded. */
  readonly from: number;
  /** Share that must still be there. */
  readonly share: number;
  /** How long fewer must be found until they count, milliseconds. */
  readonly holdMs: number;
}

export const DEFAULT_SHRINK_LIMITS: ShrinkLimits = { from: 20, share: 0.5, holdMs: 1_800_000 };

/**
 * Holds back a source that lost most of its people at once. Domino leaves out documents that may not be read, without an
 * error, so a change of rights looks as if everybody had left, and all their documents would be removed.
 */
export class ShrinkGuard {
  readonly #what: string;
  readonly #clock: Clock;
  readonly #limits: ShrinkLimits;
  #since: number | undefined;

  /** `what` is counted, for people: `Person documents`. */
  constructor(what: string, clock: Clock, limits = DEFAULT_SHRINK_LIMITS) {
    this.#what = what;
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Throws `DIRECTORY_SOURCE` while so many fewer are not to be believed. */
  check(before: number, after: number): void {
    const { from, share, holdMs } = this.#limits;
    if (before < from || after >= before * share) {
      this.#since = undefined;
      return;
    }
    const now = this.#clock.monotonic();
    this.#since ??= now;
    if (now - this.#since >= holdMs) {
      this.#since = undefined;
      return;
    }
    const minutes = Math.round(holdMs / 60_000);
    throw new BridgeError(
      'DIRECTORY_SOURCE',
      `Only ${after} of ${before} ${this.#what} can be read; see whether the bridge may still read all documents. ` +
        `If that stays so for ${minutes} minutes it counts.`,
      { details: { before, after } },
    );
  }
}
