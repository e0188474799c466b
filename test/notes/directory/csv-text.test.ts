import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_CSV_LIMITS, peopleOfCsv } from '../../../src/notes/directory/sources/csv-text.js';
import { BridgeError } from '../../../src/presence/errors.js';

const read = (text: string, limits = DEFAULT_CSV_LIMITS) => peopleOfCsv(Buffer.from(text), 'people.csv', limits);
const plain = (text: string) =>
  read(text).map(({ names, addresses, displayName }) => [names[0] ?? '', addresses[0]?.text ?? '', displayName]);

function messageOf(bytes: Uint8Array | string, limits = DEFAULT_CSV_LIMITS): string {
  try {
    peopleOfCsv(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, 'people.csv', limits);
  } catch (thrown) {
    if (thrown instanceof BridgeError && thrown.code === 'DIRECTORY_CSV') return thrown.message;
    throw thrown;
  }
  return 'no mistake';
}

describe('people of a CSV file', () => {
  test('columns may stand in any order and case, with further ones between them', () => {
    expect(plain('Phone,ADDRESS,Name,DisplayName\n1,sip:ana@contoso.example,Ana Reyes/Contoso,Ana\n')).toEqual([
      ['Ana Reyes/Contoso', 'sip:ana@contoso.example', 'Ana'],
    ]);
  });

  test('German headings and semicolons are understood, with a byte order mark and Windows line ends', () => {
    expect(plain('\ufeffName;Adresse;Anzeigename\r\nJörg Groß/Contoso;joerg@contoso.example;"Groß; Jörg"\r\n')).toEqual(
      [['Jörg Groß/Contoso', 'joerg@contoso.example', 'Groß; Jörg']],
    );
  });

  test('a first row that names the separator is not the heading', () => {
    const [first] = read('sep=;\r\nname;address\r\nA/C;a@b.example\r\n');
    expect(first).toMatchObject({ names: ['A/C'], origin: 'people.csv line 3' });
  });

  test('each entry knows its line, behind empty lines and values of several lines', () => {
    const text = 'name,address,displayName\n\nA/C,a@b.example,"two\nlines"\n\n,b@b.example,B\n,,\nC/C,,\n';
    expect(read(text).map(({ origin }) => origin)).toEqual([
      'people.csv line 3',
      'people.csv line 6',
      'people.csv line 8',
    ]);
  });

  test('a person may lack the name or the address, but not both', () => {
    expect(plain('name,address\nA/C,\n,a@b.example')).toEqual([
      ['A/C', '', ''],
      ['', 'a@b.example', ''],
    ]);
    expect(messageOf('name,address,displayName\n,,Ana')).toBe('people.csv line 2: neither name nor address is given.');
  });

  test('mistakes are told with their line and without what stands there', () => {
    expect(messageOf('name,address\nA/C,a@b.example\nAna,b,c,d\n')).toMatch(/^people\.csv line 3: the row has another/);
    expect(messageOf('name,address\nA/C,"a@b.example"x\n')).toMatch(/^people\.csv line 2: text follows/);
    expect(messageOf('name,address\nA "B" C,x\n')).toMatch(/^people\.csv line 2: a quotation mark stands inside/);
    expect(messageOf('name,address\n"A,x\n')).toMatch(/^people\.csv line \d: a quotation mark that is opened/);
    expect(messageOf(`name,address\n${'x'.repeat(9000)},y\n`)).toMatch(/^people\.csv line 2: the row is too long/);
    expect(messageOf(`name,address\nx,${'y'.repeat(1025)}\n`)).toBe(
      'people.csv line 2: the value in "address" is too long.',
    );
  });

  test('the first row must name the columns, each once', () => {
    expect(messageOf('')).toBe('people.csv line 1: the file is empty; a row that names the columns was expected.');
    expect(messageOf('Ana Reyes/Contoso,ana@contoso.example\n')).toMatch(/the column "name" is missing/);
    expect(messageOf('name,display name\nA,B\n')).toMatch(/the column "address" is missing/);
    expect(messageOf('name,address,Adresse\n')).toMatch(/the column "address" is there twice/);
  });

  test('other encodings than UTF-8 are refused at their line', () => {
    const latin = Buffer.concat([Buffer.from('name,address\nA/C,a@b.example\n'), Buffer.from('Jörg/C,x\n', 'latin1')]);
    expect(messageOf(latin)).toBe('people.csv line 3: it is not UTF-8 text; save the file as "CSV UTF-8".');
    expect(messageOf(Buffer.from('name,address\n', 'utf16le'))).toMatch(/line 1: it is not UTF-8/);
    expect(messageOf(Buffer.from('\ufeffname,address\n', 'utf16le'))).toMatch(/line 1: it is not UTF-8/);
  });

  test('size and number of rows are limited', () => {
    const rows = (count: number) => `name,address\n${'A/C,a@b.example\n'.repeat(count)}`;
    const limits = { ...DEFAULT_CSV_LIMITS, rows: 3 };
    expect(read(rows(3), limits)).toHaveLength(3);
    expect(messageOf(rows(4), limits)).toBe('people.csv line 5: more than 3 rows.');
    expect(messageOf(rows(3), { ...DEFAULT_CSV_LIMITS, bytes: 20 })).toBe('people.csv: it is larger than 20 bytes.');
  });

  test('any values come back that were written by the rules, whichever separator', () => {
    const value = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => `x${text.replaceAll('\0', '')}x`.trim());
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value)), fc.constantFrom(',', ';'), (rows, separator) => {
        const lines = [['name', 'address', 'displayName'], ...rows.map((row) => row.map(quoted))];
        expect(plain(lines.map((line) => line.join(separator)).join('\r\n'))).toEqual(rows);
      }),
    );
  });

  test('any bytes give people or a mistake with a code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const header = Buffer.from('name,address\n');
        expect(messageOf(Buffer.concat([header, bytes]))).toBeTypeOf('string');
        expect(messageOf(bytes)).toMatch(/^people\.csv/);
      }),
    );
  });
});
