/** How much the own clock is ahead of the bridge's, as far as messages tell: what the fastest of late took is in it. */
export interface ClockOffset {
  readonly before: number;
  readonly current: number;
  readonly since: number;
}

/** Long enough that one slow message does not count, short enough that clocks do not drift apart. */
const WINDOW_MS = 60_000;

/** The offset once a message of the bridge's time `at` came at `now`. */
export function offsetAfter(known: ClockOffset | undefined, at: number, now: number): ClockOffset {
  const seen = now - at;
  if (known === undefined) return { before: seen, current: seen, since: now };
  if (now - known.since < WINDOW_MS) return { ...known, current: Math.min(known.current, seen) };
  return { before: known.current, current: seen, since: now };
}

/** The bridge's time `at` by the own clock. A message that was long on its way does not lengthen anything. */
export function ownTime({ before, current }: ClockOffset, at: number): number {
  return at + Math.min(before, current);
}
