import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeMessage } from '../../../src/ocs/wire/decode.js';
import { encodeMessage, splitText } from '../../../src/ocs/wire/encode.js';
import { BridgeError } from '../../../src/presence/errors.js';

const STARTS = 'OPTIONS sip:a@b SIP/2.0';

describe('encoding', () => {
  test('writes a message, its length in octets last', () => {
    const bytes = encodeMessage({
      startLine: 'MESSAGE sip:ana@contoso.example SIP/2.0',
      headers: [
        ['Content-Length', '999'],
        ['l', '999'],
        ['Subject', 'grüße'],
      ],
      body: Buffer.from('ä'),
    });
    expect(bytes.toString()).toBe(
      'MESSAGE sip:ana@contoso.example SIP/2.0\r\nSubject: grüße\r\nContent-Length: 2\r\n\r\nä',
    );
    expect(encodeMessage({ startLine: STARTS, headers: [] }).toString()).toBe(`${STARTS}\r\nContent-Length: 0\r\n\r\n`);
  });

  test.each([
    ['a line break in a value', STARTS, 'Subject', 'a\r\nX: b'],
    ['a lone LF in a value', STARTS, 'Subject', 'a\nX: b'],
    ['a lone CR in a value', STARTS, 'Subject', 'a\rb'],
    ['a line break in a name', STARTS, 'X: y\r\nSubject', 'a'],
    ['a name that is no token', STARTS, 'Sub ject', 'a'],
    ['no name', STARTS, '', 'a'],
    ['a line break in the first line', `${STARTS}\r\nX: y`, 'Subject', 'a'],
  ])('refuses %s', (_, startLine, name, value) => {
    expect(() => encodeMessage({ startLine, headers: [[name, value]] })).toThrow(BridgeError);
  });

  test('is undone by decoding', () => {
    const value = fc
      .string({ unit: 'grapheme' })
      .map((text) => text.replace(/[\r\n]/g, '').replace(/^[ \t]+|[ \t]+$/g, ''));
    const identity: [string, string][] = [
      ['Via', 'SIP/2.0/TLS h;branch=z9hG4bK1'],
      ['From', '<sip:a@b>;tag=1'],
      ['To', '<sip:c@d>'],
      ['Call-ID', 'x'],
      ['CSeq', '1 OPTIONS'],
    ];
    const extra = fc.tuple(fc.stringMatching(/^X-[A-Za-z0-9-]{1,20}$/), value);
    fc.assert(
      fc.property(fc.array(extra, { maxLength: 20 }), fc.uint8Array({ maxLength: 200 }), (headers, body) => {
        const all = [...identity, ...headers];
        const decoded = decodeMessage(encodeMessage({ startLine: STARTS, headers: all, body: Buffer.from(body) }));
        expect(decoded.ok && decoded.message.headers()).toEqual([...all, ['Content-Length', `${body.length}`]]);
        expect(decoded.message?.body).toEqual(Buffer.from(body));
      }),
    );
  });
});

describe('splitting a composed text', () => {
  test('gives start line, headers and body', () => {
    const text = 'INVITE sip:a@b SIP/2.0\r\nVia: x;y\r\nSupported: \r\nSubject:a: b\r\n\r\nv=0\r\n\r\nmore';
    expect(splitText(text)).toEqual({
      startLine: 'INVITE sip:a@b SIP/2.0',
      headers: [
        ['Via', 'x;y'],
        ['Supported', ''],
        ['Subject', 'a: b'],
      ],
      body: 'v=0\r\n\r\nmore',
    });
  });

  test.each(['', 'INVITE sip:a@b SIP/2.0\r\nVia: x', '\r\n\r\n', 'A\r\nno colon\r\n\r\n', 'A\r\n folded: x\r\n\r\n'])(
    'refuses %j',
    (text) => {
      expect(() => splitText(text)).toThrow(BridgeError);
    },
  );
});
