import { CsvError, parse } from 'csv-parse/sync';
import { BridgeError } from '../../../presence/errors.js';
import type { DirectoryEntry } from '../entry.js';

export interface CsvLimits {
  readonly bytes: number;
  /** Rows besides the header. */
  readonly rows: number;
  /** Characters of one row. */
  readonly rowLength: number;
}

export const DEFAULT_CSV_LIMITS: CsvLimits = { bytes: 16 * 1024 * 1024, rows: 100_000, rowLength: 8_192 };

/** Headings by what they mean, in lower case. */
const COLUMNS: Readonly<Record<string, Column>> = {
  name: 'name',
  address: 'address',
  adresse: 'address',
  displayname: 'displayName',
  'display name': 'displayName',
  anzeigename: 'displayName',
};

type Column = 'name' | 'address' | 'displayName';

/** A value has at most so many characters; the longest address has 450. */
const MAX_VALUE = 1024;

/**
 * People of a CSV file (RFC 4180): UTF-8, separated by `,` or `;`, a first row that names the columns `name`, `address`
 * and `displayName` in any order. Further columns are passed over. `file` is the name that people know it by. Throws
 * `DIRECTORY_CSV` with the line of the first mistake; messages never hold what stands in the file, since that is people.
 */
export function peopleOfCsv(bytes: Uint8Array, file: string, limits = DEFAULT_CSV_LIMITS): readonly DirectoryEntry[] {
  const text = decoded(bytes, file, limits);
  const delimiter = separatorOf(text);
  let columns: ReadonlyMap<number, Column> | undefined;
  const people: DirectoryEntry[] = [];
  let before = { lines: 0, empty_lines: 0 };
  for (const { record, info } of rowsOf(withoutSeparatorRow(text), delimiter, file, limits)) {
    const line = before.lines + 1 + info.empty_lines - before.empty_lines;
    before = info;
    if (columns === undefined) columns = columnsOf(record, line, file);
    else if (record.some((value) => value.trim() !== '')) people.push(entryOf(record, columns, line, file));
  }
  if (columns === undefined) throw mistake(file, 1, 'the file is empty; a row that names the columns was expected');
  return people;
}

function decoded(bytes: Uint8Array, file: string, limits: CsvLimits): string {
  if (bytes.byteLength > limits.bytes) {
    throw mistake(file, undefined, `it is larger than ${limits.bytes} bytes`);
  }
  try {
    // The mark at the beginning, if there is one, does not become part of the first heading.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const nul = text.indexOf('\0');
    if (nul < 0) return text;
    throw mistake(file, lineAt(text, nul), 'it is not UTF-8 text; save the file as "CSV UTF-8"');
  } catch (thrown) {
    if (thrown instanceof BridgeError) throw thrown;
    throw mistake(file, lineOfBadBytes(bytes), 'it is not UTF-8 text; save the file as "CSV UTF-8"');
  }
}

/** The first line that does not decode. Where a character is cut in two by a line's end, neither half decodes. */
function lineOfBadBytes(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const found = bytes.indexOf(0x0a, start);
    const end = found < 0 ? bytes.length : found;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end + 1;
  }
  return line;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** COMPAT(Excel): it takes a first row `sep=;` as the name of the separator, and people put one in for it. */
const SEPARATOR_ROW = /^sep=([,;])\r?(?=\n|$)/i;

/** The row goes and its line end stays, so that the numbers of lines do not change. */
function withoutSeparatorRow(text: string): string {
  return text.replace(SEPARATOR_ROW, '');
}

/** Whichever of the two stands oftener in the first row, outside of quotes. */
function separatorOf(text: string): ',' | ';' {
  const named = SEPARATOR_ROW.exec(text)?.[1];
  if (named !== undefined) return named === ';' ? ';' : ',';
  const [first = ''] = /^\s*[^\r\n]*/.exec(text) ?? [];
  const bare = first.replace(/"[^"]*"/g, '');
  return bare.split(';').length > bare.split(',').length ? ';' : ',';
}

interface Row {
  readonly record: readonly string[];
  /** `lines`: number of the row's last line. `empty_lines`: how many there were until then. */
  readonly info: { readonly lines: number; readonly empty_lines: number };
}

function rowsOf(text: string, delimiter: string, file: string, limits: CsvLimits): readonly Row[] {
  try {
    const rows: readonly unknown[] = parse(text, {
      delimiter,
      info: true,
      skip_empty_lines: true,
      max_record_size: limits.rowLength,
      // One row beyond the limit shows that there are too many.
      to: limits.rows + 2,
      record_delimiter: ['\r\n', '\n', '\r'],
    });
    if (rows.length > limits.rows + 1) {
      throw mistake(file, (rows as Row[]).at(-1)?.info.lines, `more than ${limits.rows} rows`);
    }
    return rows as Row[];
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    const { lines } = thrown as { readonly lines?: unknown };
    throw mistake(file, typeof lines === 'number' ? lines : undefined, WORDS[thrown.code] ?? 'the row cannot be read');
  }
}

/** The parser's own messages quote what stands in the file. */
const WORDS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quotation mark that is opened here or above is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'text follows a closing quotation mark; double the marks inside quotes',
  INVALID_OPENING_QUOTE: 'a quotation mark stands inside a value; put the whole value in quotes and double it',
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: 'the row has another number of columns than the first one',
  CSV_RECORD_INCONSISTENT_COLUMNS: 'the row has another number of columns than the first one',
  CSV_MAX_RECORD_SIZE: 'the row is too long',
};

function columnsOf(headings: readonly string[], line: number, file: string): ReadonlyMap<number, Column> {
  const columns = new Map<number, Column>();
  headings.forEach((heading, index) => {
    const column = COLUMNS[heading.trim().replace(/\s+/g, ' ').toLowerCase()];
    if (column === undefined) return;
    if ([...columns.values()].includes(column)) throw mistake(file, line, `the column "${column}" is there twice`);
    columns.set(index, column);
  });
  for (const column of ['name', 'address'] as const) {
    if ([...columns.values()].includes(column)) continue;
    throw mistake(file, line, `the column "${column}" is missing; the first row must name the columns`);
  }
  return columns;
}

function entryOf(
  values: readonly string[],
  columns: ReadonlyMap<number, Column>,
  line: number,
  file: string,
): DirectoryEntry {
  const row = { name: '', address: '', displayName: '' };
  for (const [index, column] of columns) {
    const value = values[index]?.trim() ?? '';
    if (value.length > MAX_VALUE) throw mistake(file, line, `the value in "${column}" is too long`);
    row[column] = value;
  }
  if (row.name === '' && row.address === '') throw mistake(file, line, 'neither name nor address is given');
  return {
    origin: `${file} line ${line}`,
    names: row.name === '' ? [] : [row.name],
    addresses: row.address === '' ? [] : [{ rule: 'csv', text: row.address }],
    displayName: row.displayName,
  };
}

function mistake(file: string, line: number | undefined, what: string): BridgeError {
  const place = line === undefined ? file : `${file} line ${line}`;
  const details = line === undefined ? { file } : { file, line };
  return new BridgeError('DIRECTORY_CSV', `${place}: ${what}.`, { details });
}
