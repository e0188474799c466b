export interface BackoffOptions {
  readonly baseMs: number;
  readonly capMs: number;
}

export const DEFAULT_BACKOFF: BackoffOptions = { baseMs: 1_000, capMs: 300_000 };

const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * Delay in milliseconds before attempt `attempt` (0 is the first repetition), with full jitter: `unit` in [0, 1) picks a
 * point below the exponentially growing ceiling, so that many clients of one server do not come back together.
 * `retryAfterMs`, what the server asked for, is a lower bound, itself bounded by an hour.
 */
export function backoffDelay(attempt: number, unit: number, options = DEFAULT_BACKOFF, retryAfterMs = 0): number {
  const ceiling = Math.min(options.capMs, options.baseMs * 2 ** Math.min(Math.max(attempt, 0), 30));
  const asked = Math.min(Math.max(retryAfterMs, 0), MAX_RETRY_AFTER_MS);
  return Math.round(asked + unit * ceiling);
}
