import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Measurement, Task } from './child.js';
import { openMessages } from './messages.js';
import { PIPELINES, runsAlone } from './pipeline.js';
import { document } from './report.js';
import { comparisonLines, type Goal, goalLines, goalsOf, type Row, tableOf } from './results.js';
import { openWorkspace, type Workspace } from './workspace.js';

const HELP = `Measures the way from the octets of a message to a stored record, beside bounds and peers.

  npm run bench -- [--rounds 5] [--contacts 1000,10000] [--write] [--check]

  --rounds    how often each pipeline runs; at least 5 for figures that are kept
  --contacts  numbers of people, separated by commas
  --write     writes docs/reference/performance.md
  --check     ends with exit code 1 when a goal is missed

Compiles the product into a temporary folder and installs the peers there from the package registry. Takes some minutes.
`;

const RESULT_FILE = 'docs/reference/performance.md';
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

function readArguments() {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      contacts: { type: 'string', default: '1000,10000' },
      write: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  const contacts = values.contacts.split(',').map(Number);
  if (![rounds, ...contacts].every((count) => Number.isInteger(count) && count > 0)) {
    throw new Error('--rounds and --contacts take whole numbers above 0');
  }
  return { ...values, rounds, contacts };
}

async function main(): Promise<void> {
  const { rounds, contacts, write, check, help } = readArguments();
  if (help) {
    console.log(HELP);
    return;
  }
  const workspace = openWorkspace();
  try {
    if (workspace.withoutPeers !== undefined) console.error(`running without peers: ${workspace.withoutPeers}`);
    const messageLength = (await openMessages(workspace.folders.peers)).averageLength;
    const rows = await runAll(workspace, rounds, contacts);
    assertSameStatuses(rows);
    const goals: readonly Goal[] = goalsOf(rows);
    console.log([...tableOf(rows), '', ...goalLines(goals), ...comparisonLines(rows)].join('\n'));
    if (write) writeFileSync(RESULT_FILE, document(rows, goals, { rounds, messageLength, workspace }));
    if (check && goals.some(({ met }) => !met)) process.exitCode = 1;
  } finally {
    workspace.remove();
  }
}

await main();
