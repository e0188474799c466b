import { Command, Option } from '@commander-js/extra-typings';
import { loadConfig } from '../../bridge/config/load.js';
import { systemClock } from '../../bridge/runtime/system.js';
import { type DirectoryReport, type DirectoryRow, MAPPING_OUTCOMES } from '../../presence/directory.js';
import { ERROR_CODES } from '../../presence/errors.js';
import { csv } from '../csv.js';
import { withDirectory } from '../directory-access.js';
import { CSV_HEADINGS, csvCells, reportText, summaryLines, summaryOf } from '../directory-table.js';
import type { CliIo } from '../io.js';
import { harmless, json, paint } from '../output.js';
import { Reported } from '../reported.js';
import { writeOutput } from '../write-output.js';

const EXAMPLES = `
Examples:
  $ presence-bridge directory report
  $ presence-bridge directory report --outcome ambiguous
  $ presence-bridge directory report --csv --out people.csv

Reads every source that the configuration names and changes nothing; a bridge may
run meanwhile. mapped: presence can be watched. unmapped: no rule finds an address.
ambiguous: the rule that decides finds several. double: others have the address
too. opted-out: does not want to be shown. The percentage leaves out who opted out.

The CSV is made for spreadsheets: UTF-8 with a byte order mark, and an apostrophe
in front of what would count as a formula. The JSON has every address with its
origin.

Exit code: 0, or 69 when a source could not be read; what others say is shown.
`;

/** What stands there is about people: nobody else shall read the file. */
const OWNER_ONLY = 0o600;

export function directoryCommand(io: CliIo) {
  return new Command('directory').description('Show how names become SIP addresses.').addCommand(reportCommand(io));
}

function reportCommand(io: CliIo) {
  return new Command('report')
    .description('List everybody any source names, with the address and the rule that decided.')
    .addOption(new Option('--outcome <outcome>', 'only people with this outcome').choices(MAPPING_OUTCOMES))
    .addOption(new Option('--csv', 'print the list as CSV').conflicts('json'))
    .option('--json', 'print the report as JSON')
    .option('--out <file>', 'write to a file, which only this account may read')
    .option('--config <file>', 'configuration', 'bridge.yaml')
    .addHelpText('after', EXAMPLES)
    .action(async ({ outcome, out, ...format }) => {
      const config = loadConfig(format.config);
      const report = await withDirectory(config, async (directory) => directory.report());
      const rows = report.rows.filter((row) => outcome === undefined || row.outcome === outcome);
      const text = textOf(out === undefined ? io : { ...io, terminal: false }, format, report, rows);
      if (out === undefined) io.out(text);
      else {
        writeOutput(out, text, { mode: OWNER_ONLY });
        for (const line of summaryLines(summaryOf(report.rows))) io.err(`${line}\n`);
        io.err(`Wrote ${rows.length} ${rows.length === 1 ? 'person' : 'people'} to ${out}.\n`);
      }
      const failed = report.sources.filter(({ error }) => error !== undefined);
      if (failed.length === 0) return;
      for (const { source, error } of failed) {
        io.err(`${paint(io, 'red', error?.code ?? '')}: ${source}: ${harmless(error?.message ?? '')}\n`);
      }
      throw new Reported(ERROR_CODES.DIRECTORY_SOURCE.exit);
    });
}

interface Format {
  readonly csv?: true;
  readonly json?: true;
}

function textOf(io: CliIo, format: Format, report: DirectoryReport, rows: readonly DirectoryRow[]): string {
  const now = systemClock.now();
  if (format.csv) return csv(CSV_HEADINGS, rows.map(csvCells));
  if (!format.json) return reportText(io, report, rows, now);
  const { sources, remarks = [] } = report;
  const ok = sources.every(({ error }) => error === undefined);
  return json({ ok, readAt: now, summary: summaryOf(report.rows), sources, remarks, rows });
}
