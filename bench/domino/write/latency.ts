import type { Person } from '../../../src/bridge/ports.js';
import { median, short } from '../../statistics.js';
import { type GrpcClient, send } from '../grpc-packages.js';
import { BATCH, DATABASE, type Product, productBridge, rawDocument } from './candidates.js';

/** Milliseconds from the moment at which a change was due to the call that carries it. */
export interface LatencyRound {
  readonly p50: number;
  readonly p99: number;
}

export interface LatencyFigures {
  readonly product: readonly LatencyRound[];
  readonly control: readonly LatencyRound[];
}

export const RATE = 1_000;
export const WINDOW_MS = 5;
const SECONDS = 2;
const ROUNDS = 11;
/** Fewer quiet rounds than these are no sample. */
const FEWEST = 3;
/** A round whose control is slower measures the machine. */
const CONTROL_P99_MS = 5;
const FLOOR: LatencyRound = { p50: 10, p99: 25 };
const AIM: LatencyRound = { p50: 4, p99: 10 };

/**
 * Changes at a steady rate, from the observation to the bulk call. The control issues the raw call of the same documents
 * as soon as they are due, without a window and without anything in between. They take turns.
 */
export async function measureLatency(
  product: Product,
  client: GrpcClient,
  people: readonly Person[],
): Promise<LatencyFigures> {
  const dueAt = new Map<string, number>();
  let latencies: number[] = [];
  const overheard: GrpcClient = {
    Create: (message, done) => client.Create(message, done),
    Read: (message, done) => client.Read(message, done),
    Delete: (message, done) => client.Delete(message, done),
    Replace: (message, done) => {
      const now = performance.now();
      for (const { items } of message.documents) {
        const key = items[1]?.values[0]?.s ?? '';
        const due = dueAt.get(key);
        if (due !== undefined) latencies.push(now - due);
        dueAt.delete(key);
      }
      client.Replace(message, done);
    },
  };
  const bridge = await productBridge(product, overheard, people, { windowMs: WINDOW_MS });
  let changes = 0;
  const throughBridge = (index: number, due: number): void => {
    const { uri, key } = people[index] as Person;
    dueAt.set(key, due);
    bridge.observe(uri, Math.floor(changes++ / people.length));
  };
  const direct = async (from: number, to: number, due: (n: number) => number): Promise<void> => {
    const documents = Array.from({ length: to - from }, (_, index) => {
      const place = (from + index) % people.length;
      return rawDocument(people[place] as Person, changes, place);
    });
    const now = performance.now();
    for (let n = from; n < to; n++) latencies.push(now - due(n));
    await send(client, 'Replace', { db: DATABASE, documents });
  };
  const round = async (
    issue: (from: number, to: number, due: (n: number) => number) => void,
  ): Promise<LatencyRound> => {
    latencies = [];
    await paced(issue);
    await new Promise((resolve) => setTimeout(resolve, 200));
    latencies.sort((a, b) => a - b);
    const at = (part: number): number => latencies[Math.floor(latencies.length * part)] ?? Number.NaN;
    return { p50: at(0.5), p99: at(0.99) };
  };
  const productRound = () =>
    round((from, to, due) => {
      for (let n = from; n < to; n++) throughBridge(changes % people.length, due(n));
    });
  // Everybody's document is created first.
  for (const index of people.keys()) bridge.observe((people[index] as Person).uri, -1);
  await bridge.quiet();
  await productRound();
  const figures = { product: [] as LatencyRound[], control: [] as LatencyRound[] };
  for (let number = 0; number < ROUNDS; number++) {
    figures.control.push(await round((from, to, due) => void direct(from, to, due)));
    figures.product.push(await productRound());
  }
  await bridge.close();
  return figures;
}

/** Issues what is due, as often as timers allow. */
async function paced(issue: (from: number, to: number, due: (n: number) => number) => void): Promise<void> {
  const began = performance.now();
  const total = RATE * SECONDS;
  const due = (n: number): number => began + (n * 1000) / RATE;
  for (let done = 0; done < total; ) {
    const to = Math.min(total, Math.floor(((performance.now() - began) / 1000) * RATE) + 1, done + BATCH);
    if (to > done) issue(done, to, due);
    done = Math.max(done, to);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

export interface LatencyGoal {
  readonly text: string;
  readonly met: boolean;
  readonly kind: 'floor' | 'aim';
}

export function latencyGoals(figures: LatencyFigures): readonly LatencyGoal[] {
  const kept = quietRounds(figures);
  const difference = (part: 'p50' | 'p99'): number =>
    median(
      kept.map((round) => Math.max(0, (figures.product[round]?.[part] ?? 0) - (figures.control[round]?.[part] ?? 0))),
    );
  return (['p50', 'p99'] as const).flatMap((part) =>
    (['floor', 'aim'] as const).map((kind): LatencyGoal => {
      const limit = (kind === 'floor' ? FLOOR : AIM)[part];
      const met = difference(part) <= limit;
      const verdict = met ? 'met' : kind === 'floor' ? 'MISSED' : 'not reached';
      const what = `${part === 'p50' ? 'median' : '99 %'} of latency less that of the control`;
      return {
        text: `${what}, ${kind === 'floor' ? 'at most' : 'aimed at'} ${limit} ms: ${short(difference(part))}, ${verdict}`,
        met,
        kind,
      };
    }),
  );
}

/** Rounds in which the machine was quiet, or all when it hardly ever was. */
function quietRounds({ control }: LatencyFigures): readonly number[] {
  const quiet = [...control.keys()].filter((round) => (control[round]?.p99 ?? 0) <= CONTROL_P99_MS);
  return quiet.length >= FEWEST ? quiet : [...control.keys()];
}

export function latencyLines(figures: LatencyFigures): readonly string[] {
  const row = (name: string, rounds: readonly LatencyRound[]): string => {
    const of = (part: 'p50' | 'p99'): string => rounds.map((round) => short(round[part])).join(', ');
    return `| ${name} | ${of('p50')} | ${of('p99')} |`;
  };
  const quiet = figures.control.filter(({ p99 }) => p99 <= CONTROL_P99_MS).length;
  return [
    '| candidate | median, ms, round by round | 99 %, ms |',
    '| --- | ---: | ---: |',
    row('control: raw call as soon as it is due', figures.control),
    row(`Notes Presence Bridge, window of ${WINDOW_MS} ms`, figures.product),
    '',
    quiet < FEWEST
      ? `The machine was busy: only in ${quiet} rounds was the 99 % of the control at most ${CONTROL_P99_MS} ms.`
      : `Goals count the ${quiet} rounds in which the 99 % of the control was at most ${CONTROL_P99_MS} ms.`,
  ];
}
