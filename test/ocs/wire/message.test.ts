import { describe, expect, test } from 'vitest';
import { decodeMessage } from '../../../src/ocs/wire/decode.js';
import type { SipMessage } from '../../../src/ocs/wire/message.js';
import { sipBytes, sipRequest } from '../../support/sip-bytes.js';

function decode(bytes: Buffer): SipMessage {
  const decoded = decodeMessage(bytes);
  if (!decoded.ok) throw decoded.error;
  return decoded.message;
}

const withLines = (...lines: string[]): SipMessage => decode(sipRequest('NOTIFY', lines));

describe('headers of a message', () => {
  test('are found in any case, in long and in compact form', () => {
    const message = withLines('o: presence', 'SUBJECT: hello', 'k: a', 'Supported: b');
    expect(message.header('Event')).toBe('presence');
    expect(message.header('s')).toBe('hello');
    expect(message.headerValues('SUPPORTED')).toEqual(['a', 'b']);
    expect(message.header('CALL-ID')).toBe('c4f1a0b2d3e44f5a');
  });

  test('are not mistaken for others of the same length and first letter, or for other compact forms', () => {
    const message = withLines('Accepx: 1', 'z: 2', 'Evenu: 3', 'p: 4');
    expect(message.header('accept')).toBeUndefined();
    expect(message.header('event')).toBeUndefined();
    expect(message.header('Z')).toBe('2');
    expect(message.header('P')).toBe('4');
    expect(message.header('e')).toBeUndefined();
  });

  test('may have any sign of a token in their names', () => {
    expect(withLines("x_Y-!.%*+`'~: 1").header("X_y-!.%*+`'~")).toBe('1');
  });

  test('are undefined or empty lists when absent', () => {
    const message = withLines();
    expect(message.header('Event')).toBeUndefined();
    expect(message.headerValues('Event')).toEqual([]);
    expect(message.listValues('Event')).toEqual([]);
    expect([message.event, message.contentType, message.subscriptionState, message.expires]).toEqual(
      Array(4).fill(undefined),
    );
  });

  test('lose the blanks around them, and may be empty', () => {
    expect(withLines('Subject \t: \t hello\t world \t').header('subject')).toBe('hello\t world');
    expect(withLines('Subject:').header('subject')).toBe('');
    expect(withLines('Subject:\u00a0x').header('subject')).toBe('\u00a0x');
  });

  test('are unfolded', () => {
    expect(withLines('Subject:\r\n hello\r\n\t world \r\n  ').header('subject')).toBe('hello world');
  });

  test('are UTF-8', () => {
    const message = decode(
      sipBytes([...sipRequest('NOTIFY').toString().split('\r\n', 6), 'Subject: grüße', 'X: ascii']),
    );
    expect(message.header('subject')).toBe('grüße');
    expect(message.header('x')).toBe('ascii');
  });

  test('are split at commas outside quotes and brackets', () => {
    const message = withLines(
      'Contact: "A, B" <sip:a@b?x=1,2>;q=1 , sip:c',
      'm: <sip:d;e="f,g">',
      'Allow: , INVITE,,ACK',
    );
    expect(message.listValues('contact')).toEqual(['"A, B" <sip:a@b?x=1,2>;q=1', 'sip:c', '<sip:d;e="f,g">']);
    expect(message.listValues('allow')).toEqual(['INVITE', 'ACK']);
  });

  test('can be listed as they came', () => {
    expect(withLines('M: sip:a', 'x-Y: 1').headers().slice(-3)).toEqual([
      ['M', 'sip:a'],
      ['x-Y', '1'],
      ['Content-Length', '0'],
    ]);
  });
});

describe('typed headers of a message', () => {
  test('are read from their first line', () => {
    const message = withLines(
      'Event: presence;id=7',
      'Content-Type: Text/XML',
      'Expires: 28800',
      'subscription-state: active;expires=9',
    );
    expect(message.event?.package).toBe('presence');
    expect(message.contentType?.type).toBe('text/xml');
    expect(message.expires).toBe(28800);
    expect(message.subscriptionState?.expires).toBe(9);
    expect(message.cseq).toEqual({ number: 1, digits: '1', method: 'NOTIFY' });
    expect([message.from?.tag, message.from?.epid, message.to?.tag]).toEqual(['f1', '0a1b2c3d4e', 't1']);
  });

  test('list all hops and contacts, and leave out what nobody can read', () => {
    const message = withLines('v: SIP/2.0/TCP a, SIP/2.0/UDP b', 'Via: nonsense', 'Contact: <sip:a@b>, <', 'm: sip:c');
    expect(message.vias.map((via) => via.host)).toEqual(['192.0.2.10', 'a', 'b']);
    expect(message.contacts.map((contact) => contact.uri)).toEqual(['sip:a@b', 'sip:c']);
    expect(withLines('Contact: *').contacts.map((contact) => contact.uri)).toEqual([]);
  });

  test('are undefined when malformed', () => {
    const message = decode(
      sipRequest('NOTIFY', ['Expires: 1e3', 'Event: ;', 'c: text'], { replaced: { to: 'To: "x <sip:a@b>' } }),
    );
    expect([message.expires, message.event, message.contentType, message.to]).toEqual(Array(4).fill(undefined));
  });
});
