import { describe, expect, test } from 'vitest';
import { presenceReadingOf, readAhead } from '../../../src/ocs/agent/read-ahead.js';
import { readPresence } from '../../../src/ocs/documents/read-presence.js';
import { atOnce } from '../../../src/ocs/documents/slices.js';
import { decodeMessage } from '../../../src/ocs/wire/decode.js';
import type { SipMessage } from '../../../src/ocs/wire/message.js';
import { sipRequest, sipResponse } from '../../support/sip-bytes.js';
import { multipart, usualDocument } from '../documents/samples.js';

const TYPE = 'multipart/related;boundary=b0undary';
const HEADERS = [`Content-Type: ${TYPE}`];

function bodyOf(people: number): string {
  return multipart(
    'b0undary',
    Array.from({ length: people }, (_, index) => [
      'application/msrtc-event-categories+xml',
      usualDocument(`sip:p${index}@contoso.example`),
    ]),
  );
}

function decoded(bytes: Buffer): SipMessage {
  const read = decodeMessage(bytes);
  if (!read.ok) throw read.error;
  return read.message;
}

describe('reading ahead', () => {
  test('is for large notifications and answers to SUBSCRIBE', () => {
    const large = { body: bodyOf(100) };
    expect(readAhead(decoded(sipRequest('BENOTIFY', HEADERS, large)))).toBeDefined();
    expect(readAhead(decoded(sipRequest('NOTIFY', HEADERS, large)))).toBeDefined();
    expect(readAhead(decoded(sipResponse('200 OK', 'SUBSCRIBE', HEADERS, large.body)))).toBeDefined();
  });

  test('is not for small bodies and other messages', () => {
    const large = { body: bodyOf(100) };
    expect(readAhead(decoded(sipRequest('BENOTIFY', HEADERS, { body: bodyOf(1) })))).toBeUndefined();
    expect(readAhead(decoded(sipRequest('MESSAGE', HEADERS, large)))).toBeUndefined();
    expect(readAhead(decoded(sipResponse('200 OK', 'SERVICE', HEADERS, large.body)))).toBeUndefined();
  });

  test('changes nothing about what a body says', () => {
    const message = decoded(sipRequest('BENOTIFY', HEADERS, { body: bodyOf(100) }));
    const now = readPresence(TYPE, message.body);
    expect(presenceReadingOf(message)).toEqual(now);
    const slices = readAhead(message);
    if (slices !== undefined) atOnce(slices);
    const ahead = presenceReadingOf(message);
    expect(ahead).toEqual(now);
    expect(presenceReadingOf(message)).toBe(ahead);
  });
});
