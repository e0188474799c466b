import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Measurement, Task } from './child.js';
import { openMessages } from './messages.js';
import { writeSection } from './page.js';
import { PIPELINES, runsAlone } from './pipeline.js';
import { document } from './report.js';
import { comparisonLines, type Goal, goalLines, goalsOf, type Row, tableOf } from './results.js';
import { openWorkspace, type Workspace } from './workspace.js';

/** The packages that are measured against. */
const PEERS = ['drachtio-srf', 'sip', 'sip.js', 'saxes', 'fast-xml-parser', 'node-cache'] as const;
const CHILD_LIMIT_MS = 300_000;

function measured(task: Task): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), [], {
      execArgv: ['--expose-gc', '--max-old-space-size=6000', '--import', 'tsx'],
      timeout: CHILD_LIMIT_MS,
    });
    child.once('message', (measurement) => resolve(measurement as Measurement));
    child.once('exit', (code) => reject(new Error(`${task.pipeline} at ${task.contacts}: exit ${code}`)));
    child.send(task);
  });
}

async function runAll({ folders }: Workspace, rounds: number, contacts: readonly number[]): Promise<Row[]> {
  const entries = PIPELINES.filter((entry) => folders.peers !== undefined || runsAlone(entry));
  const rows = contacts.flatMap((count) =>
    entries.filter((entry) => count <= entry.maxContacts).map((entry): Row => ({ entry, contacts: count, rounds: [] })),
  );
  for (let round = 0; round < rounds; round++) {
    console.error(`round ${round + 1} of ${rounds}`);
    for (let turn = 0; turn < rows.length; turn++) {
      const row = rows[(turn + round) % rows.length];
      if (row === undefined) continue;
      row.rounds.push(await measured({ pipeline: row.entry.name, contacts: row.contacts, folders }));
    }
  }
  return rows;
}

/** A pipeline that stores something else is not worth timing. */
function assertSameStatuses(rows: readonly Row[]): void {
  const expected = rows[0]?.rounds[0]?.statuses;
  for (const { entry, rounds } of rows) {
    if (rounds.some(({ statuses }) => statuses !== expected)) throw new Error(`${entry.name} stores other statuses`);
  }
}

export interface IngestOptions {
  readonly rounds: number;
  /** Numbers of people. */
  readonly contacts: readonly number[];
  readonly write: boolean;
  readonly check: boolean;
}

/** Measures the way from the octets of a message to a stored record, beside bounds and peers. */
export async function runIngest({ rounds, contacts, write, check }: IngestOptions): Promise<void> {
  const workspace = openWorkspace(PEERS);
  try {
    if (workspace.withoutPeers !== undefined) console.error(`running without peers: ${workspace.withoutPeers}`);
    const messageLength = (await openMessages(workspace.folders.peers)).averageLength;
    const rows = await runAll(workspace, rounds, contacts);
    assertSameStatuses(rows);
    const goals: readonly Goal[] = goalsOf(rows);
    console.log([...tableOf(rows), '', ...goalLines(goals), ...comparisonLines(rows)].join('\n'));
    if (write) writeSection('ingest', document(rows, goals, { rounds, messageLength, workspace }));
    if (check && goals.some(({ met }) => !met)) process.exitCode = 1;
  } finally {
    workspace.remove();
  }
}
