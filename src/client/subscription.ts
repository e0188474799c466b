import type { SubscribeMessage } from './messages.js';
import { PresenceError } from './presence-error.js';

/** Whom and what to follow. */
export type Subscription = Omit<SubscribeMessage, 'type' | 'cursor'>;

/** As many as the bridge takes. */
export const MAX_PEOPLE_ASKED = 1_000;
export const MAX_LISTS_ASKED = 100;
export const MAX_NAME_LENGTH = 1_024;

/** A copy that nobody changes any more. Throws `CLIENT_USAGE`. */
export function checkedSubscription({ people, lists, words, messages }: Subscription): Subscription {
  check('people', people, MAX_PEOPLE_ASKED);
  check('lists', lists, MAX_LISTS_ASKED);
  return {
    ...(people === undefined ? {} : { people: [...people] }),
    ...(lists === undefined ? {} : { lists: [...lists] }),
    ...(words === undefined ? {} : { words: [...words] }),
    ...(messages === undefined ? {} : { messages }),
  };
}

function check(part: string, texts: readonly string[] = [], max: number): void {
  if (texts.length > max) throw usage(`${part}: at most ${max} can be followed at once`);
  if (texts.some((text) => typeof text !== 'string')) throw usage(`${part}: texts were expected`);
  if (texts.some((text) => text.length > MAX_NAME_LENGTH)) {
    throw usage(`${part}: a name has at most ${MAX_NAME_LENGTH} characters`);
  }
}

function usage(message: string): PresenceError {
  return new PresenceError({ code: 'CLIENT_USAGE', message });
}
