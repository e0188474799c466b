import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { openBridge } from './bridge.js';
import { openPeer } from './peer.js';
import type { FromSender, Memory, ToSender } from './words.js';

/** Something that tells many clients of changes. */
export interface Sender {
  readonly port: number;
  /** The next change; `at`: when it was due, by the monotonic clock. */
  change(at: number): void;
  /** Milliseconds from due to written, of all changes written since the last call. */
  taken(): readonly number[];
  isIdle(): boolean;
}

const SAMPLE_MS = 100;
const IDLE_LIMIT_MS = 30_000;

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Changes that are late because the process was busy are made at once, and count from when they were due. */
async function storm(sender: Sender, changes: number, perSecond: number, together: number): Promise<readonly number[]> {
  const started = performance.now();
  const dueAt = (change: number): number => started + (Math.floor(change / together) * together * 1000) / perSecond;
  sender.taken();
  for (let done = 0; done < changes; ) {
    const bursts = Math.floor(((performance.now() - started) / 1000) * (perSecond / together)) + 1;
    for (; done < Math.min(changes, bursts * together); done++) sender.change(dueAt(done));
    const wait = dueAt(done) - performance.now();
    await sleep(Math.max(0, wait));
  }
  const giveUpAt = performance.now() + IDLE_LIMIT_MS;
  while (!sender.isIdle() && performance.now() < giveUpAt) await sleep(5);
  return sender.taken();
}

/** The CPU profile of one storm, for whoever looks for what it costs. */
async function profiled<T>(folder: string | undefined, work: () => Promise<T>): Promise<T> {
  if (folder === undefined) return work();
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  const result = await work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  writeFileSync(join(folder, `stream-${process.pid}.cpuprofile`), JSON.stringify(profile));
  return result;
}

function memory(): Memory {
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, held: heapUsed + external };
}

/** The most of each, above what it was at the beginning. */
class MemoryWatch {
  readonly #before = memory();
  #peak: Memory = { rss: 0, held: 0 };
  readonly #timer = setInterval(() => this.#look(), SAMPLE_MS);

  end(): Memory {
    clearInterval(this.#timer);
    this.#look();
    return this.#peak;
  }

  #look(): void {
    const { rss, held } = memory();
    this.#peak = {
      rss: Math.max(this.#peak.rss, rss - this.#before.rss),
      held: Math.max(this.#peak.held, held - this.#before.held),
    };
  }
}

let sender: Sender | undefined;
let watch: MemoryWatch | undefined;

async function handle(message: ToSender): Promise<FromSender> {
  switch (message.type) {
    case 'start':
      sender = await (message.task.kind === 'bridge' ? openBridge(message.task) : openPeer(message.task));
      return { type: 'ready', port: sender.port };
    case 'storm': {
      const [one, { changes, perSecond, together }] = [sender, message];
      if (one === undefined) throw new Error('not started');
      return {
        type: 'storm-over',
        latencies: await profiled(process.env['STREAM_PROFILE'], () => storm(one, changes, perSecond, together)),
      };
    }
    case 'cpu': {
      const { user, system } = process.cpuUsage();
      return { type: 'cpu', used: user + system };
    }
    case 'watch-memory':
      watch = new MemoryWatch();
      return { type: 'watching' };
    case 'peak':
      return { type: 'peak', peak: watch?.end() ?? { rss: 0, held: 0 } };
  }
}

// The code of a sender must not be thrown away while it waits for its turn.
setFlagsFromString('--no-flush-bytecode');
process.on('message', (message: ToSender) => {
  handle(message).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));
