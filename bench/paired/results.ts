import { median, short, spread } from '../statistics.js';
import type { TableResult } from './measure.js';

export interface JudgedGoal {
  readonly text: string;
  readonly met: boolean;
  readonly kind: 'floor' | 'aim';
}

/** Cost of a row in terms of another, round by round. */
function ratiosOf(rounds: readonly number[], base: readonly number[]): number[] {
  return rounds.map((cost, round) => cost / (base[round] ?? Number.NaN));
}

export function judge(table: TableResult): JudgedGoal[] {
  const base = table.rows.find(({ name }) => name === table.base);
  return table.goals.map(({ candidate, times, kind }) => {
    const rounds = table.rows.find(({ name }) => name === candidate)?.rounds ?? [];
    const what = `${table.title}, ${candidate}`;
    const said = (text: string, met: boolean): JudgedGoal => {
      const verdict = met ? 'met' : kind === 'floor' ? 'MISSED' : 'not reached';
      return { text: `${what}: ${text}, ${verdict}`, met, kind };
    };
    if (times !== undefined) {
      const ratio = median(ratiosOf(rounds, base?.rounds ?? []));
      const aim = kind === 'floor' ? 'at most' : 'aimed at';
      return said(`${aim} ${short(times)} times the base: ${short(ratio)}`, ratio <= times);
    }
    const peers = table.rows
      .filter(({ role }) => role === 'peer')
      .map((row) => [row.name, median(row.rounds)] as const);
    const [fastest] = peers.sort((a, b) => a[1] - b[1]);
    if (fastest === undefined) return said('no peer to compare with', true);
    const faster = fastest[1] / median(rounds);
    return said(`faster than every peer: ${short(faster)} times faster than ${fastest[0]}`, faster > 1);
  });
}

/** Markdown, cheapest first. */
export function tableLines(table: TableResult): string[] {
  const base = table.rows.find(({ name }) => name === table.base);
  const sorted = [...table.rows].sort((a, b) => median(a.rounds) - median(b.rounds));
  const body = sorted.map(({ name, role, rounds }) => {
    const ratio = base === undefined ? '' : spread(ratiosOf(rounds, base.rounds));
    const label = name === table.base ? `${name} (base)` : name;
    return `| ${[label, role, spread(rounds), Math.round(1e6 / median(rounds)), ratio].join(' | ')} |`;
  });
  return [
    `| candidate | counted as | CPU µs per ${table.unit} | ${table.unit}s/s per core | times the base |`,
    '| --- | --- | ---: | ---: | ---: |',
    ...body,
    ...table.left.map((line) => `\nLeft out: ${line}.`),
  ];
}
