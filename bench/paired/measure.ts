import type { Table, TableGoal } from './suite.js';

/** CPU microseconds for each item, round by round, of every candidate of a table. */
export interface TableResult {
  readonly title: string;
  readonly unit: string;
  readonly base: string;
  readonly left: readonly string[];
  readonly goals: readonly TableGoal[];
  readonly rows: readonly { readonly name: string; readonly role: string; readonly rounds: readonly number[] }[];
}

const WARM_UP_MS = 300;
/** Slow candidates take seconds until the engine has compiled them. */
const SLOW_MICROSECONDS = 200;
const SLOW_WARM_UP_MS = 4_000;
/** Calls between two looks at the clock. */
const STRETCH = 8;

/**
 * Runs all candidates once per round, in rotating order, each for about `ms` milliseconds. CPU time is that of the
 * whole process, so what a candidate leaves to the garbage collector counts.
 */
export function measureTable(table: Table, rounds: number, ms: number): TableResult {
  const { candidates } = table;
  const figures = candidates.map((): number[] => []);
  for (const { run } of candidates) {
    if (timed(run, WARM_UP_MS) > SLOW_MICROSECONDS) timed(run, SLOW_WARM_UP_MS);
  }
  for (let round = 0; round < rounds; round++) {
    for (let place = 0; place < candidates.length; place++) {
      const index = (place + round) % candidates.length;
      const candidate = candidates[index];
      if (candidate !== undefined) figures[index]?.push(timed(candidate.run, ms));
    }
  }
  const { title, unit, base, left, goals } = table;
  const rows = candidates.map(({ name, role }, index) => ({ name, role, rounds: figures[index] ?? [] }));
  return { title, unit, base, left, goals, rows };
}

function timed(run: (turn: number) => number, ms: number): number {
  let items = 0;
  let turn = 0;
  const end = performance.now() + ms;
  const before = process.cpuUsage();
  do {
    for (let call = 0; call < STRETCH; call++) items += run(turn++);
  } while (performance.now() < end);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / items;
}
