import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type BodyPart,
  MULTIPART_LIMITS,
  type MultipartLimits,
  splitMultipart,
} from '../../../src/ocs/documents/multipart.js';
import { BridgeError } from '../../../src/presence/errors.js';

function partsOf(body: Buffer, boundary: string, limits: Partial<MultipartLimits> = {}): BodyPart[] {
  const steps = splitMultipart(body, boundary, { ...MULTIPART_LIMITS, ...limits });
  return [...steps].filter((part) => part !== undefined);
}

function split(text: string, boundary = 'b', limits: Partial<MultipartLimits> = {}) {
  return partsOf(Buffer.from(text, 'latin1'), boundary, limits).map(({ headers, body }) => ({
    ...Object.fromEntries(headers),
    body: body.toString('latin1'),
  }));
}

function reasonOf(text: string, boundary = 'b', limits: Partial<MultipartLimits> = {}): unknown {
  try {
    split(text, boundary, limits);
  } catch (thrown) {
    return thrown instanceof BridgeError ? thrown.details['reason'] : thrown;
  }
  return 'accepted';
}

describe('a multipart body', () => {
  test('is split into parts with headers and octets', () => {
    const body = '--b\r\nContent-Type: x/y\r\nContent-ID: <1>\r\n\r\none\r\ntwo\r\n--b\r\n\r\nthree\r\n--b--\r\n';
    expect(split(body)).toEqual([
      { 'content-type': 'x/y', 'content-id': '<1>', body: 'one\r\ntwo' },
      { body: 'three' },
    ]);
  });

  test('may have text before and behind its parts', () => {
    expect(split('preamble --b\r\nx\r\n--b\r\n\r\none\r\n--b--\r\nepilogue\r\n--b\r\n\r\nno\r\n')).toEqual([
      { body: 'one' },
    ]);
  });

  test('may have an empty line before its first part, as OCS sends it', () => {
    expect(split('\r\n--b\r\n\r\none\r\n--b--')).toEqual([{ body: 'one' }]);
  });

  test('may end in the middle', () => {
    expect(split('--b\r\n\r\none\r\n--b\r\n\r\ntw')).toEqual([{ body: 'one' }, { body: 'tw' }]);
    expect(split('--b')).toEqual([{ body: '' }]);
  });

  test('may have bare line feeds and blanks behind the delimiter', () => {
    expect(split('--b \t\nA: 1\n\none\n--b--  ')).toEqual([{ a: '1', body: 'one' }]);
  });

  test('may have parts without content', () => {
    expect(split('--b\r\nA: 1\r\n\r\n\r\n--b\r\nB: 2\r\n\r\n--b--')).toEqual([
      { a: '1', body: '' },
      { b: '2', body: '' },
    ]);
  });

  test('may lack the empty line between header and content', () => {
    expect(split('--b\r\nContent-Type: x/y\r\n<?xml version="1.0"?>\r\n<a/>\r\n--b--')).toEqual([
      { 'content-type': 'x/y', body: '<?xml version="1.0"?>\r\n<a/>' },
    ]);
  });

  test('unfolds header lines and keeps the first of two', () => {
    expect(split('--b\r\nA: one\r\n\ttwo\r\nA: three\r\n\r\n\r\n--b--')).toEqual([{ a: 'one two', body: '' }]);
  });

  test('knows a delimiter from a longer one and from one inside a line', () => {
    expect(split('--b\r\n\r\n--bc\r\nx --b\r\n--b-\r\n--b--')).toEqual([{ body: '--bc\r\nx --b\r\n--b-' }]);
  });

  test('without its boundary is refused', () => {
    expect(reasonOf('nothing')).toBe('boundary');
    expect(reasonOf('')).toBe('boundary');
    expect(reasonOf('--b\r\n', '')).toBe('boundary');
    expect(reasonOf('--b\r\n', 'b'.repeat(201))).toBe('boundary');
  });

  test('with too many parts, or too long a header, is refused', () => {
    expect(reasonOf('--b\r\n\r\n1\r\n'.repeat(4), 'b', { parts: 3 })).toBe('parts');
    expect(reasonOf(`--b\r\nA: ${'x'.repeat(100)}\r\n\r\n1\r\n--b--`, 'b', { headerBytes: 50 })).toBe('part-header');
    expect(reasonOf(`--b\r\n${'A: x\r\n'.repeat(100)}\r\n1\r\n--b--`, 'b', { headerBytes: 50 })).toBe('part-header');
  });

  test('gives back any content that does not hold the delimiter', () => {
    const content = fc.uint8Array({ maxLength: 40 }).filter((octets) => !Buffer.from(octets).includes('--bound'));
    fc.assert(
      fc.property(fc.array(content, { minLength: 1, maxLength: 5 }), (contents) => {
        const written = contents.flatMap((octets) => [
          Buffer.from('--bound\r\n\r\n'),
          Buffer.from(octets),
          Buffer.from('\r\n'),
        ]);
        const parts = partsOf(Buffer.concat([...written, Buffer.from('--bound--\r\n')]), 'bound');
        expect(parts.map(({ body }) => [...body])).toEqual(contents.map((octets) => [...octets]));
      }),
    );
  });

  test('of any octets either splits or is refused', () => {
    const text = fc.array(fc.constantFrom('--b', '--b--', '\r\n', '\n', '\r', 'A: 1', ' ', 'x', '\u0000'), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(text, (pieces) => {
        expect(['accepted', 'boundary', 'part-header', 'parts']).toContain(reasonOf(pieces.join('')));
      }),
    );
  });
});
