import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Arrived, FromReaders, FromSender, Memory, SenderTask, ToReaders, ToSender, Wire } from './words.js';

/** A process of the benchmark, asked one thing at a time. */
class Process<To extends object, From extends { readonly type: string }> {
  readonly #child: ChildProcess;

  constructor(file: string, flags: readonly string[] = []) {
    const path = fileURLToPath(new URL(file, import.meta.url));
    this.#child = fork(path, [], { execArgv: ['--import', 'tsx', ...flags] });
  }

  ask<Type extends From['type']>(message: To, type: Type): Promise<Extract<From, { type: Type }>> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null): void => reject(new Error(`a process ended with exit code ${code}`));
      child.once('exit', onExit);
      child.once('message', (answer: From) => {
        child.off('exit', onExit);
        if (answer.type === type) resolve(answer as Extract<From, { type: Type }>);
        else reject(new Error(`"${answer.type}" instead of "${type}"`));
      });
      child.send(message);
    });
  }

  stop(): void {
    if (this.#child.connected) this.#child.disconnect();
  }
}

/** Who tells of changes, in a process of its own. */
export class SenderProcess {
  readonly port: number;
  readonly #process: Process<ToSender, FromSender>;

  private constructor(process: Process<ToSender, FromSender>, port: number) {
    this.#process = process;
    this.port = port;
  }

  static async start(task: SenderTask): Promise<SenderProcess> {
    const process = new Process<ToSender, FromSender>('./sender.ts', ['--expose-gc']);
    const { port } = await process.ask({ type: 'start', task }, 'ready');
    return new SenderProcess(process, port);
  }

  async storm(changes: number, perSecond: number, together = 1): Promise<readonly number[]> {
    return (await this.#process.ask({ type: 'storm', changes, perSecond, together }, 'storm-over')).latencies;
  }

  /** CPU microseconds of the process so far. */
  async cpu(): Promise<number> {
    return (await this.#process.ask({ type: 'cpu' }, 'cpu')).used;
  }

  async watchMemory(): Promise<void> {
    await this.#process.ask({ type: 'watch-memory' }, 'watching');
  }

  async peak(): Promise<Memory> {
    return (await this.#process.ask({ type: 'peak' }, 'peak')).peak;
  }

  stop(): void {
    this.#process.stop();
  }
}

/** Clients of one sender, in a process of their own. */
export class ReadersProcess {
  readonly #process = new Process<ToReaders, FromReaders>('./readers.ts');

  async open(port: number, wire: Wire, count: number, { every = 0, reads = true } = {}): Promise<void> {
    await this.#process.ask({ type: 'open', port, wire, count, every, reads }, 'opened');
  }

  /** Resolves when nothing arrives any more. */
  async quiet(): Promise<void> {
    await this.#process.ask({ type: 'quiet' }, 'quiet');
  }

  /** What arrived since it was quiet, once all has arrived. */
  async arrived(): Promise<Arrived> {
    return (await this.#process.ask({ type: 'arrived' }, 'arrived')).arrived;
  }

  async close(): Promise<void> {
    await this.#process.ask({ type: 'close' }, 'closed');
  }

  stop(): void {
    this.#process.stop();
  }
}
