import { setFlagsFromString } from 'node:v8';
import type { Folders } from '../pipeline.js';
import { measureTable, type TableResult } from './measure.js';
import { SUITES } from './suites.js';

export interface PairedTask {
  readonly suite: string;
  readonly folders: Folders;
  readonly rounds: number;
  readonly ms: number;
}

async function results({ suite: name, folders, rounds, ms }: PairedTask): Promise<TableResult[]> {
  const suite = SUITES.find((candidate) => candidate.name === name);
  if (suite === undefined) throw new Error(`no suite "${name}"`);
  const measured: TableResult[] = [];
  for (const table of await suite.load(folders)) {
    console.error(`${table.title} ...`);
    measured.push(measureTable(table, rounds, ms));
  }
  return measured;
}

// The code of a candidate must not be thrown away while the others have their turn.
setFlagsFromString('--no-flush-bytecode');
process.once('message', (task: PairedTask) => {
  results(task).then(
    (measured) => process.send?.(measured, () => process.exit(0)),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
