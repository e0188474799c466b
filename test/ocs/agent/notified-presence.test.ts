import { describe, expect, test } from 'vitest';
import { presenceIn } from '../../../src/ocs/agent/notified-presence.js';
import { readAhead } from '../../../src/ocs/agent/read-ahead.js';
import { wireUri } from '../../../src/ocs/agent/wire-uri.js';
import { atOnce } from '../../../src/ocs/documents/slices.js';
import { decodeMessage } from '../../../src/ocs/wire/decode.js';
import type { SipMessage } from '../../../src/ocs/wire/message.js';
import type { SipUri } from '../../../src/presence/ids.js';
import { sip } from '../../support/people.js';
import { sipRequest } from '../../support/sip-bytes.js';
import { ANA, multipart, pidfDocument, pidfTuple } from '../documents/samples.js';

const PIDF = 'application/pidf+xml';
const NOW = Date.UTC(2026, 0, 5, 9);
/** Somebody whose address comes back in another spelling than we ask for. */
const ESCAPED = sip('anä.reyes@contoso.example');
const NAMELESS = pidfDocument(pidfTuple('open')).replace(/ entity="[^"]*"/, '');

function notify(body: string, contentType = PIDF): SipMessage {
  const read = decodeMessage(sipRequest('NOTIFY', [`Content-Type: ${contentType}`], { body }));
  if (!read.ok) throw read.error;
  return read.message;
}

const heard = (message: SipMessage, person: SipUri | undefined, now = NOW) =>
  presenceIn(message, (uri) => uri === (person ?? ANA), { now, person });

const statesIn = (message: SipMessage, person: SipUri | undefined, now = NOW) =>
  heard(message, person, now).observations.map(({ uri, state }) => [uri, state?.availability ?? state]);

describe('a notification of a subscription to one person', () => {
  test('is about that person when its document names nobody', () => {
    expect(statesIn(notify(NAMELESS), ANA)).toEqual([[ANA, 3500]]);
    expect(statesIn(notify(NAMELESS), undefined)).toEqual([]);
  });

  test.each([
    ['that is broken', ANA, PIDF, '<presence'],
    ['of another type', ANA, 'text/plain', 'hello'],
    ['for an escaped address', ESCAPED, PIDF, '<presence'],
  ])('leaves nothing of the state before it when it has a document %s', (_, person, type, body) => {
    expect(statesIn(notify(body, type), person)).toEqual([[person, null]]);
  });

  test('leaves nothing of the state before it when its body was read ahead and not understood', () => {
    const message = notify(`${pidfDocument(pidfTuple('open', `<note>${'x'.repeat(16_000)}</note>`.repeat(2)))}<`);
    const slices = readAhead(message, NOW);
    if (slices === undefined) throw new Error('The body is too small.');
    atOnce(slices);
    expect(statesIn(message, ANA)).toEqual([[ANA, null]]);
  });

  test('says nothing when its document is about somebody else', () => {
    const { observations, refused } = heard(notify(pidfDocument(pidfTuple('open'), 'sip:ben@contoso.example')), ANA);
    expect(observations).toEqual([]);
    expect(refused.map(({ details }) => details['reason'])).toEqual(['other-person']);
  });

  test('keeps what it says of the person beside a part that is not understood', () => {
    const body = multipart('b', [
      [PIDF, pidfDocument(pidfTuple('open'), wireUri(ESCAPED))],
      ['text/plain', 'hello'],
    ]);
    expect(statesIn(notify(body, 'multipart/related;boundary=b'), ESCAPED)).toEqual([[ESCAPED, 3500]]);
  });
});

describe('a notification of a list', () => {
  test('says nothing when its document is not understood, as nobody knows whom it is about', () => {
    expect(statesIn(notify('<presence'), undefined)).toEqual([]);
  });
});

describe('what holds for a time only', () => {
  const until = (note = '') =>
    pidfDocument(
      `${pidfTuple('open', note)}<dm:person id="p"><rpid:activities until="2026-01-05T10:00:00Z"><rpid:away/></rpid:activities></dm:person>`,
    );

  test('holds until then', () => {
    expect(statesIn(notify(until()), ANA, NOW)).toEqual([[ANA, 15500]]);
    expect(statesIn(notify(until()), ANA, NOW + 3_600_000)).toEqual([[ANA, 3500]]);
  });

  test('holds until then in a body that was read ahead', () => {
    const large = until(`<note>${'x'.repeat(16_000)}</note>`.repeat(2));
    for (const [now, number] of [
      [NOW, 15500],
      [NOW + 3_600_000, 3500],
    ] as const) {
      const message = notify(large);
      const slices = readAhead(message, now);
      if (slices === undefined) throw new Error('The body is too small.');
      atOnce(slices);
      expect(statesIn(message, ANA)).toEqual([[ANA, number]]);
    }
  });
});
