import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dqlForm, dqlIn, dqlText } from '../../src/notes/dql-text.js';
import { parseQuery } from '../../src/notes/drivers/embedded/dql/parse.js';
import { awkwardText } from '../support/awkward-text.js';

const plain = awkwardText.filter((text) => !/\p{Cc}/u.test(text));

describe('DQL text', () => {
  test('any text is one literal, whatever quotes and words it holds', () => {
    fc.assert(
      fc.property(plain, (text) => {
        expect(parseQuery(`Name = ${dqlText(text)}`)).toMatchObject({ value: { type: 'text', value: text } });
      }),
    );
    expect(dqlText("x' or Form = 'y")).toBe("'x'' or Form = ''y'");
  });

  test('control characters are refused', () => {
    expect(() => dqlText('a\nb')).toThrow(RangeError);
  });

  test('terms are joined with the blanks that Domino asks for', () => {
    const query = dqlForm('Presence', dqlIn('SipKey', ['a', "b'"]));
    expect(query).toBe("Form = 'Presence' and SipKey in ('a', 'b''')");
    expect(parseQuery(query)).toMatchObject({ kind: 'and', right: { kind: 'in', name: 'sipkey' } });
  });
});
