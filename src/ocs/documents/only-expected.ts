import type { SipUri } from '../../presence/ids.js';
import type { PresenceReading } from './read-presence.js';
import { OTHER_PERSON, refusal } from './refusal.js';

/**
 * The reading without documents about people whom the subscription does not cover: a document may only change the
 * record of somebody it was asked for. What is dropped is refused as `other-person`.
 */
export function onlyExpected(reading: PresenceReading, isExpected: (uri: SipUri) => boolean): PresenceReading {
  if (reading.observations.every(({ uri }) => isExpected(uri))) return reading;
  const observations = reading.observations.filter(({ uri }) => isExpected(uri));
  const strangers = Array.from({ length: reading.observations.length - observations.length }, () =>
    refusal(OTHER_PERSON, 'A document is about a person outside the subscription.'),
  );
  return { ...reading, observations, refused: [...reading.refused, ...strangers] };
}
