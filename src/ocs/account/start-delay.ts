/** Milliseconds of delay per watched person, and their bound. */
const PER_PERSON_MS = 60;
const MAX_START_DELAY_MS = 60_000;

/**
 * Milliseconds to wait before the first try after an established session was lost; `unit` is a random number in
 * [0, 1).
 *
 * A server that restarts loses all its clients in one moment. If they came back in the next one, it would go down
 * again under their sign-ins and subscriptions, so each picks a moment of its own. What a client costs grows with the
 * people it watches, and so does the span to pick from: with ten people nobody needs to wait, with a thousand the
 * batches of several bridges must not fall into the same second.
 */
export function startDelay(watched: number, unit: number): number {
  return Math.round(unit * Math.min(MAX_START_DELAY_MS, PER_PERSON_MS * watched));
}
