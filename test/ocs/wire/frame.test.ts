import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SipFramer } from '../../../src/ocs/wire/frame.js';
import { DEFAULT_SIP_LIMITS, type SipLimits } from '../../../src/ocs/wire/limits.js';
import { sipBytes, sipRequest } from '../../support/sip-bytes.js';

const NOTIFY = sipRequest('NOTIFY', ['Content-Type: text/plain'], { body: 'grüße\r\n\r\nmore' });
const EMPTY = sipRequest('OPTIONS');

/** Everything a framer says when it is fed these chunks. */
function framed(chunks: readonly Buffer[], limits: SipLimits = DEFAULT_SIP_LIMITS): string[] {
  const said: string[] = [];
  const framer = new SipFramer(
    {
      onMessage: (bytes) => said.push(bytes.toString('latin1')),
      onKeepAlive: (kind) => said.push(kind),
      onError: (error) => said.push(`${error.code} ${error.message}`),
    },
    limits,
  );
  for (const chunk of chunks) framer.push(chunk);
  return said;
}

const octets = (bytes: Buffer): Buffer[] => Array.from(bytes, (octet) => Buffer.of(octet));
const text = (bytes: Buffer): string => bytes.toString('latin1');

describe('framing', () => {
  test('cuts a stream into its messages, by octets and not by characters', () => {
    expect(framed([Buffer.concat([NOTIFY, EMPTY, NOTIFY])])).toEqual([text(NOTIFY), text(EMPTY), text(NOTIFY)]);
  });

  test('waits for the rest of a message', () => {
    for (const cut of [1, 20, NOTIFY.length - 14, NOTIFY.length - 1]) {
      expect(framed([NOTIFY.subarray(0, cut)])).toEqual([]);
      expect(framed([NOTIFY.subarray(0, cut), NOTIFY.subarray(cut)])).toEqual([text(NOTIFY)]);
    }
  });

  test('takes a stream octet by octet', () => {
    expect(framed(octets(Buffer.concat([NOTIFY, EMPTY])))).toEqual([text(NOTIFY), text(EMPTY)]);
  });

  test('gives the same result for any chunks', () => {
    const stream = Buffer.concat([Buffer.from('\r\n'), NOTIFY, Buffer.from('\r\n\r\n'), EMPTY, NOTIFY]);
    const whole = framed([stream]);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 40 }), (cuts) => {
        const borders = [0, ...cuts.sort((a, b) => a - b), stream.length];
        expect(framed(borders.map((border, i) => stream.subarray(border, borders[i + 1] ?? border)))).toEqual(whole);
      }),
    );
  });

  test('hands over a message within one chunk without a copy', () => {
    const chunk = Buffer.concat([NOTIFY, EMPTY]);
    const memory: ArrayBufferLike[] = [];
    const framer = new SipFramer({ onMessage: (bytes) => memory.push(bytes.buffer), onKeepAlive() {}, onError() {} });
    framer.push(chunk);
    expect(memory).toEqual([chunk.buffer, chunk.buffer]);
  });

  test('copies a message of two chunks, so that the first chunk may be used again', () => {
    const first = Buffer.from(NOTIFY.subarray(0, 50));
    const said: string[] = [];
    const framer = new SipFramer({ onMessage: (bytes) => said.push(text(bytes)), onKeepAlive() {}, onError() {} });
    framer.push(first);
    first.fill(0);
    framer.push(NOTIFY.subarray(50));
    expect(said).toEqual([text(NOTIFY)]);
  });

  test('understands a folded, compact and oddly spaced Content-Length', () => {
    for (const header of ['l:3', 'L : 3', 'Content-Length:\r\n 0003', 'CONTENT-LENGTH\t:\t3 ']) {
      const message = sipBytes(['MESSAGE sip:a@b SIP/2.0', header], 'abc');
      expect(framed([Buffer.concat([message, EMPTY])]), header).toEqual([text(message), text(EMPTY)]);
    }
  });

  test('accepts a Content-Length that is stated twice with the same value', () => {
    const message = sipBytes(['MESSAGE sip:a@b SIP/2.0', 'Content-Length: 3', 'l: 3'], 'abc');
    expect(framed([message])).toEqual([text(message)]);
  });
});

describe('keep-alives', () => {
  test('reports a single line end as a pong', () => {
    expect(framed([Buffer.from('\r\n')])).toEqual(['pong']);
    expect(framed([EMPTY, Buffer.from('\r'), Buffer.from('\n'), EMPTY])).toEqual([text(EMPTY), 'pong', text(EMPTY)]);
  });

  test('reports a double line end as a ping behind the pong that its first half looks like', () => {
    expect(framed([Buffer.from('\r\n\r\n')])).toEqual(['pong', 'pong', 'ping']);
    expect(framed([Buffer.from('\r\n\r\n\r\n')])).toEqual(['pong', 'pong', 'ping', 'pong']);
  });
});

describe('a stream that cannot be read on', () => {
  const NO_LENGTH = Buffer.from('INVITE sip:a@b SIP/2.0\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n');

  test.each([
    ['has no Content-Length', NO_LENGTH],
    ['has a negative Content-Length', sipBytes(['INVITE sip:a@b SIP/2.0', 'Content-Length: -999'])],
    ['has two different Content-Lengths', sipBytes(['INVITE sip:a@b SIP/2.0', 'Content-Length: 13', 'l: 5'])],
    ['has a list as Content-Length', sipBytes(['INVITE sip:a@b SIP/2.0', 'Content-Length: 5, 5'])],
    ['has an empty Content-Length', sipBytes(['INVITE sip:a@b SIP/2.0', 'Content-Length:'])],
    ['has a hexadecimal Content-Length', sipBytes(['INVITE sip:a@b SIP/2.0', 'Content-Length: 0x10'])],
  ])('ends when a message %s', (_, bytes) => {
    expect(framed([EMPTY, bytes, EMPTY])).toEqual([text(EMPTY), expect.stringMatching(/^OCS_PROTOCOL /)]);
    expect(framed(octets(Buffer.concat([bytes, EMPTY])))).toEqual([expect.stringMatching(/^OCS_PROTOCOL /)]);
  });

  test('ends at a body over the limit before room is made for it', () => {
    const huge = sipBytes(['NOTIFY sip:a@b SIP/2.0', 'Content-Length: 99999999999999999999']);
    expect(framed([huge])).toEqual([expect.stringMatching(/^OCS_LIMIT .*body/)]);
    const limits = { ...DEFAULT_SIP_LIMITS, body: 3 };
    expect(framed([sipBytes(['NOTIFY sip:a@b SIP/2.0'], 'abc')], limits)).toHaveLength(1);
    expect(framed([sipBytes(['NOTIFY sip:a@b SIP/2.0'], 'abcd')], limits)).toEqual([
      expect.stringMatching(/^OCS_LIMIT/),
    ]);
  });

  test('ends at a head over the limit, whether it ends or not, at any chunk size', () => {
    const limits = { ...DEFAULT_SIP_LIMITS, headerBlock: EMPTY.length };
    expect(framed([EMPTY], limits)).toEqual([text(EMPTY)]);
    expect(framed(octets(EMPTY), limits)).toEqual([text(EMPTY)]);
    const long = sipRequest('OPTIONS', ['X: 1']);
    const endless = Buffer.alloc(EMPTY.length, 'x');
    for (const bytes of [long, endless]) {
      expect(framed([bytes], limits)).toEqual([expect.stringMatching(/^OCS_LIMIT .*head/)]);
      expect(framed(octets(bytes), limits)).toEqual([expect.stringMatching(/^OCS_LIMIT .*head/)]);
    }
  });

  test('says nothing more after stop, even for messages of the same chunk', () => {
    let count = 0;
    const framer: SipFramer = new SipFramer({
      onMessage: () => {
        count++;
        framer.stop();
      },
      onKeepAlive: () => count++,
      onError: () => count++,
    });
    framer.push(Buffer.concat([EMPTY, EMPTY, Buffer.from('\r\n'), NO_LENGTH]));
    framer.push(EMPTY);
    expect(count).toBe(1);
  });
});

describe('the cost of framing', () => {
  /** CPU milliseconds, so that a busy machine does not matter. */
  function cpuOf(work: () => void): number {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  }

  test('grows with the octets, not with their square, for a large body in small chunks', () => {
    const cost = (size: number): number => {
      const message = sipBytes(['NOTIFY sip:a@b SIP/2.0'], Buffer.alloc(size, 'x'));
      const chunks = Array.from({ length: Math.ceil(message.length / 64) }, (_, i) =>
        message.subarray(i * 64, i * 64 + 64),
      );
      return cpuOf(() => expect(framed(chunks)).toHaveLength(1));
    };
    cost(250_000);
    expect(cost(4_000_000)).toBeLessThan(16 * 4 * Math.max(cost(250_000), 5));
  });

  test('takes a head of 64 kB octet by octet without scanning it again and again', () => {
    const head = Buffer.alloc(DEFAULT_SIP_LIMITS.headerBlock, 'x');
    const chunks = octets(head);
    expect(cpuOf(() => expect(framed(chunks)).toHaveLength(1))).toBeLessThan(1000);
  });
});
