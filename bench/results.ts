import type { Measurement } from './child.js';
import type { PipelineEntry } from './pipeline.js';
import { median, short, spread } from './statistics.js';

/** All rounds of one pipeline at one number of people. */
export interface Row {
  readonly entry: PipelineEntry;
  readonly contacts: number;
  readonly rounds: Measurement[];
}

export interface Goal {
  readonly text: string;
  readonly value: number;
  readonly met: boolean;
}

/** Cost of one row in terms of another, round by round: neighbours on the machine then weigh on both. */
export function ratios(row: Row, base: Row): number[] {
  return row.rounds.map(({ update }, round) => update / (base.rounds[round]?.update ?? Number.NaN));
}

function rowOf(rows: readonly Row[], contacts: number, role: PipelineEntry['role']): Row | undefined {
  return rows.find((row) => row.contacts === contacts && row.entry.role === role);
}

/** The complete peer stack that costs least. */
function fastestStack(rows: readonly Row[], contacts: number): Row | undefined {
  const cost = (row: Row): number => median(row.rounds.map(({ update }) => update));
  return rows
    .filter((row) => row.contacts === contacts && row.entry.role === 'complete peer stack')
    .sort((a, b) => cost(a) - cost(b))[0];
}

const MAX_TIMES_BOUND = 3;
const MIN_TIMES_FASTER = 5;

/** What the product promises, judged at each number of people. */
export function goalsOf(rows: readonly Row[]): Goal[] {
  return [...new Set(rows.map(({ contacts }) => contacts))].flatMap((contacts) => {
    const bound = rowOf(rows, contacts, 'bound');
    const product = rowOf(rows, contacts, 'product');
    const stack = fastestStack(rows, contacts);
    if (bound === undefined || product === undefined) return [];
    const times = median(ratios(product, bound));
    const goals: Goal[] = [
      {
        text: `${contacts} people: at most ${MAX_TIMES_BOUND.toFixed(1)} times the bound`,
        value: times,
        met: times <= MAX_TIMES_BOUND,
      },
    ];
    if (stack === undefined) return goals;
    const faster = median(ratios(stack, product));
    const text = `${contacts} people: at least ${MIN_TIMES_FASTER} times faster than ${stack.entry.name}`;
    return [...goals, { text, value: faster, met: faster >= MIN_TIMES_FASTER }];
  });
}

/** The product beside what is no complete stack: told, not counted. */
export function comparisonLines(rows: readonly Row[]): string[] {
  return rows.flatMap((row) => {
    const product = rowOf(rows, row.contacts, 'product');
    if (row.entry.role !== 'peer parsers' || product === undefined) return [];
    const faster = short(median(ratios(row, product)));
    return [`- ${row.contacts} people, for comparison only: ${faster} times faster than ${row.entry.name}`];
  });
}

export function goalLines(goals: readonly Goal[]): string[] {
  return goals.map(({ text, value, met }) => `- ${text}: ${short(value)}, ${met ? 'met' : 'MISSED'}`);
}

/** A Markdown table, people and cost ascending. */
export function tableOf(rows: readonly Row[]): string[] {
  const head = [
    '| people | pipeline | counted as | CPU µs per update | updates/s per core | times the bound | octets per person |',
    '| ---: | --- | --- | ---: | ---: | ---: | ---: |',
  ];
  const cost = (row: Row): number => median(row.rounds.map(({ update }) => update));
  const sorted = [...rows].sort((a, b) => a.contacts - b.contacts || cost(a) - cost(b));
  const body = sorted.map((row) => {
    const bound = rowOf(rows, row.contacts, 'bound');
    return `| ${[
      row.contacts,
      row.entry.name,
      row.entry.role,
      spread(row.rounds.map(({ update }) => update)),
      Math.round(1e6 / cost(row)),
      bound === undefined ? '' : spread(ratios(row, bound)),
      short(median(row.rounds.map(({ memory }) => memory))),
    ].join(' | ')} |`;
  });
  return [...head, ...body];
}
