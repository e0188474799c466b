import { ReadersProcess, SenderProcess } from './processes.js';
import type { Memory, Wire } from './words.js';

export interface NeverReadOptions {
  readonly people: number;
  /** Clients that never read. */
  readonly clients: number;
  readonly perSecond: number;
  readonly seconds: number;
  say(line: string): void;
}

export interface NeverReadRow {
  readonly wire: Wire;
  /** Octets for each such client, at the moment at which it was most. */
  readonly each: Memory;
  /** How many of them the bridge had ended by the end. */
  readonly ended: number;
}

/**
 * What clients that never read cost: they come one after the other while everybody changes, so that no two of them wait
 * for the same messages, beside one client that reads.
 */
export async function measureNeverRead(wire: Wire, options: NeverReadOptions): Promise<NeverReadRow> {
  const { people, clients, perSecond, seconds, say } = options;
  const sender = await SenderProcess.start({ kind: 'bridge', people });
  const [reader, others] = [new ReadersProcess(), new ReadersProcess()];
  try {
    await reader.open(sender.port, wire, 1);
    await sender.storm(perSecond * 3, perSecond);
    await reader.quiet();
    await sender.watchMemory();
    const storm = sender.storm(perSecond * seconds, perSecond);
    // They come in the first half; in the second one they wait.
    await others.open(sender.port, wire, clients, { every: (seconds * 500) / clients, reads: false });
    await storm;
    const peak = await sender.peak();
    const ended = await endedBy(sender);
    say(
      `${wire}: ${Math.round(peak.rss / 1024)} KiB resident, ${Math.round(peak.held / 1024)} KiB held by all, ${ended} ended`,
    );
    return { wire, each: { rss: peak.rss / clients, held: peak.held / clients }, ended };
  } finally {
    reader.stop();
    others.stop();
    sender.stop();
  }
}

/** Clients that the bridge gave up. */
async function endedBy({ port }: SenderProcess): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const counts = [...text.matchAll(/stream_dropped_total\{[^}]*\} (\d+)/g)].map(([, count]) => Number(count));
  return counts.reduce((sum, count) => sum + count, 0);
}
