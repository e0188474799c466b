import { median } from '../statistics.js';
import { ReadersProcess, SenderProcess } from './processes.js';
import type { SenderTask } from './words.js';

export interface LatencyOptions {
  readonly people: number;
  readonly clients: number;
  readonly perSecond: number;
  readonly changes: number;
  readonly rounds: number;
  say(line: string): void;
}

/** Milliseconds from when a change was due to arrive until it was given to the store; of each round. */
export interface LatencyRow {
  readonly windowMs: number | undefined;
  readonly without: { readonly p50: number; readonly p99: number }[];
  readonly withClients: { readonly p50: number; readonly p99: number }[];
}

/** How much later changes are written because many clients are told of them: two bridges in turns. */
export async function measureLatency(windowMs: number | undefined, options: LatencyOptions): Promise<LatencyRow> {
  const { people, clients, perSecond, changes, rounds, say } = options;
  const task: SenderTask = { kind: 'bridge', people, ...(windowMs === undefined ? {} : { windowMs }) };
  const [alone, busy] = [await SenderProcess.start(task), await SenderProcess.start(task)];
  const readers = new ReadersProcess();
  const row: LatencyRow = { windowMs, without: [], withClients: [] };
  try {
    await readers.open(busy.port, 'websocket', clients);
    await readers.quiet();
    for (let round = -1; round < rounds; round++) {
      for (const sender of round % 2 === 0 ? [alone, busy] : [busy, alone]) {
        const latencies = await sender.storm(changes, perSecond);
        if (latencies.length < changes * 0.9) throw new Error(`${latencies.length} of ${changes} changes were written`);
        if (round >= 0) (sender === alone ? row.without : row.withClients).push(figures(latencies));
      }
    }
    say(`window ${windowMs ?? 'as set'}: ${shown(row.without)} without, ${shown(row.withClients)} with clients`);
    return row;
  } finally {
    readers.stop();
    alone.stop();
    busy.stop();
  }
}

function figures(latencies: readonly number[]): { p50: number; p99: number } {
  const sorted = [...latencies].sort((a, b) => a - b);
  return { p50: median(sorted), p99: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN };
}

function shown(rounds: LatencyRow['without']): string {
  return `${median(rounds.map(({ p50 }) => p50)).toFixed(1)} / ${median(rounds.map(({ p99 }) => p99)).toFixed(1)} ms`;
}
