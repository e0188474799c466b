/** Longest time that is told apart from longer ones, seconds: about 31 years. */
const LONGEST = 1_000_000_000;

/**
 * Seconds at the beginning of a value such as that of `Retry-After` or `Min-Expires` (RFC 3261 §20.33). However large the
 * number, it counts as a long time and not as none; anything else, such as a negative one, is `undefined`.
 */
export function secondsAsked(text: string | undefined): number | undefined {
  const digits = /^\s*(\d+)/.exec(text?.slice(0, 100) ?? '')?.[1];
  return digits === undefined ? undefined : Math.min(Number(digits), LONGEST);
}
