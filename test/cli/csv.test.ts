import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csv } from '../../src/cli/csv.js';

const read = (text: string): string[][] => parse(text, { bom: true, relax_column_count: true });

describe('csv', () => {
  test('is read back by an independent reader as it was written', () => {
    const rows = [
      ['Grüße', 'a,b', 'say "x"'],
      ['line\r\nbreak', ' blanks ', ''],
    ];
    expect(read(csv(['one', 'two;', 'three'], rows))).toEqual([['one', 'two;', 'three'], ...rows]);
  });

  test.each(['=1+1', '+49 30 1', '-2', '@SUM(A1)', '\tx', '\rx', ' =x', '\uff1dcmd'])(
    'a spreadsheet takes %j for a text',
    (cell) => {
      expect(read(csv(['a'], [[cell]]))).toEqual([['a'], [`'${cell}`]]);
    },
  );

  test('a negative number stays a number, and what is missing an empty cell', () => {
    expect(csv(['a', 'b'], [[-2, undefined]])).toBe('\ufeffa,b\r\n-2,\r\n');
  });

  test.each(['a;=1+1', 'a; =1+1', 'a\n=1+1', 'a;\r\n-1', 'a";@x'])(
    'a spreadsheet that splits at semicolons finds no formula in %j',
    (cell) => {
      // Quotes count at the beginning of a cell alone, which is `x,"a` for such a reader.
      for (const part of csv(['a', 'b'], [['x', cell]]).split(/[;\r\n]+/)) expect(part).not.toMatch(/^"?\s*[=+\-@]/);
    },
  );

  test('nothing in a cell steers a terminal', () => {
    expect(csv(['a'], [['\u001b]0;owned\u0007\u009b2J\u202eevil']])).toBe('\ufeffa\r\n"]0;owned2Jevil"\r\n');
  });

  test('any text makes one cell of one row, and never a formula', () => {
    // What the apostrophes leave, and what is there of a text.
    const bare = (text: string): string =>
      text.replace(/[^\t\n\r -~\xa0-\u0600\u0700-\u1fff\u3000-\u{10ffff}]|'/gu, '');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.string()), { minLength: 1 }), (rows) => {
        const [, ...back] = read(csv(['a', 'b'], rows));
        expect(back).toHaveLength(rows.length);
        for (const [index, cells] of back.entries()) {
          expect(cells.map(bare)).toEqual(rows[index]?.map(bare));
          for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t\r\n]/);
        }
      }),
    );
  });
});
