export interface TwoClocks {
  /** Milliseconds since 1970; somebody may set it. */
  wall(): number;
  /** Milliseconds since some moment; may stand still while the machine sleeps. */
  monotonic(): number;
}

/** Differences below are how clocks are read, not what happened to them. */
const TOLERANCE_MS = 1_000;

/**
 * Milliseconds that never go back and run on while the machine sleeps, so that a status does not stay fresh overnight in
 * a closed laptop. A wall clock set forward makes time pass: rather one status unknown too early.
 */
export function steadyClock({ wall, monotonic }: TwoClocks): () => number {
  let base = wall() - monotonic();
  let skew = base;
  return () => {
    const moment = monotonic();
    const ahead = wall() - moment - skew;
    if (Math.abs(ahead) > TOLERANCE_MS) {
      skew += ahead;
      base += Math.max(0, ahead);
    }
    return moment + base;
  };
}
