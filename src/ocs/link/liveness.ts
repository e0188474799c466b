/** Milliseconds. */
export interface LivenessLimits {
  /** After this much silence of the server we ask it something. */
  readonly idleMs: number;
  /** So long it may take to answer. */
  readonly patienceMs: number;
  /** Questions in a row that may stay without answer; with the last of them the connection is dead. */
  readonly misses: number;
}

/**
 * A dead connection is known after 42 seconds at most, with timers that are late after 45 (RFC 5626 §4.4.1). The first
 * question leaves so early that a server that takes 30 seconds for an answer, which no request minds, is not taken for
 * dead.
 */
export const LIVENESS: LivenessLimits = { idleMs: 10_000, patienceMs: 16_000, misses: 2 };

/** What has been asked in the present silence. */
export interface Questions {
  /** When the last one left, monotonic. */
  readonly askedAt: number;
  readonly count: number;
}

/** What to do now; `delay` says when to look again. */
export type LivenessTurn =
  | { readonly turn: 'wait'; readonly delay: number }
  | { readonly turn: 'ask'; readonly delay: number; readonly questions: Questions }
  | { readonly turn: 'dead' };

/**
 * Decides whether a connection is still alive. TCP notices a vanished peer only after many minutes, and CRLF
 * keep-alives are not answered by OCS, so a silent server must be asked something that it has to answer. Whatever byte
 * comes is a sign of life; while messages flow nothing is asked.
 */
export function livenessTurn(
  lastReceivedAt: number,
  asked: Questions | undefined,
  now: number,
  { idleMs, patienceMs, misses }: LivenessLimits = LIVENESS,
): LivenessTurn {
  const silent = now - lastReceivedAt;
  if (silent < idleMs) return { turn: 'wait', delay: idleMs - silent };
  const before =
    asked !== undefined && asked.askedAt > lastReceivedAt ? asked : { askedAt: now - patienceMs, count: 0 };
  const waited = now - before.askedAt;
  if (waited < patienceMs) return { turn: 'wait', delay: patienceMs - waited };
  if (before.count >= misses) return { turn: 'dead' };
  // An answer may come at once, and then the next silence begins.
  const delay = Math.min(idleMs, patienceMs);
  return { turn: 'ask', delay, questions: { askedAt: now, count: before.count + 1 } };
}
