import { isStatus, STATUSES } from '../../../presence/availability.js';
import { ERROR_CODES } from '../../../presence/errors.js';
import { bad, ok, type Result } from '../../../presence/result.js';
import { END_REASONS, FAULTS, SIGN_OFF_EVENTS } from '../faults/catalogue.js';
import { readDuration } from '../faults/duration.js';
import { CERTIFICATE_FLAWS } from '../faults/fault.js';
import { readFault } from '../faults/fault-spec.js';
import type { Slot } from './pattern.js';
import { COUNTED, LINK_WORDS } from './step.js';

/** The closed vocabulary of steps: what each slot takes. */
export function slotsFor(
  people: readonly string[],
  actors: readonly string[],
  homes: readonly string[],
): Readonly<Record<string, Slot>> {
  const certificates = ['good', ...CERTIFICATE_FLAWS];
  return {
    person: oneOf('a name listed under "people"', people),
    whom: oneOf('a name listed under "people" or "actors"', [...people, ...actors]),
    actor: oneOf('a name listed under "actors"', actors),
    other: oneOf('the name of another actor', actors),
    people: {
      expected: 'names listed under "people" or "actors"',
      many: true,
      read: (text) => (text === 'everybody' ? ok(people) : readNames(text, [...people, ...actors])),
    },
    status: {
      expected: 'a status',
      read: (text) => (isStatus(text) ? ok(text) : bad(`a status is ${STATUSES.join(', ')}`)),
    },
    text: { expected: 'a text in "quotes"', quoted: true, read: (text) => ok(text) },
    time: { expected: 'a time such as 5s', read: readDuration },
    number: {
      expected: 'a whole number',
      read: (text) => (/^\d{1,9}$/.test(text) ? ok(Number(text)) : bad('a whole number was expected')),
    },
    fault: { expected: 'a fault such as slow=100', read: readFault },
    name: oneOf(
      'the name of a fault',
      FAULTS.map((fault) => fault.name),
    ),
    reason: oneOf('a reason', END_REASONS),
    event: oneOf('an event', SIGN_OFF_EVENTS),
    pool: {
      expected: 'the name of a pool',
      read: (text) => (/^[a-z0-9.-]{1,253}$/i.test(text) ? ok(text) : bad('a host name was expected')),
    },
    home: oneOf('a pool listed under "pools" that is no director', homes),
    certificate: oneOf('a kind of certificate', certificates),
    link: oneOf('a state', LINK_WORDS),
    code: oneOf('an error code', Object.keys(ERROR_CODES), 'see the list of error codes'),
    counted: oneOf('something the server counts', COUNTED),
  };
}

function oneOf(expected: string, words: readonly string[], otherwise?: string): Slot {
  return {
    expected,
    read: (text) =>
      words.includes(text) ? ok(text) : bad(`"${text}" is not ${expected}: ${otherwise ?? words.join(', ')}`),
  };
}

function readNames(text: string, known: readonly string[]): Result<readonly string[]> {
  const names = text.split(' ').filter((word) => word !== 'and');
  const stranger = names.find((name) => !known.includes(name));
  if (names.length === 0) return bad('a name was expected');
  return stranger === undefined ? ok(names) : bad(`"${stranger}" is not a name listed: ${known.join(', ')}`);
}
