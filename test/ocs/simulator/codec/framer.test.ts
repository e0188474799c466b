import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Frame, Framer, FramingError } from '../../../../src/ocs/simulator/codec/framer.js';

const limits = { head: 2000, body: 5000 };
const message = (body: string, extra = ''): Buffer =>
  Buffer.from(`INFO sip:a@b SIP/2.0\r\n${extra}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);

function frames(...chunks: readonly Buffer[]): Frame[] {
  const framer = new Framer(limits);
  return chunks.flatMap((chunk) => framer.push(chunk));
}

describe('Framer', () => {
  test('finds the same messages however the bytes are cut', () => {
    const bodies = fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { maxLength: 6 });
    fc.assert(
      fc.property(bodies, fc.infiniteStream(fc.integer({ min: 1, max: 90 })), (texts, sizes) => {
        const stream = Buffer.concat(texts.flatMap((text) => [message(text), Buffer.from('\r\n\r\n')]));
        const framer = new Framer(limits);
        const found: string[] = [];
        for (let at = 0; at < stream.length; ) {
          const size = sizes.next().value ?? 1;
          found.push(...framer.push(stream.subarray(at, at + size)).map(({ body }) => body.toString('utf8')));
          at += size;
        }
        expect(found).toEqual(texts);
      }),
      { numRuns: 60 },
    );
  });

  test('takes keep-alives between messages for nothing', () => {
    expect(frames(Buffer.from('\r\n\r\n'), message('x'), Buffer.from('\r\n'))).toHaveLength(1);
  });

  test('takes a message without Content-Length as one without body', () => {
    const [first, second] = frames(Buffer.from('INFO sip:a@b SIP/2.0\r\nVia: x\r\n\r\n'), message('yes'));
    expect([first?.body.length, second?.body.toString()]).toEqual([0, 'yes']);
  });

  test('understands the compact name of Content-Length', () => {
    expect(frames(Buffer.from('INFO sip:a@b SIP/2.0\r\nl: 3\r\n\r\nabc'))[0]?.body.toString()).toBe('abc');
  });

  test.each([
    ['an endless head', Buffer.alloc(2001, 'a')],
    ['a head that is too long', message('', `Via: ${'x'.repeat(2000)}\r\n`)],
    ['a body that is too long', Buffer.from('INFO sip:a@b SIP/2.0\r\nContent-Length: 5001\r\n\r\n')],
    ['a negative length', Buffer.from('INFO sip:a@b SIP/2.0\r\nContent-Length: -1\r\n\r\n')],
    ['two different lengths', Buffer.from('INFO sip:a@b SIP/2.0\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n')],
  ])('gives up on %s', (_title, bytes) => {
    expect(() => frames(bytes)).toThrow(FramingError);
  });
});
