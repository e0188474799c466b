/** Milliseconds. */
export interface BackoffLimits {
  readonly baseMs: number;
  readonly capMs: number;
}

export const BACKOFF: BackoffLimits = { baseMs: 1_000, capMs: 300_000 };

/** Longest wait that a server can ask for with Retry-After. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * How long to wait before try number `attempt` (0 is the first repetition), in milliseconds: full jitter, `random(0 ..
 * min(cap, base * 2^attempt))`, so that many clients that lost the same server do not come back together.
 * `retryAfterMs` is a lower bound, itself bounded to an hour. `unit` lies in [0, 1).
 */
export function backoffDelay(
  attempt: number,
  unit: number,
  limits: BackoffLimits = BACKOFF,
  retryAfterMs: number | undefined = undefined,
): number {
  const ceiling = Math.min(limits.capMs, limits.baseMs * 2 ** Math.min(Math.max(attempt, 0), 30));
  const asked = Math.min(Math.max(retryAfterMs ?? 0, 0), MAX_RETRY_AFTER_MS);
  return Math.round(asked + unit * ceiling);
}
