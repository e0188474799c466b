import type { PeopleMessage, PersonPresence } from './messages.js';
import { PresenceError } from './presence-error.js';
import { KNOWN_STATUSES, unknownPresence } from './unknown-presence.js';

/** Characters of one message. */
export const MAX_MESSAGE = 16 * 1024 * 1024;

type Fields = Readonly<Record<string, unknown>>;

/** What is shown of a person, where it is told. */
const TEXTS = ['name', 'displayName', 'activity', 'activityText', 'note'] as const;
const MOMENTS = ['since', 'observedAt'] as const;
/** What a `Date` can hold. */
const LATEST = 8_640_000_000_000_000;

/**
 * One message of the stream; `undefined` for a type that this client does not know. What decides about a status is checked,
 * the rest is taken as it comes. Throws `CLIENT_LIMIT`, `CLIENT_ANSWER`.
 */
export function readMessage(text: string): PeopleMessage | undefined {
  if (text.length > MAX_MESSAGE) {
    throw new PresenceError({ code: 'CLIENT_LIMIT', message: `a message is longer than ${MAX_MESSAGE} characters` });
  }
  const message = fieldsOf(parsed(text));
  switch (message['type']) {
    case 'snapshot':
      need(isTime(message['at']) && isTime(message['freshUntil']) && isTextOrNone(message['cursor']));
      need(message['asked'] === undefined || (Array.isArray(message['asked']) && message['asked'].every(isAsked)));
      return { ...message, people: readPeople(message['people']) } as unknown as PeopleMessage;
    case 'changes':
      need(isTime(message['at']) && typeof message['cursor'] === 'string');
      return { ...message, people: readPeople(message['people']) } as unknown as PeopleMessage;
    case 'status':
      need(isTime(message['now']) && isTime(message['freshUntil']));
      return message as unknown as PeopleMessage;
    case 'message':
      need(isTime(message['at']) && typeof message['from'] === 'string' && typeof message['text'] === 'string');
      return message as unknown as PeopleMessage;
    case 'error':
      need(typeof message['code'] === 'string' && typeof message['message'] === 'string');
      return message as unknown as PeopleMessage;
    default:
      return undefined;
  }
}

function readPeople(value: unknown): readonly PersonPresence[] {
  need(Array.isArray(value));
  return (value as readonly unknown[]).map((each) => {
    const person = fieldsOf(each);
    need(typeof person['address'] === 'string' && person['address'] !== '');
    need(
      TEXTS.every((field) => isTextOrNone(person[field])) && MOMENTS.every((field) => isMomentOrNone(person[field])),
    );
    if (person['words'] !== undefined) fieldsOf(person['words']);
    const known = typeof person['status'] === 'string' && Object.hasOwn(KNOWN_STATUSES, person['status']);
    // A word of a newer bridge might mean anything, and whoever is not confirmed is not shown as reachable.
    const read = person as unknown as PersonPresence;
    return known && (read.confirmed === true || read.status === 'unknown') ? read : unknownPresence(read);
  });
}

function isAsked(value: unknown): boolean {
  const { query, address, reason } = fieldsOf(value);
  return typeof query === 'string' && (typeof address === 'string' || typeof reason === 'string');
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}

function isMomentOrNone(value: unknown): boolean {
  return value === undefined || (typeof value === 'number' && Math.abs(value) <= LATEST);
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PresenceError({ code: 'CLIENT_ANSWER', message: 'a message is not JSON', cause });
  }
}

function fieldsOf(value: unknown): Fields {
  need(typeof value === 'object' && value !== null);
  return value as Fields;
}

function need(condition: boolean): void {
  if (!condition)
    throw new PresenceError({ code: 'CLIENT_ANSWER', message: 'a message is not as the bridge sends it' });
}
