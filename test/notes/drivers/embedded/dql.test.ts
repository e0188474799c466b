import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matcherOf } from '../../../../src/notes/drivers/embedded/dql/evaluate.js';
import { parseQuery } from '../../../../src/notes/drivers/embedded/dql/parse.js';
import { storedItems } from '../../../../src/notes/drivers/embedded/stored-document.js';

const CREATED = Date.UTC(2026, 0, 5, 9, 30, 0);

const ITEMS = {
  Form: 'Presence',
  Name: 'Müller',
  Rank: 3,
  Tags: ['red', 'Green'],
  Numbers: [1, 5],
  Since: { type: 'datetime', data: '2026-01-05T10:00:00Z' },
  Day: { type: 'datetime', data: '2026-01-05' },
  Hidden: { type: 'text', data: 'x', nonsummary: true },
  Person: { type: 'text', data: 'CN=Ana/O=Contoso', names: true },
  Quote: "O'Neill",
  Empty: '',
};
const DOCUMENT = { unid: 'A'.repeat(32), created: CREATED, modified: CREATED + 60_000, items: storedItems(ITEMS) };

function matches(query: string, args: readonly unknown[] = []): boolean {
  return matcherOf(parseQuery(query, args))(DOCUMENT);
}

describe('queries that find the document', () => {
  test.each([
    '@all',
    "Form = 'Presence'",
    "form = 'presence'",
    "FORM = 'PRESENCE'",
    "Name = 'muller'",
    "Name = 'MU\u0308LLER'",
    "Quote = 'o''neill'",
    "Empty = ''",
    "Person = 'cn=ana/o=contoso'",
    'Rank = 3',
    'Rank >= 3 and Rank <= 3',
    'Rank > -1.5e0 and Rank < 1e2',
    "Tags = 'green'",
    'Numbers > 4',
    "Name > 'mul' and Name < 'n'",
    'Rank in (1, 2, 3)',
    "Tags in ('blue', 'RED')",
    "Tags in all ('red', 'green')",
    "Since = @dt('2026-01-05T10:00:00Z')",
    "Since = @dt('2026-01-05T11:00:00.000+01:00')",
    "Since > @dt('2026-01-05') and Since < @dt('2026-01-06')",
    "Day = @dt('2026-01-05')",
    "@Created = @dt('2026-01-05T09:30:00.000Z')",
    "@ModifiedInThisFile > @dt('2026-01-05T09:30:00Z')",
    `@DocumentUniqueID = '${'a'.repeat(32)}'`,
    "(Form = 'Presence')",
    "Form = 'x' or Form = 'y' and Rank = 3 or Rank = 3",
    "Form = 'Presence' and not Rank = 4",
    "Form = 'x' or not Rank = 4",
    "Form = 'x' or not Rank = 4 and Rank = 3",
    "Form = 'Presence' and ( Rank = 1 or Rank = 3 )",
    "Form = 'Presence' and not (Rank = 1 or Rank = 2)",
  ])('%s', (query) => {
    expect(matches(query)).toBe(true);
  });
});

describe('queries that find nothing', () => {
  test.each([
    "Form = 'Presenc'",
    "Rank = '3'",
    'Name = 3',
    "Since = '2026-01-05T10:00:00Z'",
    "Missing = ''",
    "Hidden = 'x'",
    "Tags in all ('red', 'blue')",
    'Rank in (1, 2)',
    "Form = 'Presence' and Rank = 4",
    "(Form = 'Presence' or Rank = 3) and Rank = 4",
    "constructor = ''",
    "__proto__ = ''",
  ])('%s', (query) => {
    expect(matches(query)).toBe(false);
  });
});

describe('substitution', () => {
  test('by position and by name', () => {
    expect(matches('Form = ? and Rank = ?', ['presence', 3])).toBe(true);
    expect(
      matches('Form = ?form and Rank in (?a, ?b)', [
        { name: 'b', value: 3 },
        { name: 'form', value: 'Presence' },
        { name: 'a', value: 1 },
      ]),
    ).toBe(true);
    expect(matches('Since = ?', [{ type: 'datetime', data: '2026-01-05T10:00:00Z' }])).toBe(true);
  });

  test('a value can never become part of the query', () => {
    expect(matches('Form = ?', ["x' or Form = 'Presence"])).toBe(false);
  });

  test.each([[[]], [[true]], [[null]], [[{ name: 'other', value: 'x' }]]])(
    'without a usable value is refused',
    (args) => {
      expect(() => matches('Form = ?form', args)).toThrow(expect.objectContaining({ code: 'ERR_BAD_REQUEST' }));
    },
  );
});

describe('queries that cannot be read', () => {
  test.each([
    '',
    ' ',
    'Form',
    'Form =',
    "= 'x'",
    'Form = Presence',
    "Form='x'",
    "Form ='x'",
    "Form= 'x'",
    "Form = 'x",
    'Form = "x"',
    "Form = 'x' Rank = 3",
    "Form = 'x' and",
    "and Form = 'x'",
    "not Form = 'x'",
    "Form != 'x'",
    "Form <> 'x'",
    "(Form = 'x'",
    "Form = 'x')",
    "Form in 'x'",
    'Form in ()',
    "Form in ('x',)",
    "Form contains ('x')",
    "in ('People')",
    "'People'.Name = 'x'",
    "@formula('1')",
    '@Now = 3',
    "Since = @dt('yesterday')",
    'Since = @dt(3)',
    "Since = @dt('2026-01-05'",
    "Form = 'x' ; delete",
  ])('%s', (query) => {
    expect(() => parseQuery(query)).toThrow(
      expect.objectContaining({
        name: 'DominoDbError',
        code: 'ERR_BAD_REQUEST',
        cause: expect.objectContaining({ name: 'ProtonError', code: 3849 }),
      }),
    );
  });

  test('the message repeats the query with a mark under the place', () => {
    const read = () => parseQuery("Form = 'x' and Rank = green");
    expect(read).toThrow(/Form = 'x' and Rank = green\n {22}\^$/);
  });

  test('anything at all is either read or refused, and never hangs', () => {
    const piece = fc.constantFrom(
      'Form',
      '=',
      "'x'",
      "'",
      '(',
      ')',
      'and',
      'or',
      'not',
      'in',
      'all',
      ',',
      '?',
      '3',
      ' ',
      '@dt',
      '@all',
      'é',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        try {
          parseQuery(pieces.join(''), ['x']);
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_BAD_REQUEST' });
        }
      }),
      { numRuns: 500 },
    );
  });

  test('limits hold', () => {
    const limits = { maxLength: 1000, maxDepth: 3, maxTokens: 20 };
    const nested = (depth: number): string => `${'('.repeat(depth)}Rank = 3${')'.repeat(depth)}`;
    expect(() => parseQuery(nested(3), [], limits)).not.toThrow();
    expect(() => parseQuery(nested(4), [], limits)).toThrow('Too many parentheses');
    expect(() => parseQuery(`Rank in (${Array.from({ length: 20 }, () => '1').join(', ')})`, [], limits)).toThrow(
      '20 words',
    );
    expect(() => parseQuery(`Form = '${'x'.repeat(1000)}'`, [], limits)).toThrow('1000 characters');
    expect(() => parseQuery(nested(4000))).toThrow('Too many parentheses');
  });
});
