import type { DocumentOptions } from '../documents/document-options.js';
import { type PresenceReading, readPresence, readPresenceInSlices } from '../documents/read-presence.js';
import type { Slices } from '../documents/slices.js';
import type { SipMessage } from '../wire/message.js';

/** Bodies up to this size are read when somebody wants to know what they say; it takes less than a millisecond. */
const SHORT_OCTETS = 16 * 1024;

/** What bodies say that were read before anybody asked. */
const readings = new WeakMap<SipMessage, PresenceReading>();

/**
 * Reads the presence in a large body in slices, before its message is handed over; `undefined` for messages without
 * such a body. So the message is handled as if it were small, and its order among the others stays. `now` in
 * milliseconds since 1970.
 */
export function readAhead(message: SipMessage, now?: number): Slices<void> | undefined {
  const mayHoldPresence = message.kind === 'response' ? message.method === 'SUBSCRIBE' : isNotification(message);
  return mayHoldPresence && message.body.length > SHORT_OCTETS ? read(message, now) : undefined;
}

function isNotification({ method }: SipMessage): boolean {
  return method === 'NOTIFY' || method === 'BENOTIFY';
}

function* read(message: SipMessage, now: number | undefined): Slices<void> {
  readings.set(message, yield* readPresenceInSlices(contentTypeOf(message), message.body, { now }));
}

/** What the body of a message says, read ahead or now. What was read ahead knows no `expected` person. */
export function presenceReadingOf(
  message: SipMessage,
  options?: Pick<DocumentOptions, 'expected' | 'now'>,
): PresenceReading {
  return readings.get(message) ?? readPresence(contentTypeOf(message), message.body, options);
}

function contentTypeOf(message: SipMessage): string {
  return message.header('Content-Type') ?? '';
}
