import { DEFAULT_ENGINE_CONFIG } from '../../src/bridge/engine/state.js';
import { machine } from '../machine.js';
import { median, short, spread } from '../statistics.js';
import {
  DEFAULT_TICK,
  EVENT_STREAM_TEN,
  type FanOutRow,
  PEER,
  PEER_TEN,
  PEER_TEXT_TEN,
  SINGLE,
  TEN,
} from './fan-out.js';
import type { LatencyRow } from './latency.js';
import type { NeverReadRow } from './never-read.js';

export interface StreamPlan {
  readonly clients: number;
  readonly people: number;
  readonly perSecond: number;
  readonly rounds: number;
  readonly neverRead: number;
  readonly neverReadPerSecond: number;
}

export interface StreamFigures {
  readonly fanOut: readonly FanOutRow[];
  readonly neverRead: readonly NeverReadRow[];
  readonly latency: readonly LatencyRow[];
}

const SINGLE_TIMES = 1.3;
const TEN_TIMES = 4;
const NEVER_READ_OCTETS = 1024 * 1024;
const LATER = 1.1;

export interface StreamGoal {
  readonly text: string;
  readonly met: boolean;
}

export function streamGoals({ fanOut, neverRead, latency }: StreamFigures): readonly StreamGoal[] {
  const cheaper = (name: string): number => median(timesCheaper(fanOut, name));
  const [single, asSet, ten] = [cheaper(SINGLE), cheaper(DEFAULT_TICK), cheaper(TEN)];
  const most = neverRead.reduce((sum, { each }) => Math.max(sum, each.rss, each.held), 0);
  const [shipped] = latency;
  const later = shipped === undefined ? Number.NaN : median(laterBy(shipped));
  return [
    {
      text: `a change, as the bridge is set, at least ${SINGLE_TIMES} times cheaper than one send each: ${short(asSet)}`,
      met: asSet >= SINGLE_TIMES,
    },
    {
      text: `each change for itself at least ${SINGLE_TIMES} times cheaper than one send each: ${short(single)}`,
      met: single >= SINGLE_TIMES,
    },
    {
      text: `ten changes a tick at least ${TEN_TIMES} times cheaper than one send each: ${short(ten)}`,
      met: ten >= TEN_TIMES,
    },
    {
      text: `a client that never reads costs at most 1 MB: ${short(most / 1024)} KiB`,
      met: most <= NEVER_READ_OCTETS,
    },
    {
      text: `changes are written less than 10 % later because of the clients: ${short((later - 1) * 100)} %`,
      met: later < LATER,
    },
  ];
}

/** Those with ten changes at a moment, beside each other. */
const TENS: readonly string[] = [TEN, EVENT_STREAM_TEN, PEER_TEN, PEER_TEXT_TEN];

/** How many times cheaper than the cheaper peer at the same load, round by round. */
function timesCheaper(rows: readonly FanOutRow[], name: string): number[] {
  const of = (wanted: string): readonly number[] => rows.find((row) => row.name === wanted)?.rounds ?? [];
  const own = of(name);
  return of(TENS.includes(name) ? PEER_TEN : PEER).map((cost, round) => cost / (own[round] ?? Number.NaN));
}

function laterBy({ without, withClients }: LatencyRow): number[] {
  return withClients.map(({ p50 }, round) => p50 / (without[round]?.p50 ?? Number.NaN));
}

/** The section of `docs/reference/performance.md`. */
export function streamSection(figures: StreamFigures, plan: StreamPlan): string {
  const { clients, people, perSecond, rounds, neverRead, neverReadPerSecond } = plan;
  return `## Live stream: many applications that follow many people

${clients} clients follow all of ${people} people, of whom ${perSecond} change each second. The bridge is the product from the
observation on: engine, journal, messages, sockets, in a process of its own; the clients are in another one and count
octets. The peer sends the same texts, one for each change and client, with \`ws\` as its documentation shows. CPU time is
that of the whole sending process, system calls included.

${machine()}
Rounds: ${rounds}, in turns.

| sender | counted as | CPU µs per change and client | times cheaper than the peer | changes in a message | octets per change and client |
| --- | --- | ---: | ---: | ---: | ---: |
${figures.fanOut.map((row) => fanOutLine(row, figures.fanOut)).join('\n')}

Clients that never read, ${neverRead} of them, which come one after the other while ${neverReadPerSecond} people change each
second; octets for each of them when it was most, above the process before they came:

| wire | resident, KiB | held on the heap and beside it, KiB | given up by the bridge meanwhile |
| --- | ---: | ---: | ---: |
${figures.neverRead
  .map(({ wire, each, ended }) => `| ${wire} | ${short(each.rss / 1024)} | ${short(each.held / 1024)} | ${ended} |`)
  .join('\n')}

From the moment at which an observation is due to the call of the store, milliseconds, median / 99 %:

| changes are gathered for | without clients | with ${clients} clients | later by, median |
| --- | ---: | ---: | ---: |
${figures.latency.map(latencyLine).join('\n')}

### Goals of stream

${streamGoals(figures)
  .map(({ text, met }) => `- ${text}, ${met ? 'met' : '**missed**'}`)
  .join('\n')}
`;
}

function fanOutLine(row: FanOutRow, rows: readonly FanOutRow[]): string {
  const { name, role, changesPerMessage, octets } = row;
  const cells = [name, role, spread(row.rounds), spread(timesCheaper(rows, name))];
  return `| ${[...cells, short(role === 'product' ? changesPerMessage : 1), short(octets)].join(' | ')} |`;
}

function latencyLine(row: LatencyRow): string {
  const { windowMs, without, withClients } = row;
  const shown = (rounds: LatencyRow['without']): string =>
    `${short(median(rounds.map(({ p50 }) => p50)))} / ${short(median(rounds.map(({ p99 }) => p99)))}`;
  const window = windowMs === undefined ? `${DEFAULT_ENGINE_CONFIG.windowMs} ms, as it is set` : `${windowMs} ms`;
  return `| ${window} | ${shown(without)} | ${shown(withClients)} | ${short((median(laterBy(row)) - 1) * 100)} % |`;
}
