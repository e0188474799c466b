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

  test.each(['=1+1', '+49 30 1', '-2', '@SUM(A1)', '\tx', '\rx', '\n=x', ' =x', '\uff1dcmd'])(
    'a spreadsheet takes %j for a text',
    (cell) => {
      expect(read(csv(['a'], [[cell]]))).toEqual([['a'], [`'${cell}`]]);
    },
  );

  test('a negative number stays a number, and what is missing an empty cell', () => {
    expect(csv(['a', 'b'], [[-2, undefined]])).toBe('\ufeffa,b\r\n-2,\r\n');
  });

  test('any text makes one cell of one row, and never a formula', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.string()), { minLength: 1 }), (rows) => {
        const [, ...back] = read(csv(['a', 'b'], rows));
        expect(back).toHaveLength(rows.length);
        for (const [index, cells] of back.entries()) {
          expect(cells.map((cell) => cell.replace(/^'/, ''))).toEqual(
            rows[index]?.map((cell) => cell.replace(/^'/, '')),
          );
          for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t\r\n]/);
        }
      }),
    );
  });
});
