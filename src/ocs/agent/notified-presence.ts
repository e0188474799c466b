import type { SipUri } from '../../presence/ids.js';
import { onlyExpected } from '../documents/only-expected.js';
import type { PresenceReading } from '../documents/read-presence.js';
import type { SipMessage } from '../wire/message.js';
import { presenceReadingOf } from './read-ahead.js';
import type { ResourceVerdict } from './subscription-words.js';

/** What the body of a notification, or of the answer to a SUBSCRIBE, says about people whom the dialog covers. */
export interface NotifiedPresence extends Pick<PresenceReading, 'observations' | 'refused'> {
  /** What must be acted upon. */
  readonly verdicts: readonly ResourceVerdict[];
}

const NOTHING: NotifiedPresence = { observations: [], refused: [], verdicts: [] };

export function presenceIn(message: SipMessage, isCovered: (uri: SipUri) => boolean): NotifiedPresence {
  if (message.body.length === 0) return NOTHING;
  const read = presenceReadingOf(message);
  const { observations, refused, resources } = onlyExpected(read, isCovered);
  const verdicts = resources.flatMap(({ uri, state, poolFqdn, reason }): ResourceVerdict[] =>
    state === 'resubscribe' || state === 'terminated' ? [{ uri, state, pool: poolFqdn, reason }] : [],
  );
  return { observations, refused, verdicts };
}
