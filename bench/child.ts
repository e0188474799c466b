import { setFlagsFromString } from 'node:v8';
import { statusOf } from '../src/presence/availability.js';
import { contactUri, type MessageStream, openMessages } from './messages.js';
import { type Folders, PIPELINES, type Pipeline, type PipelineEntry } from './pipeline.js';

/** What one process is asked to do: one pipeline, one number of people. */
export interface Task {
  readonly pipeline: string;
  readonly contacts: number;
  readonly folders: Folders;
}

export interface Measurement {
  /** CPU microseconds of the whole process, garbage collection included, for each update. */
  readonly update: number;
  /** Octets on and off the heap for each person. */
  readonly memory: number;
  /** Statuses of the first people after a fixed sequence of messages: equal for all pipelines. */
  readonly statuses: string;
}

/** People of the check. */
const CHECKED = 512;

function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function heldOctets(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** The same words whatever a pipeline stores. */
function statusesOf(pipeline: Pipeline): string {
  const words: string[] = [];
  for (let contact = 0; contact < CHECKED; contact++) {
    const stored = pipeline.stored(contactUri(contact));
    words.push(typeof stored === 'string' ? stored : statusOf(stored));
  }
  return words.join(' ');
}

/** A fixed sequence of messages, after which all pipelines must have stored the same statuses. */
async function check(entry: PipelineEntry, folders: Folders, messages: MessageStream): Promise<string> {
  const pipeline = await entry.create(folders, CHECKED);
  for (const step of [3, 5]) {
    for (let contact = 0; contact < CHECKED; contact++) pipeline.take(messages.about(contact, contact * step));
  }
  return statusesOf(pipeline);
}

async function measure({ pipeline: name, contacts, folders }: Task): Promise<Measurement> {
  const entry = PIPELINES.find((candidate) => candidate.name === name);
  if (entry === undefined) throw new Error(`no pipeline "${name}"`);
  const messages = await openMessages(folders.peers);
  const statuses = await check(entry, folders, messages);

  const before = heldOctets();
  const pipeline = await entry.create(folders, contacts);
  for (let contact = 0; contact < contacts; contact++) pipeline.take(messages.about(contact, contact));
  if (pipeline.count() !== contacts) throw new Error(`${name} stores ${pipeline.count()} people of ${contacts}`);
  // A forced collection throws optimised code away, so it must not stand between warm-up and measurement.
  updateAtRandom(pipeline, messages, contacts, entry.warmUp);
  const update = updateAtRandom(pipeline, messages, contacts, entry.updates);
  return { update, memory: (heldOctets() - before) / contacts, statuses };
}

/** CPU microseconds of each update on average. */
function updateAtRandom(pipeline: Pipeline, messages: MessageStream, contacts: number, updates: number): number {
  let random = 77;
  const start = cpuMicroseconds();
  for (let index = 0; index < updates; index++) {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
    pipeline.take(messages.about(random % contacts, random >>> 5));
  }
  return (cpuMicroseconds() - start) / updates;
}

// The code of a pipeline must not be thrown away while it waits for its turn.
setFlagsFromString('--no-flush-bytecode');
process.once('message', (task: Task) => {
  measure(task).then(
    (measurement) => process.send?.(measurement, () => process.exit(0)),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
