/** All waiting times of a contender, milliseconds. They follow from how long a lease counts. */
export interface LeaseTimes {
  readonly duration: number;
  /** From sending a renewal to the end of the right to write that it gives. Others wait a whole `duration`. */
  readonly fence: number;
  /** From sending one renewal to the next. */
  readonly renew: number;
  /** Between two looks at somebody else's lease. */
  readonly poll: number;
  /** Until a failed call is repeated by whoever holds the lease. */
  readonly retry: number;
  /** Until a call is repeated that failed for a reason no waiting mends. */
  readonly rare: number;
  /** How long an answer may take before the call counts as failed. */
  readonly patience: number;
  /** From a claim that was answered quickly to looking whether it stands, where claims can overwrite one another. */
  readonly settle: number;
  /** A claim answered within this time cannot have overwritten one that was found to stand. */
  readonly quick: number;
  /** From any other claim; longer than `fence`, so that whoever was overwritten has stopped by then. */
  readonly longSettle: number;
}

const SETTLE_MS = 5_000;
const RARE_MS = 60_000;

/**
 * The waiting times for a lease of this duration. `spread`, from 0 to 1 and drawn once for each contender, keeps
 * contenders from looking in step. Margins between one contender's limits and another's are 5 % at least: far more than
 * two clocks differ in their rate.
 */
export function leaseTimes(duration: number, spread: number): LeaseTimes {
  const settle = Math.min(SETTLE_MS, duration / 3);
  return {
    duration,
    fence: (duration * 2) / 3,
    renew: duration / 3,
    poll: (duration / 5) * (0.8 + 0.2 * spread),
    retry: duration / 15,
    rare: Math.max(RARE_MS, duration),
    patience: duration / 4,
    settle,
    quick: settle * 0.8,
    longSettle: duration * 0.7,
  };
}
