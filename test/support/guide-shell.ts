import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';

export interface ShellResult {
  readonly code: number;
  readonly output: string;
}

/** One shell that stays open, as an administrator's does: folder, variables and functions last from command to command. */
export class GuideShell {
  readonly #child: ChildProcess;
  #output = '';
  #wake: () => void = () => {};

  constructor(folder: string, environment: Readonly<Record<string, string>>) {
    this.#child = spawn('bash', ['--noprofile', '--norc'], { cwd: folder, env: environment });
    const take = (text: string): void => {
      this.#output += text;
      this.#wake();
    };
    this.#child.stdout?.setEncoding('utf8').on('data', take);
    this.#child.stderr?.setEncoding('utf8').on('data', take);
    this.#child.on('exit', () => this.#wake());
    this.#child.stdin?.on('error', () => {});
    // Without it a failure at the left of a pipe would go unnoticed.
    this.#child.stdin?.write('set -o pipefail\n');
  }

  /** Runs a command to its end. `typed`: what is typed when it asks. */
  async run(command: string, typed = ''): Promise<ShellResult> {
    const mark = randomUUID();
    this.#output = '';
    // A group, not a shell below: variables, functions and the folder have to last. Both streams are flushed by then.
    this.#child.stdin?.write(`{\n${command}\n} <<'${mark}'\n${typed}${mark}\nprintf '\\n${mark} %s\\n' "$?"\n`);
    const end = new RegExp(`\\n${mark} (\\d+)\\n`);
    let match = end.exec(this.#output);
    while (match === null) {
      if (this.#child.exitCode !== null) throw new Error(`the shell ended in "${command}": ${this.#output}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      match = end.exec(this.#output);
    }
    return { code: Number(match[1]), output: this.#output.slice(0, match.index) };
  }

  close(): void {
    this.#child.stdin?.end('exit 0\n');
  }
}

/** A command that keeps its terminal: it runs until somebody presses Ctrl+C there. */
export class GuideTerminal {
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | undefined>;
  output = '';

  constructor(command: string, folder: string, environment: Readonly<Record<string, string>>) {
    // A group of its own: Ctrl+C reaches all processes of a terminal.
    this.#child = spawn('bash', ['-c', command], { cwd: folder, env: environment, detached: true });
    const take = (text: string): void => {
      this.output += text;
    };
    this.#child.stdout?.setEncoding('utf8').on('data', take);
    this.#child.stderr?.setEncoding('utf8').on('data', take);
    this.#exited = new Promise((resolve) => this.#child.on('exit', (code) => resolve(code ?? undefined)));
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async interrupt(): Promise<void> {
    if (this.isRunning && this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGINT');
    await this.#exited;
  }
}
