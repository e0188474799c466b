import { describe, expect, test } from 'vitest';
import { decodeMessage } from '../../../src/ocs/wire/decode.js';
import { validateMessage } from '../../../src/ocs/wire/validate.js';
import { sipRequest, sipResponse } from '../../support/sip-bytes.js';

/** Status and reason of a refusal of a message that the decoder took; `accepted` when there is none. */
function verdict(bytes: Buffer): string {
  const decoded = decodeMessage(bytes);
  if (!decoded.ok) throw decoded.error;
  const refusal = validateMessage(decoded.message);
  return refusal ? `${refusal.respondWith} ${refusal.error.message}` : 'accepted';
}

describe('validation', () => {
  test('accepts what OCS sends against the letter of the standard', () => {
    const replaced = {
      via: 'VIA: sip/2.0/tcp 10.0.0.1:5060',
      to: 'TO: sip:bridge@contoso.example>;tag=t1',
      from: 'FROM: sip:ana@contoso.example;tag=f1;epid=0a1b',
    };
    const lines = [
      'CONTACT: <sip:pool.contoso.example:5061;transport=tls;ms-fe="fe1.contoso.example">',
      'RECORD-ROUTE: <sip:pool.contoso.example:5061;transport=tls;lr;ms-route-sig=aa==>;tag=1A',
      'Max-Forwards: 0',
    ];
    expect(verdict(sipRequest('INVITE', lines, { replaced }))).toBe('accepted');
    expect(
      verdict(
        sipResponse('200 OK', 'REGISTER', ['Contact: *', 'Expires: 7200', 'Date: Sat, 15 Oct 2005 04:44:56 GMT']),
      ),
    ).toBe('accepted');
    expect(verdict(sipResponse('503 Busy', 'INVITE', ['Retry-After: 120 (in a meeting);duration=60']))).toBe(
      'accepted',
    );
    expect(verdict(sipRequest('INVITE', ['Contact: <tel:+1>', 'Refer-To: <http://example.com/a>']))).toBe('accepted');
  });

  test.each([
    ['the methods of request line and cseq differ', { replaced: { cseq: 'CSeq: 1 INVITE' } }],
    ['the request URI is malformed', { uri: '<sip:a@b>' }],
    ['the request URI is malformed', { uri: 'sip:2001:db8::10' }],
    ['the request URI carries header fields', { uri: 'sip:a@b?Route=%3Csip:c%3E' }],
    ['via is malformed', { replaced: { via: 'Via: SIP/2.0/UDP 192.0.2.15;;,;,,' } }],
    ['via is malformed', { replaced: { via: 'Via: SIP/2.0/UDP a, ,SIP/2.0/UDP b' } }],
    ['via is missing', { replaced: { via: '' } }],
    ['to is malformed', { replaced: { to: 'To: "Mr. J. User <sip:j.user@example.com>' } }],
    ['to is malformed', { replaced: { to: 'To: <sip:%zz@example.com>' } }],
    ['from is malformed', { replaced: { from: 'From: Bell, Alexander <sip:a@b>;tag=43' } }],
    ['call-id is malformed', { replaced: { callId: 'Call-ID: a b' } }],
    ['content-type is missing', { body: 'abc' }],
  ])('refuses a request because %s', (reason, options) => {
    expect(verdict(sipRequest('OPTIONS', [], options))).toBe(`400 Malformed request: ${reason}.`);
  });

  test.each([
    ['contact', 'Contact: sip:user@example.com?Route=%3Csip:sip.example.com%3E'],
    ['contact', 'Contact: <sip:a@b>;expires=280297596632815'],
    ['contact', 'Contact: *, <sip:a@b>'],
    ['contact', 'Contact: "Joe" <sip:joe@example.org>;;;;'],
    ['record-route', 'Record-Route: <sip:a@b>, <sip:%@c>'],
    ['route', 'Route: nonsense'],
    ['max-forwards', 'Max-Forwards: 300'],
    ['expires', 'Expires: 10000000000'],
    ['min-expires', 'Min-Expires: soon'],
    ['retry-after', 'Retry-After: 949302838503028349304023988'],
    ['date', 'Date: Fri, 01 Jan 2010 16:00:00 EST'],
    ['content-type', 'Content-Type: text'],
    ['event', 'Event: ;id=1'],
    ['subscription-state', 'Subscription-State: active;;'],
  ])('refuses a malformed %s: %s', (name, line) => {
    expect(verdict(sipRequest('OPTIONS', [line]))).toBe(`400 Malformed request: ${name} is malformed.`);
    expect(verdict(sipResponse('200 OK', 'OPTIONS', [line]))).toBe(`400 Malformed response: ${name} is malformed.`);
  });

  test('refuses headers that must not come twice', () => {
    expect(verdict(sipRequest('OPTIONS', ['Event: a', 'o: b']))).toMatch(/^400 .*event is there twice/);
  });

  test('refuses a body that no conversation needs', () => {
    const typed = ['Content-Type: text/plain'];
    expect(verdict(sipRequest('MESSAGE', typed, { body: 'x'.repeat(65_536) }))).toBe('accepted');
    expect(verdict(sipRequest('MESSAGE', typed, { body: 'x'.repeat(65_537) }))).toMatch(/^413 /);
  });

  test('refuses thousands of hops and addresses without reading them', () => {
    const via = (count: number) => `Via: ${Array(count).fill('SIP/2.0/TCP a').join(',')}`;
    expect(verdict(sipRequest('MESSAGE', [via(255)]))).toBe('accepted');
    expect(verdict(sipRequest('MESSAGE', [via(256)]))).toMatch(/^400 .*hops and addresses/);
  });

  test('answers 416 to URIs that are no SIP URIs', () => {
    for (const uri of ['tel:+1', 'soap.beep://192.0.2.103:3002', 'nobodyKnowsThisScheme:totallyopaquecontent']) {
      expect(verdict(sipRequest('OPTIONS', [], { uri }))).toMatch(/^416/);
    }
  });
});
