import { describe, expect, test } from 'vitest';
import { readIncoming } from '../../../src/ocs/agent/incoming-text.js';
import { textOfHtml } from '../../../src/ocs/documents/html-text.js';
import { messageMediaOf, writeMessageSdp } from '../../../src/ocs/documents/message-sdp.js';
import { readTyping, writeKeyboardActivity } from '../../../src/ocs/documents/typing.js';

describe('a received text', () => {
  test.each([
    ['text/plain', 'grüße', { kind: 'text', text: 'grüße' }],
    ['text/plain; charset=UTF-8;msgr=WAAt', 'a\r\nb\rc', { kind: 'text', text: 'a\nb\nc' }],
    ['text/plain', 'bell\u0007 and \u202eturn', { kind: 'text', text: 'bell and turn' }],
    ['text/plain', ' \r\n', { kind: 'nothing' }],
    ['text/html', '<b>two</b><br>lines', { kind: 'text', text: 'two\nlines' }],
    ['text/plain; charset=utf-16', 'x', { kind: 'refused', status: 415 }],
    ['text/rtf', 'x', { kind: 'refused', status: 415 }],
    ['', 'x', { kind: 'refused', status: 415 }],
    ['application/im-iscomposing+xml', 'no xml', { kind: 'nothing' }],
  ])('of type %j with %j is %j', (type, body, content) => {
    expect(readIncoming(type, body)).toEqual(content);
  });

  test('of more octets than the limit is refused as too large', () => {
    expect(readIncoming('text/plain', 'é'.repeat(6), 10)).toEqual({ kind: 'refused', status: 413 });
  });

  test('says that somebody is writing, in the words of RFC 3994', () => {
    const body = (state: string) =>
      `<isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing"><state>${state}</state></isComposing>`;
    expect(readIncoming('application/im-iscomposing+xml', body('active'))).toEqual({ kind: 'typing', active: true });
    expect(readIncoming('application/im-iscomposing+xml', body('idle'))).toEqual({ kind: 'typing', active: false });
  });
});

test.each([
  ['<p>a</p><p>b</p>', 'a\nb'],
  ['1 &lt; 2 &amp; &#9786; &#x263a; &nbsp;x &unknown; &#0; &#xd800;', '1 < 2 & ☺ ☺ x &unknown; \ufffd \ufffd'],
  ['<script>alert(1)</script><STYLE>p{}</style>text<!-- <b>hidden</b> -->!', 'text!'],
  ['<a href="javascript:x">link</a> <img src=x onerror=y>', 'link'],
  ['a < b', 'a < b'],
  ['open <b', 'open <b'],
  ['<script>never closed', ''],
  ['&lt;script&gt;', '<script>'],
])('the text of %j is %j', (html, text) => {
  expect(textOfHtml(html)).toBe(text);
});

test('hostile HTML costs no more than its length', () => {
  const started = performance.now();
  for (const piece of ['<', '<!--', '&', '<b ', '&#', '<script>', ' \n']) textOfHtml(piece.repeat(64 * 1024));
  expect(performance.now() - started).toBeLessThan(500);
});

test('what we say about typing is what we read', () => {
  expect(readTyping(writeKeyboardActivity(true))).toBe(true);
  expect(readTyping(writeKeyboardActivity(false))).toBe(false);
  expect(readTyping(Buffer.from('<x/>'))).toBeUndefined();
  expect(readTyping(Buffer.from('<!DOCTYPE x><KeyboardActivity/>'))).toBeUndefined();
});

test('a session description names address, port and kind of texts', () => {
  const sdp = writeMessageSdp({ media: 'message', localAddress: '10.20.0.7:50412', target: 'null' }).toString();
  expect(sdp).toContain('c=IN IP4 10.20.0.7\r\n');
  expect(sdp).toContain('m=message 50412 sip null\r\n');
  expect(messageMediaOf(sdp)).toBe('message');
  const six = writeMessageSdp({ media: 'x-ms-message', localAddress: '[2001:db8::7]:5061', target: 'sip:a@b.example' });
  expect(six.toString()).toContain('o=- 0 0 IN IP6 2001:db8::7\r\n');
  expect(messageMediaOf(six.toString())).toBe('x-ms-message');
  expect(messageMediaOf('v=0\r\nm=audio 5060 RTP/AVP 0\r\n')).toBeUndefined();
});
