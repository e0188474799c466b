import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseContentType } from '../../../src/ocs/documents/content-type.js';

const parse = (value: string) => {
  const { type, parameters } = parseContentType(value);
  return [type, Object.fromEntries(parameters)];
};

describe('a content type', () => {
  test.each<[string, string, Record<string, string>]>([
    ['application/rlmi+xml', 'application/rlmi+xml', {}],
    [' Application/RLMI+XML ', 'application/rlmi+xml', {}],
    ['text/plain; charset=UTF-8', 'text/plain', { charset: 'UTF-8' }],
    ['text/plain ;\r\n\tCharset = "utf-8" ; x=', 'text/plain', { charset: 'utf-8', x: '' }],
    [
      'multipart/related;type="application/rlmi+xml";start=resourceList;boundary=tRnS9f0aKq7LbMw2',
      'multipart/related',
      { type: 'application/rlmi+xml', start: 'resourceList', boundary: 'tRnS9f0aKq7LbMw2' },
    ],
    ['multipart/related;boundary="a;b\\"c\\\\";type=x/y', 'multipart/related', { boundary: 'a;b"c\\', type: 'x/y' }],
    ['a/b;;c=1;c=2;', 'a/b', { c: '1' }],
    ['a/b;c="unclosed', 'a/b', { c: '' }],
    ['a/b;c', 'a/b', {}],
    ['', '', {}],
    ['nonsense', '', {}],
  ])('%j is taken apart', (value, type, parameters) => {
    expect(parse(value)).toEqual([type, parameters]);
  });

  test('of any text is read without error', () => {
    const text = fc
      .array(fc.constantFrom('a/b', ';', '=', '"', '\\', ' ', 'x', '\r\n', '\u00e9'))
      .map((parts) => parts.join(''));
    fc.assert(fc.property(text, (value) => parseContentType(value).parameters.size >= 0));
  });
});
