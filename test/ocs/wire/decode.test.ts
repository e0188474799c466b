import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Decoded, decodeMessage } from '../../../src/ocs/wire/decode.js';
import { DEFAULT_SIP_LIMITS } from '../../../src/ocs/wire/limits.js';
import type { SipMessage } from '../../../src/ocs/wire/message.js';
import { validateMessage } from '../../../src/ocs/wire/validate.js';
import { sipBytes, sipRequest, sipResponse } from '../../support/sip-bytes.js';

function messageOf(decoded: Decoded): SipMessage {
  if (!decoded.ok) throw decoded.error;
  return decoded.message;
}

/** Code, status to answer with, and reason of a refusal; `accepted` when there is none. */
function verdict(bytes: Buffer, limits = DEFAULT_SIP_LIMITS): string {
  const decoded = decodeMessage(bytes, limits);
  return decoded.ok ? 'accepted' : `${decoded.error.code} ${decoded.respondWith} ${decoded.error.message}`;
}

describe('a decoded message', () => {
  test('has the parts of a request', () => {
    const message = messageOf(decodeMessage(sipRequest('MESSAGE', ['Content-Type: text/plain'], { body: 'grüße' })));
    expect(message.kind).toBe('request');
    expect(message.method).toBe('MESSAGE');
    expect(message.requestUri).toBe('sip:192.0.2.44:49231;transport=tls');
    expect(message.body).toEqual(Buffer.from('grüße'));
    expect([message.status, message.reason]).toEqual([0, '']);
  });

  test('has the parts of a response, a phrase beyond ASCII included', () => {
    const message = messageOf(decodeMessage(sipResponse('404 Не найдено', 'SUBSCRIBE')));
    expect(message.kind).toBe('response');
    expect([message.status, message.reason, message.method]).toEqual([404, 'Не найдено', 'SUBSCRIBE']);
    expect(message.requestUri).toBe('');
    expect(messageOf(decodeMessage(sipResponse('100 ', 'INVITE'))).reason).toBe('');
  });

  test('ends where Content-Length says; octets behind it are left out', () => {
    const bytes = sipRequest('MESSAGE', ['Content-Length: 3'], { body: 'abcdef' });
    const message = messageOf(decodeMessage(bytes));
    expect(message.body.toString()).toBe('abc');
    expect(message.bytes.length).toBe(bytes.length - 3);
  });

  test('reaches to the end of its octets when it states no length, as in a datagram', () => {
    const bytes = Buffer.from(sipRequest('MESSAGE').toString().replace('Content-Length: 0\r\n', '').concat('abc'));
    expect(messageOf(decodeMessage(bytes)).body.toString()).toBe('abc');
  });

  test('may lack what RFC 2543 did not demand, and what a message without answer does not need', () => {
    expect(verdict(sipRequest('INVITE', [], { replaced: { via: 'Via: SIP/2.0/UDP host' } }))).toBe('accepted');
    expect(verdict(sipRequest('INVITE', [], { replaced: { from: 'From: sip:a@b' } }))).toBe('accepted');
    expect(verdict(sipRequest('BENOTIFY', [], { replaced: { via: '' } }))).toBe('accepted');
  });
});

describe('a message without the form of SIP', () => {
  test.each([
    ['nothing at all', ''],
    ['another protocol', 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'],
    ['TLS octets', '\x16\x03\x01\x02\x00\r\n\r\n'],
    ['a head without end', 'OPTIONS sip:a@b SIP/2.0\r\nVia: x\r\n'],
    ['a status code of four digits', 'SIP/2.0 2000 OK\r\n\r\n'],
    ['a status code below 100', 'SIP/2.0 099 OK\r\n\r\n'],
    ['a status code above 699', 'SIP/2.0 700 OK\r\n\r\n'],
    ['a response of another version', 'SIP/3.0 200 OK\r\n\r\n'],
    ['a method that is no token', 'OPT(ONS sip:a@b SIP/2.0\r\n\r\n'],
  ])('is refused without answer: %s', (_, text) => {
    expect(verdict(Buffer.from(text, 'latin1'))).toMatch(/^OCS_PROTOCOL undefined Not a SIP message/);
  });
});

describe('a malformed request', () => {
  const from = (start: string): Buffer =>
    Buffer.from(
      sipRequest('OPTIONS')
        .toString()
        .replace(/^[^\r]*/, start),
    );

  test.each([
    ['several blanks in the request line', 'OPTIONS  sip:a@b SIP/2.0', 400],
    ['a blank in the request URI', 'OPTIONS sip:a@b; lr SIP/2.0', 400],
    ['blanks at the end of the request line', 'OPTIONS sip:a@b SIP/2.0  ', 400],
    ['no version', 'OPTIONS sip:a@b', 400],
    ['another version', 'OPTIONS sip:a@b SIP/7.0', 505],
  ])('can be answered: %s', (_, start, status) => {
    const decoded = decodeMessage(from(start));
    expect(decoded.ok || decoded.respondWith).toBe(status);
    expect(decoded.message?.callId).toBe('c4f1a0b2d3e44f5a');
  });

  test.each([
    ['a header line without colon', sipRequest('OPTIONS', ['Foobar roobar'])],
    ['a header line without name', sipRequest('OPTIONS', [': value'])],
    ['a header name that is no token', sipRequest('OPTIONS', ['Fo(o: value'])],
    ['a lone CR', sipRequest('OPTIONS', ['Subject: a\rX: b'])],
    ['a lone LF', sipRequest('OPTIONS', ['Subject: a\nX: b'])],
    ['a body shorter than declared', sipRequest('OPTIONS', ['Content-Length: 9'], { body: 'abc' })],
    ['a negative Content-Length', sipRequest('OPTIONS', ['Content-Length: -1'])],
    ['two Content-Lengths', sipRequest('OPTIONS', ['Content-Length: 1', 'l: 0'], { body: 'a' })],
    ['two Call-IDs', sipRequest('OPTIONS', ['i: other'])],
    ['two CSeqs', sipRequest('OPTIONS', ['CSeq: 2 OPTIONS'])],
    ['two From', sipRequest('OPTIONS', ['f: <sip:x@y>'])],
    ['two To', sipRequest('OPTIONS', ['t: <sip:x@y>'])],
    [
      'a sequence number beyond its range',
      sipRequest('OPTIONS', [], { replaced: { cseq: 'CSeq: 36893488147419103232 OPTIONS' } }),
    ],
  ])('is answered with 400: %s', (_, bytes) => {
    expect(verdict(bytes)).toMatch(/^OCS_PROTOCOL 400 Malformed request/);
  });

  test('stays without answer when the headers that an answer repeats are not there', () => {
    for (const replaced of [
      { via: '' },
      { from: '' },
      { to: '' },
      { callId: '' },
      { cseq: '' },
      { callId: 'Call-ID:' },
    ]) {
      const bytes = sipRequest('OPTIONS', ['no colon'], { replaced });
      expect(verdict(bytes), JSON.stringify(replaced)).toMatch(/^OCS_PROTOCOL undefined/);
    }
  });

  test('stays without answer when its method is never answered', () => {
    for (const method of ['ACK', 'BENOTIFY']) expect(verdict(sipRequest(method, ['no colon']))).toMatch(/undefined/);
    expect(verdict(sipRequest('NOTIFY', ['no colon']))).toMatch(/400/);
  });

  test('is refused as a response too, which nobody answers', () => {
    expect(verdict(sipResponse('200 OK', 'INVITE', ['no colon']))).toMatch(
      /^OCS_PROTOCOL undefined Malformed response/,
    );
  });
});

describe('limits', () => {
  test('hold for start line, header line, number of headers and head', () => {
    const cases = [
      sipRequest('OPTIONS', [], { uri: `sip:${'a'.repeat(4096)}@b` }),
      sipRequest('OPTIONS', [`Subject: ${'a'.repeat(8192)}`]),
      sipRequest('OPTIONS', [`Subject: a${'\r\n a'.repeat(3000)}`]),
      sipRequest(
        'OPTIONS',
        Array.from({ length: 256 }, (_, i) => `X-${i}: 1`),
      ),
      sipRequest(
        'OPTIONS',
        Array.from({ length: 200 }, (_, i) => `X-${i}: ${'a'.repeat(400)}`),
      ),
    ];
    for (const bytes of cases) expect(verdict(bytes)).toMatch(/^OCS_LIMIT undefined/);
  });

  test('are the given ones', () => {
    const limits = { ...DEFAULT_SIP_LIMITS, headers: 6 };
    expect(verdict(sipRequest('OPTIONS'), limits)).toBe('accepted');
    for (const line of ['X: 1', 'malformed']) {
      expect(verdict(sipRequest('OPTIONS', [line]), limits)).toMatch(/headers is over the limit of 6/);
    }
  });

  test('let a request with too large a body be answered', () => {
    const limits = { ...DEFAULT_SIP_LIMITS, body: 3 };
    expect(verdict(sipRequest('MESSAGE', [], { body: 'abcd' }), limits)).toMatch(/^OCS_LIMIT 513/);
  });
});

describe('hostile input', () => {
  const seeds = [
    sipRequest('BENOTIFY', [
      'Event: presence',
      'Content-Type: text/xml',
      'Contact: "A" <sip:a@b;x="y">;q=0.1, <sip:c>',
    ]),
    sipResponse('200 OK', 'SUBSCRIBE', ['Subject: a\r\n b', 'subscription-state: active;expires=9', 'm: *'], 'body'),
    sipBytes([
      'OPTIONS tel:+1 SIP/2.0',
      't: "\\"" <sip:%41@[::1]>',
      'From: x',
      'i: 1',
      'CSeq: 1 X',
      'v: SIP/2.0/TCP h;a="',
    ]),
  ];
  const READERS = ['via', 'contact', 'to', 'from', 'content-type', 'event', 'x'];

  /** Asks for everything there is. */
  function readAll(message: SipMessage): void {
    for (const name of READERS) {
      message.header(name);
      message.listValues(name);
    }
    const { method, requestUri, from, to, vias, contacts, expires, contentType, event, subscriptionState } = message;
    expect([
      method,
      requestUri,
      from,
      to,
      vias,
      contacts,
      expires,
      contentType,
      event,
      subscriptionState,
    ]).toBeDefined();
    message.headers();
    validateMessage(message);
  }

  test('never makes the decoder throw', () => {
    const edit = fc.record({
      seed: fc.nat(seeds.length - 1),
      at: fc.nat(400),
      octets: fc.uint8Array({ maxLength: 6 }),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), (edits) => {
        const bytes = Buffer.from(seeds[edits[0]?.seed ?? 0] ?? []);
        for (const { at, octets } of edits) Buffer.from(octets).copy(bytes, at % bytes.length);
        const decoded = decodeMessage(bytes);
        if (decoded.message) readAll(decoded.message);
      }),
      { numRuns: 2000 },
    );
  });

  const SIGNS = [
    'a',
    '"',
    '<',
    ';',
    ',',
    ' ',
    '\\',
    '%',
    '[',
    ':',
    '=',
    '@',
    ';a',
    '<a:b>,',
    '\n',
    '\n ',
    '\r',
    '\r\n ',
  ];

  test.each(SIGNS)('that repeats one sign (%j) for 128 kB in a header takes no time', (sign) => {
    const raised = { ...DEFAULT_SIP_LIMITS, line: 1e6, headerBlock: 1e6 };
    const run = sign.repeat((128 * 1024) / sign.length);
    for (const to of [run, `"${run}`, `<sip:a@b;${run}>`, `<sip:${run}`, `<sip:a@b>;x=${run}`]) {
      const bytes = sipRequest('OPTIONS', [`Contact: ${to}`], { replaced: { to: `To: ${to}` } });
      const before = process.cpuUsage();
      expect(decodeMessage(bytes).ok).toBe(false);
      const decoded = decodeMessage(bytes, raised);
      if (decoded.message) readAll(decoded.message);
      const { user, system } = process.cpuUsage(before);
      // Quadratic work would take seconds; what is left is room for a busy machine.
      expect((user + system) / 1000).toBeLessThan(400);
    }
  });
});
