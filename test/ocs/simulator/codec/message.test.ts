import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAddress } from '../../../../src/ocs/simulator/codec/address.js';
import { readCredentials } from '../../../../src/ocs/simulator/codec/credentials.js';
import { decode } from '../../../../src/ocs/simulator/codec/decode.js';
import { encode } from '../../../../src/ocs/simulator/codec/encode.js';
import { Framer } from '../../../../src/ocs/simulator/codec/framer.js';
import { headerOf, headersOf, type SipMessage, tokensOf } from '../../../../src/ocs/simulator/codec/message.js';

const limits = { head: 10_000, body: 10_000, line: 1000, headers: 20 };

function read(text: string): SipMessage {
  const [frame] = new Framer(limits).push(Buffer.from(text.replaceAll('\n', '\r\n')));
  if (!frame) throw new Error('no message');
  const message = decode(frame, limits);
  if (!message.ok) throw new Error(message.reason);
  return message.value;
}

describe('decode', () => {
  test('reads a request with folded, compact and repeated headers', () => {
    const message = read('SUBSCRIBE sip:a@b SIP/2.0\nf: <sip:x@y>;tag=1\nSupported: one,\n two\nSUPPORTED: three\n\n');
    expect(message).toMatchObject({ kind: 'request', method: 'SUBSCRIBE', uri: 'sip:a@b' });
    expect(headerOf(message, 'from')).toBe('<sip:x@y>;tag=1');
    expect(headersOf(message, 'supported')).toEqual(['one, two', 'three']);
    expect(tokensOf(message, 'supported')).toEqual(new Set(['one', 'two', 'three']));
  });

  test('reads a response without a reason', () => {
    expect(read('SIP/2.0 200\nVia: x\n\n')).toMatchObject({ kind: 'response', status: 200, reason: '' });
  });

  test.each([
    ['a start line of something else', 'GET / HTTP/1.1\n\n'],
    ['a status beyond 699', 'SIP/2.0 700 No\n\n'],
    ['a header without colon', 'INFO sip:a@b SIP/2.0\nnonsense\n\n'],
    ['too many headers', `INFO sip:a@b SIP/2.0\n${'A: b\n'.repeat(21)}\n`],
    ['a line that is too long', `INFO sip:a@b SIP/2.0\nA: ${'b'.repeat(1000)}\n\n`],
  ])('refuses %s', (_title, text) => {
    expect(() => read(text)).toThrow();
  });

  test('never throws, whatever the head says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (head) => {
        decode({ head, body: Buffer.alloc(0) }, limits);
      }),
      { numRuns: 100 },
    );
  });
});

describe('encode', () => {
  test('writes what decode reads', () => {
    const message: SipMessage = {
      kind: 'response',
      status: 480,
      reason: 'Temporarily Unavailable',
      headers: [{ name: 'P-Asserted-Identity', value: '"Jürgen"<sip:j@b>' }],
      body: Buffer.from('grüße'),
    };
    const [frame] = new Framer(limits).push(encode(message));
    const again = frame && decode(frame, limits);
    expect(again?.ok && { ...again.value, headers: again.value.headers.slice(0, 1) }).toEqual(message);
  });

  test('does not let a value begin a new header', () => {
    const bytes = encode({
      kind: 'request',
      method: 'INFO',
      uri: 'sip:a@b',
      headers: [{ name: 'Subject', value: 'x\r\nEvil: 1' }],
      body: Buffer.alloc(0),
    });
    expect(bytes.toString()).toContain('Subject: x Evil: 1\r\n');
  });
});

describe('readAddress', () => {
  test.each([
    ['"A; <x>" <sip:a@b;p=1>;tag=7;EPID=9', 'sip:a@b;p=1', '7', '9'],
    ['sip:a@b;tag=7;epid=9', 'sip:a@b', '7', '9'],
    ['<sip:a@b>', 'sip:a@b', undefined, undefined],
  ])('reads %s', (text, uri, tag, epid) => {
    const address = readAddress(text);
    expect([address.uri, address.params.get('tag'), address.params.get('epid')]).toEqual([uri, tag, epid]);
  });

  test('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void readAddress(text)));
  });
});

describe('readCredentials', () => {
  test('reads quoted and bare parameters in any case and order', () => {
    const credentials = readCredentials('NTLM qop="auth", OPAQUE="4A1F", realm="a, b=c", gssapi-data="", version=4');
    expect(credentials?.scheme).toBe('NTLM');
    expect(Object.fromEntries(credentials?.params ?? [])).toEqual({
      qop: 'auth',
      opaque: '4A1F',
      realm: 'a, b=c',
      'gssapi-data': '',
      version: '4',
    });
  });
});
