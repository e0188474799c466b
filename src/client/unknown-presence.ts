import type { Status } from '../presence/availability.js';
import type { Vocabulary } from '../presence/vocabularies.js';
import type { PersonPresence } from './messages.js';

/** Our status words. Of one that this client does not know nobody can say whether it is green: it reads `unknown`. */
export const KNOWN_STATUSES: Readonly<Record<Status, true>> = {
  available: true,
  'available-idle': true,
  busy: true,
  'busy-idle': true,
  'do-not-disturb': true,
  'be-right-back': true,
  away: true,
  offline: true,
  unknown: true,
};

/** How `unknown` reads in other programs' words. */
export const UNKNOWN_WORDS: Readonly<Record<Vocabulary, unknown>> = {
  mistatus: { value: 0, name: 'MISTATUS_UNKNOWN' },
  lync: { availability: 0, name: 'None' },
  graph: { availability: 'PresenceUnknown', activity: 'PresenceUnknown' },
  rpid: { activities: ['unknown'], idle: false },
};

/** The same person when nothing confirms the status any longer. */
export function unknownPresence({ address, name, displayName, words, ...told }: PersonPresence): PersonPresence {
  return {
    address,
    ...(name === undefined ? {} : { name }),
    ...(displayName === undefined ? {} : { displayName }),
    status: 'unknown',
    outOfOffice: false,
    source: 'none',
    confirmed: false,
    reason: told.reason ?? 'not-confirmed',
    ...(words === undefined ? {} : { words: unknownWords(words) }),
  };
}

function unknownWords(words: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(UNKNOWN_WORDS).filter(([vocabulary]) => Object.hasOwn(words, vocabulary)));
}
