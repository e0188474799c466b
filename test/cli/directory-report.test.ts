import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reportText, summaryOf } from '../../src/cli/directory-table.js';
import type { DirectoryRow } from '../../src/presence/directory.js';
import { command } from '../support/command-line.js';
import { notesName, sip } from '../support/people.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'directory-report-'));
  writeFileSync(join(folder, 'password'), 'secret', { mode: 0o600 });
  writeFileSync(
    join(folder, 'bridge.yaml'),
    `ocs: { account: "sip:bridge@contoso.example", user: bridge, passwordFile: password, server: { host: 127.0.0.1, port: 5061 } }
domino: { driver: embedded, folder: store }
directory:
  csvFile: people.csv
  optOut: { people: [Dan Wu/Contoso, Nobody/Contoso] }
people:
  - { address: "sip:ana@contoso.example", name: Ana Reyes/Sales/Contoso }
`,
  );
  writeFileSync(
    join(folder, 'people.csv'),
    `name,address,displayName
Ben Okoro/Contoso,ben@contoso.example,
Cem Aydin/Contoso,cem@contoso.example,
Cem Aydin/Contoso,c.aydin@contoso.example,
Dan Wu/Contoso,dan@contoso.example,
Zoë Lindström/Contoso,ana@contoso.example,
,desk@contoso.example,"=HYPERLINK(""http://x.example"")"
`,
  );
});

afterEach(() => rmSync(folder, { recursive: true }));

const report = (...options: readonly string[]) =>
  command('directory', 'report', '--config', join(folder, 'bridge.yaml'), ...options);

describe('directory report', () => {
  test('begins with the counts and lists everybody with the rule that decided', async () => {
    const { code, out, err } = await report();
    expect([code, err]).toEqual([0, '']);
    expect(
      out
        .replace(/\d+s ago/g, 'now')
        .replace(/ {2,}/g, '  ')
        .replace(/-{2,}/g, '--'),
    ).toBe(
      `6 people: 3 mapped (60.0 %), 3 of them watched
0 unmapped, 1 ambiguous, 1 double, 1 opted-out

source  entries  read
--  --  --
configuration  1
presence database  0  now
people.csv  6  now

Opt-out: no source names "Nobody/Contoso".

outcome  name  rule  address or reason
--  --  --  --
mapped  Ana Reyes/Sales/Contoso  people  ana@contoso.example
mapped  Ben Okoro/Contoso  csv  ben@contoso.example
ambiguous  Cem Aydin/Contoso  csv  The CSV file gives 2 addresses (c.aydin@contoso.example, cem@contoso.example); a mapping document can decide.
opted-out  Dan Wu/Contoso  csv  Opted out as "Dan Wu/Contoso" (configuration).
double  Zoë Lindström/Contoso  csv  ana@contoso.example belongs to Ana Reyes/Sales/Contoso by the rule "people".
mapped  =HYPERLINK("http://x.example")  csv  desk@contoso.example
`,
    );
  });

  test('lists only one outcome when asked, with the counts of all', async () => {
    const { out } = await report('--outcome', 'double');
    expect(out).toContain('6 people: 3 mapped');
    expect(out.match(/^(mapped|double|ambiguous|opted-out) .*$/gm)).toHaveLength(1);
  });

  test('is a CSV that a spreadsheet opens with its umlauts and without its formulas', async () => {
    const { code, out } = await report('--csv');
    const lines = out.split('\r\n');
    expect(code).toBe(0);
    expect(lines[0]).toBe('\ufeffOutcome,Name,Other names,Display name,Address,Rule,Watched,Reason,Candidates');
    expect(lines).toHaveLength(8);
    expect(lines[5]).toMatch(/^double,CN=Zoë Lindström\/O=Contoso,,,,csv,no,/);
    // Who opted out is told of, but is in no list of addresses that goes around.
    expect(lines.filter((line) => line.startsWith('opted-out,'))).toEqual([expect.stringMatching(/,no,[^,]*,$/)]);
    expect(lines[6]).toMatch(/^mapped,,,"'=HYPERLINK\(""http:\/\/x\.example""\)",sip:desk@contoso\.example,csv,yes,/);
  });

  test('is whole as JSON', async () => {
    const { out } = await report('--json', '--outcome', 'ambiguous');
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      summary: {
        people: 6,
        watched: 3,
        mappingRate: 0.6,
        counts: { mapped: 3, unmapped: 0, ambiguous: 1, double: 1, 'opted-out': 1 },
      },
      sources: [{ source: 'configuration' }, { source: 'presence database' }, { source: 'people.csv', entries: 6 }],
      remarks: ['Opt-out: no source names "Nobody/Contoso".'],
      rows: [
        {
          name: 'CN=Cem Aydin/O=Contoso',
          outcome: 'ambiguous',
          rule: 'csv',
          candidates: [
            { address: 'sip:c.aydin@contoso.example', rule: 'csv', origin: 'people.csv line 4' },
            { address: 'sip:cem@contoso.example', rule: 'csv', origin: 'people.csv line 3' },
          ],
          watched: false,
        },
      ],
    });
  });

  test('goes to a file that only the account may read', async () => {
    const file = join(folder, 'out', 'people.csv');
    const { code, out, err } = await report('--csv', '--out', file);
    expect([code, out]).toEqual([0, '']);
    expect(err).toMatch(/^6 people: 3 mapped[\s\S]*Wrote 6 people to .*people\.csv\.\n$/);
    expect(readFileSync(file, 'utf8')).toContain('Ben Okoro');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('shows what the other sources say when one cannot be read, and ends with 69', async () => {
    rmSync(join(folder, 'people.csv'));
    const { code, out, err } = await report();
    expect(code).toBe(69);
    expect(out).toContain('1 person: 1 mapped (100.0 %)');
    expect(out).toMatch(/^people\.csv +0 +never +DIRECTORY_/m);
    expect(err).toMatch(/^DIRECTORY_\w+: people\.csv: /);
    expect(JSON.parse((await report('--json')).out)).toMatchObject({ ok: false });
  });

  test('writes nothing: the store is not even made', async () => {
    await report();
    expect(() => statSync(join(folder, 'store'))).toThrow();
  });

  test('refuses an outcome that does not exist', async () => {
    expect((await report('--outcome', 'maped')).code).toBe(64);
  });
});

describe('the table', () => {
  const row = (name: string, change: Partial<DirectoryRow> = {}): DirectoryRow => ({
    name: notesName(name),
    otherNames: [],
    displayName: '',
    outcome: 'mapped',
    address: sip('ana@contoso.example'),
    rule: 'mapping',
    candidates: [],
    reason: 'A mapping document gives the address.',
    watched: true,
    ...change,
  });
  const lines = (rows: readonly DirectoryRow[], columns: number, terminal = true): readonly string[] =>
    stripVTControlCharacters(reportText({ terminal, columns }, { rows, sources: [] }, rows, 0)).split('\n');
  const long = row(`${'Maximiliane '.repeat(8)}/Contoso`, {
    outcome: 'double',
    address: undefined,
    reason: 'x'.repeat(90),
  });

  test('keeps each person on one line of the terminal, and says that lines were cut', () => {
    for (const columns of [60, 80, 120]) {
      const shown = lines([row('Ana/Contoso'), long], columns).filter((line) =>
        /^(mapped|double|outcome|-)/.test(line),
      );
      expect(Math.max(...shown.map((line) => line.length))).toBeLessThanOrEqual(columns);
    }
    expect(lines([long], 80).join('\n')).toContain('Long lines are cut');
    expect(lines([row('Ana/Contoso')], 80).join('\n')).not.toContain('Long lines are cut');
  });

  test('is cut nowhere else', () => {
    expect(lines([long], 80, false).join('\n')).toContain(`${'x'.repeat(90)}\n`);
  });

  test('shows nothing that could move the cursor', () => {
    const rows = [row('Ana/Contoso', { name: undefined, displayName: 'a\u001b[2Jb' })];
    expect(reportText({ terminal: false, columns: 80 }, { rows, sources: [] }, rows, 0)).toContain('  a [2Jb  ');
  });

  test('says of people outside of the groups that they are not watched', () => {
    expect(lines([row('Ana/Contoso', { watched: false })], 80).join('\n')).toContain(
      'ana@contoso.example (not watched)',
    );
  });
});

describe('the counts', () => {
  test('leave out of the percentage who opted out, and round down', () => {
    const rows = [...Array(1999).fill('mapped'), 'unmapped', 'opted-out'].map((outcome) => ({
      outcome,
      watched: false,
    }));
    const summary = summaryOf(rows as unknown as DirectoryRow[]);
    expect(summary.mappingRate).toBe(1999 / 2000);
    const text = reportText({ terminal: false, columns: 80 }, { rows: rows as never, sources: [] }, [], 0);
    expect(text).toContain('2001 people: 1999 mapped (99.9 %)');
  });

  test('of nobody are a sentence', () => {
    expect(reportText({ terminal: false, columns: 80 }, { rows: [], sources: [] }, [], 0)).toContain('Nobody');
  });
});
