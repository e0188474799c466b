import type { BridgeConfig } from '../bridge/config/config.js';
import type { DirectoryReport, MappingOutcome, SourceReport } from '../presence/directory.js';
import { BridgeError, ERROR_CODES, type ErrorCode } from '../presence/errors.js';
import { withDirectory } from './directory-access.js';
import { summaryOf } from './directory-table.js';
import type { Finding } from './finding.js';

const SEE_REPORT = 'See who they are with "presence-bridge directory report".';

/** Reads every source of the directory, and tells how many people get an address. */
export async function checkDirectory(config: BridgeConfig): Promise<readonly Finding[]> {
  const report = await withDirectory(config, async (directory) => directory.report());
  return [...report.sources.map(sourceFinding), peopleFinding(report)];
}

function sourceFinding({ source, entries, error }: SourceReport): Finding {
  const name = 'Directory source';
  const count = `${entries} ${entries === 1 ? 'entry' : 'entries'}`;
  if (error === undefined) return { name, outcome: 'pass', detail: `${source}: ${count}` };
  const code = (Object.hasOwn(ERROR_CODES, error.code) ? error.code : 'DIRECTORY_SOURCE') as ErrorCode;
  return { name, outcome: 'fail', detail: source, error: new BridgeError(code, `${source}: ${error.message}`) };
}

function peopleFinding({ rows }: DirectoryReport): Finding {
  const name = 'People';
  const { counts, watched } = summaryOf(rows);
  const open = (['unmapped', 'ambiguous', 'double'] as const satisfies readonly MappingOutcome[])
    .filter((outcome) => counts[outcome] > 0)
    .map((outcome) => `${counts[outcome]} ${outcome}`);
  const detail = [`${watched} watched`, ...open].join(', ');
  const isGood = open.length === 0 && watched > 0;
  return isGood ? { name, outcome: 'pass', detail } : { name, outcome: 'warn', detail, next: SEE_REPORT };
}
