/** Milliseconds. */
export interface LivenessLimits {
  /** After this much silence of the server we ask it something. */
  readonly idleMs: number;
  /** So long it may take to answer. */
  readonly patienceMs: number;
}

/** A dead connection is known after a minute and a half; slow servers were seen to take half a minute for an answer. */
export const LIVENESS: LivenessLimits = { idleMs: 50_000, patienceMs: 40_000 };

/** What to do now; `delay` says when to look again. */
export type LivenessTurn =
  | { readonly turn: 'wait'; readonly delay: number }
  | { readonly turn: 'ask'; readonly delay: number }
  | { readonly turn: 'dead' };

/**
 * Decides whether a connection is still alive. TCP notices a vanished peer only after many minutes, and CRLF
 * keep-alives are not answered by OCS, so a silent server must be asked something that it has to answer. `askedAt` is
 * when that was done last.
 */
export function livenessTurn(
  lastReceivedAt: number,
  askedAt: number | undefined,
  now: number,
  { idleMs, patienceMs }: LivenessLimits = LIVENESS,
): LivenessTurn {
  const silent = now - lastReceivedAt;
  if (silent < idleMs) return { turn: 'wait', delay: idleMs - silent };
  if (askedAt === undefined || askedAt <= lastReceivedAt) return { turn: 'ask', delay: patienceMs };
  const waited = now - askedAt;
  return waited < patienceMs ? { turn: 'wait', delay: patienceMs - waited } : { turn: 'dead' };
}
