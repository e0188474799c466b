const FIRST_MS = 1_000;
const LAST_MS = 30_000;

/**
 * Milliseconds to wait before the next attempt: doubling, at most half a minute, and spread so that all clients do not
 * come back at the same moment.
 *
 * @param attempt 0 for the first
 * @param random in [0, 1)
 */
export function backoff(attempt: number, random: number): number {
  return Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(attempt, 10)) * (0.5 + random / 2);
}
