import { ReadersProcess, SenderProcess } from './processes.js';
import type { Arrived, SenderTask, Wire } from './words.js';

export interface FanOutOptions {
  readonly clients: number;
  readonly people: number;
  readonly perSecond: number;
  /** Changes of each round. */
  readonly changes: number;
  readonly rounds: number;
  say(line: string): void;
}

export interface FanOutRow {
  readonly name: string;
  readonly role: 'product' | 'bound' | 'peer';
  /** CPU microseconds of the sender for each change and client, of each round. */
  readonly rounds: number[];
  /** Changes in one message to a client, on average. */
  changesPerMessage: number;
  /** Octets on the wire for each change and client. */
  octets: number;
}

export const SINGLE = 'Notes Presence Bridge: each change for itself';
export const DEFAULT_TICK = 'Notes Presence Bridge: as it is set';
export const TEN = 'Notes Presence Bridge: ten changes a tick';
export const EVENT_STREAM = 'Notes Presence Bridge: each change for itself, server-sent events';
export const EVENT_STREAM_TEN = 'Notes Presence Bridge: ten changes a tick, server-sent events';
export const BOUND = 'bound: framed once, one write for each change and client';
export const PEER = 'ws: one send(octets) for each change and client';
export const PEER_TEXT = 'ws: one send(text) for each change and client';
export const PEER_TEN = `${PEER}, ten at a moment`;
export const PEER_TEXT_TEN = `${PEER_TEXT}, ten at a moment`;

interface Candidate {
  readonly row: FanOutRow;
  /** Changes at a moment. */
  readonly together: number;
  readonly sender: SenderProcess;
  readonly readers: ReadersProcess;
}

/** CPU of telling many clients of changes, beside `ws` with one `send` for each, in turns. */
export async function measureFanOut(options: FanOutOptions): Promise<readonly FanOutRow[]> {
  const { people, perSecond, changes, rounds, say } = options;
  const texts = await textsOfChanges(people);
  say(`a message about one change has ${Math.round(average(texts.map(({ length }) => length)))} characters`);
  const bridge: SenderTask = { kind: 'bridge', people };
  const peer = (as: 'text' | 'octets' | 'framed'): SenderTask => ({ kind: 'peer', texts, as });
  const plan: readonly (readonly [string, SenderTask, Wire, together: number])[] = [
    [SINGLE, { ...bridge, tick: 1 }, 'websocket', 1],
    [DEFAULT_TICK, bridge, 'websocket', 1],
    [TEN, bridge, 'websocket', 10],
    [EVENT_STREAM, { ...bridge, tick: 1 }, 'event-stream', 1],
    [EVENT_STREAM_TEN, bridge, 'event-stream', 10],
    [BOUND, peer('framed'), 'peer', 1],
    [PEER, peer('octets'), 'peer', 1],
    [PEER_TEXT, peer('text'), 'peer', 1],
    [PEER_TEN, peer('octets'), 'peer', 10],
    [PEER_TEXT_TEN, peer('text'), 'peer', 10],
  ];
  const candidates: Candidate[] = [];
  try {
    for (const [name, task, wire, together] of plan) {
      say(`${options.clients} clients of: ${name}`);
      candidates.push(await opened(name, task, { wire, together }, options));
    }
    for (let round = -1; round < rounds; round++) {
      say(round < 0 ? 'warming up' : `round ${round + 1} of ${rounds}`);
      for (let place = 0; place < candidates.length; place++) {
        const candidate = candidates[(place + Math.max(0, round)) % candidates.length];
        if (candidate !== undefined) await measure(candidate, options, round >= 0);
      }
    }
    say(`${perSecond} changes a second, ${changes} a round`);
    return candidates.map(({ row }) => row);
  } finally {
    for (const { sender, readers } of candidates) {
      readers.stop();
      sender.stop();
    }
  }
}

async function opened(
  name: string,
  task: SenderTask,
  { wire, together }: Pick<Candidate, 'together'> & { readonly wire: Wire },
  { clients }: FanOutOptions,
): Promise<Candidate> {
  const sender = await SenderProcess.start(task);
  const readers = new ReadersProcess();
  await readers.open(sender.port, wire, clients);
  await readers.quiet();
  const role = task.kind === 'bridge' ? 'product' : task.as === 'framed' ? 'bound' : 'peer';
  return { row: { name, role, rounds: [], changesPerMessage: 0, octets: 0 }, together, sender, readers };
}

async function measure(
  { row, together, sender, readers }: Candidate,
  { changes, perSecond, clients }: FanOutOptions,
  counts: boolean,
): Promise<void> {
  await readers.quiet();
  const before = await sender.cpu();
  await sender.storm(changes, perSecond, together);
  const arrived = await readers.arrived();
  const used = (await sender.cpu()) - before;
  check(row, arrived, changes);
  if (!counts) return;
  row.rounds.push(used / (changes * clients));
  row.octets = arrived.octets[0] / changes;
  if (row.changesPerMessage === 0) row.changesPerMessage = changes / messagesAbout(arrived).length;
}

/** Whoever does not get all would be cheap. */
function check({ name }: FanOutRow, arrived: Arrived, changes: number): void {
  const [fewest, most] = arrived.octets;
  if (fewest < most * 0.95) throw new Error(`${name}: one client got ${fewest} octets, another one ${most}`);
  const told = messagesAbout(arrived).reduce((sum, count) => sum + count, 0);
  if (told !== changes) throw new Error(`${name}: ${told} changes were told of ${changes}`);
}

/** How many people each message about changes has. */
function messagesAbout({ messages }: Arrived): readonly number[] {
  return messages
    .map((text) => JSON.parse(text) as { readonly type: string; readonly people: readonly unknown[] })
    .flatMap(({ type, people }) => (type === 'changes' ? [people.length] : []));
}

/** What the product itself says of single changes. */
async function textsOfChanges(people: number): Promise<readonly string[]> {
  const sender = await SenderProcess.start({ kind: 'bridge', people, tick: 1 });
  const readers = new ReadersProcess();
  try {
    await readers.open(sender.port, 'websocket', 1);
    await readers.quiet();
    await sender.storm(100, 50);
    return (await readers.arrived()).messages.filter(isOfOne);
  } finally {
    readers.stop();
    sender.stop();
  }
}

/** On a busy machine two changes may share a message. */
function isOfOne(text: string): boolean {
  const { type, people } = JSON.parse(text) as { readonly type: string; readonly people: readonly unknown[] };
  return type === 'changes' && people.length === 1;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
