import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';

const MAIN = 'dist/cli/main.js';

/** The product as its users start it: a process of its own. Needs `npm run build`. */
export class Product {
  static readonly #running = new Set<Product>();
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #waiters = new Set<() => void>();
  stderr = '';
  /** Exit code, or the signal that ended it. */
  readonly exited: Promise<number | string>;

  constructor(args: readonly string[]) {
    if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: run "npm run build" first`);
    this.#child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.exited = new Promise((resolve) =>
      this.#child.on('exit', (code, signal) => resolve(code ?? signal ?? 'unknown')),
    );
    Product.#running.add(this);
    void this.exited.then(() => Product.#running.delete(this));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-100_000);
    });
    if (this.#child.stdout) {
      createInterface({ input: this.#child.stdout }).on('line', (line) => {
        this.#lines.push(line);
        for (const waiter of this.#waiters) waiter();
      });
    }
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('it was not started');
    return this.#child.pid;
  }

  get stdout(): string {
    return this.#lines.join('\n');
  }

  /** Ends whatever a failed test left running. */
  static endAll(): void {
    for (const product of Product.#running) product.#child.kill('SIGKILL');
  }

  /** Runs a command to its end. */
  static async run(args: readonly string[]): Promise<{ code: number | string; stdout: string; stderr: string }> {
    const product = new Product(args);
    const code = await product.exited;
    return { code, stdout: product.stdout, stderr: product.stderr };
  }

  /** The first line of standard output, read as JSON: how long-running commands say that they are ready. */
  async ready<T>(): Promise<T> {
    while (this.#lines.length === 0) {
      const ended = await Promise.race([
        this.exited.then((code) => ({ code })),
        new Promise<undefined>((resolve) => {
          const waiter = (): void => {
            this.#waiters.delete(waiter);
            resolve(undefined);
          };
          this.#waiters.add(waiter);
        }),
      ]);
      if (ended && this.#lines.length === 0) throw new Error(`it ended with ${ended.code}: ${this.stderr}`);
    }
    return JSON.parse(this.#lines[0] ?? '') as T;
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    this.#child.kill(signal);
    return await this.exited;
  }
}

/** Waits until `probe` gives something, asking every few milliseconds. Throws with `what` when the time is over. */
export async function eventually<T>(
  what: string,
  withinMs: number,
  probe: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
