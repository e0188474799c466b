import type { BridgeError } from '../../presence/errors.js';
import type { SipUri } from '../../presence/ids.js';
import type { Observation } from '../../presence/snapshot.js';
import { onlyExpected } from '../documents/only-expected.js';
import type { PresenceReading } from '../documents/read-presence.js';
import { OTHER_PERSON } from '../documents/refusal.js';
import type { SipMessage } from '../wire/message.js';
import { presenceReadingOf } from './read-ahead.js';
import type { ResourceVerdict } from './subscription-words.js';
import { unescapedUri, wireUri } from './wire-uri.js';

/** What the body of a notification, or of the answer to a SUBSCRIBE, says about people whom the dialog covers. */
export interface NotifiedPresence extends PresenceReading {
  /** What must be acted upon. */
  readonly verdicts: readonly ResourceVerdict[];
  /** True when documents tell the whole state of a person instead of changes. */
  readonly whole: boolean;
}

const NOTHING: NotifiedPresence = { observations: [], resources: [], refused: [], verdicts: [], whole: false };

/** Categories replace each other one by one; documents of all other kinds replace what was there. */
const WHOLE_DOCUMENTS = /pidf/i;

/** What is known beside the message. */
export interface NotifiedFacts {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The one person of the subscription, where it is to a person and not to a list. */
  readonly person: SipUri | undefined;
}

export function presenceIn(
  message: SipMessage,
  isCovered: (uri: SipUri) => boolean,
  { now, person }: NotifiedFacts,
): NotifiedPresence {
  if (message.body.length === 0) return NOTHING;
  const contentType = message.header('Content-Type') ?? '';
  // An address that is escaped on the wire comes back in another spelling, so nobody is expected then.
  const expected = person !== undefined && wireUri(person) === person ? person : undefined;
  const read = inOurSpelling(presenceReadingOf(message, { expected, now }), isCovered);
  const { observations: heardOf, refused, resources, list } = onlyExpected(read, isCovered);
  const observations = heardOf.length === 0 && refused.some(isUnreadable) ? withoutState(person) : heardOf;
  const heard = resources.length === 0 ? undefined : new Set(observations.map(({ uri }) => uri));
  const verdicts = resources.flatMap(({ uri, state, poolFqdn, reason, diagnostics }): ResourceVerdict[] =>
    state === 'active' || (state === 'pending' && heard?.has(uri))
      ? []
      : [{ uri, state, pool: poolFqdn, reason, diagnostics }],
  );
  const whole = WHOLE_DOCUMENTS.test(contentType);
  return { observations, resources, refused, verdicts, whole, ...(list && { list }) };
}

/** A document about somebody else says nothing; any other that was refused told of a change that nobody understands. */
function isUnreadable({ details }: BridgeError): boolean {
  return details['reason'] !== OTHER_PERSON;
}

function withoutState(person: SipUri | undefined): readonly Observation[] {
  return person === undefined ? [] : [{ uri: person, state: null }];
}

/** A list that names everybody says of those of `listed` whom it leaves out that they are gone (RFC 4662 §5.2). */
export function missingFrom(
  { list, resources }: NotifiedPresence,
  listed: Iterable<SipUri>,
): readonly ResourceVerdict[] {
  if (list?.fullState !== true) return [];
  const named = new Set(resources.map(({ uri }) => uri));
  return [...listed]
    .filter((uri) => !named.has(uri))
    .map((uri): ResourceVerdict => ({ uri, state: 'terminated', pool: undefined, reason: 'not in the list' }));
}

/** A server may name a person in the escaped spelling in which we asked for them. */
function inOurSpelling(reading: PresenceReading, isCovered: (uri: SipUri) => boolean): PresenceReading {
  const respelt = <T extends Pick<Observation, 'uri'>>(entry: T): T => {
    if (isCovered(entry.uri)) return entry;
    const uri = unescapedUri(entry.uri);
    return uri !== undefined && isCovered(uri) ? { ...entry, uri } : entry;
  };
  const needed = [...reading.observations, ...reading.resources].some(({ uri }) => uri.includes('%'));
  if (!needed) return reading;
  return { ...reading, observations: reading.observations.map(respelt), resources: reading.resources.map(respelt) };
}
