import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { machine, peersLine } from '../machine.js';
import { type SectionName, writeSection } from '../page.js';
import { openWorkspace, type Workspace } from '../workspace.js';
import type { PairedTask } from './child.js';
import type { TableResult } from './measure.js';
import { judge, tableLines } from './results.js';
import type { Suite } from './suite.js';

export interface RunOptions {
  readonly rounds: number;
  /** Milliseconds for each candidate and round. */
  readonly ms: number;
  readonly write: boolean;
  readonly check: boolean;
}

const CHILD_LIMIT_MS = 900_000;

/** Measures a suite, prints its tables and goals. */
export async function runSuite(suite: Suite, options: RunOptions): Promise<void> {
  const workspace = openWorkspace(suite.peers);
  try {
    if (workspace.withoutPeers !== undefined) console.error(`running without peers: ${workspace.withoutPeers}`);
    const { folders } = workspace;
    const tables = await measured({ suite: suite.name, folders, rounds: options.rounds, ms: options.ms });
    const text = sectionOf(suite, tables, options, workspace);
    console.log(text);
    if (options.write) writeSection(suite.name as SectionName, text);
    const missed = tables.flatMap(judge).some(({ met, kind }) => kind === 'floor' && !met);
    if (options.check && missed) process.exitCode = 1;
  } finally {
    workspace.remove();
  }
}

function measured(task: PairedTask): Promise<readonly TableResult[]> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), [], {
      execArgv: ['--expose-gc', '--max-old-space-size=4000', '--import', 'tsx'],
      timeout: CHILD_LIMIT_MS,
    });
    child.once('message', (tables) => resolve(tables as TableResult[]));
    child.once('exit', (code) => reject(new Error(`${task.suite}: exit ${code}`)));
    child.send(task);
  });
}

function sectionOf(suite: Suite, tables: readonly TableResult[], options: RunOptions, workspace: Workspace): string {
  const parts = tables.flatMap((table) => [`### ${table.title}`, '', ...tableLines(table), '']);
  const goals = tables.flatMap(judge).map(({ text }) => `- ${text}`);
  return `## ${suite.title}

${suite.intro.trim()}

Machine: ${machine()}
Rounds: ${options.rounds}, ${options.ms} ms for each candidate and round, in rotating order in one process.
${peersLine(workspace)}

${parts.join('\n')}
### Goals of ${suite.name}

${goals.join('\n')}

Figures are \`median [lowest..highest]\` over the rounds; a ratio is taken within a round. CPU time is that of the whole
process, garbage collection included. Before anything is timed, every candidate has given the expected answer.
`;
}
