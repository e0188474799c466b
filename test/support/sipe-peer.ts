import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { shared } from './shared.js';

/** One line that the peer prints: what it is called, when, and whatever belongs to it. */
export interface PeerEvent {
  readonly event: string;
  /** Seconds since the peer started. */
  readonly t: number;
  readonly [field: string]: unknown;
}

export interface PeerOptions {
  readonly binary: string;
  /** SIP address. */
  readonly user: string;
  /** `DOMAIN\user` or a user principal name; left out where the server asks for no authentication. */
  readonly login?: string;
  readonly password?: string;
  /** `host:port`. */
  readonly server: string;
  readonly transport: 'tls' | 'tcp';
  /** Name of the machine it believes to be on: another endpoint of the user for each. Needs `canNameMachine()`. */
  readonly machine?: string;
  /** Seconds after which the peer ends by itself. */
  readonly timeout?: number;
}

export type PeerBuild = { readonly binary: string } | { readonly skip: string };

const SOURCES = ['sipe-peer.c', 'Makefile'];

/**
 * Builds the foreign client once, into `build/sipe-peer`: Debian's pidgin-sipe driven without a window. Says why not where
 * its source, a compiler or the packages are missing.
 */
export function buildSipePeer(): PeerBuild {
  const source = shared === undefined ? undefined : join(shared, 'peers', 'sipe-peer');
  if (source === undefined || !existsSync(source)) return { skip: 'the source of sipe-peer is absent' };
  const target = resolve('build', 'sipe-peer');
  const binary = join(target, 'sipe-peer');
  if (existsSync(binary)) return { binary };
  try {
    execFileSync('pkg-config', ['--exists', 'purple', 'glib-2.0', 'libxml-2.0'], { stdio: 'ignore' });
  } catch {
    return {
      skip: 'libpurple-dev is not installed (apt-get install pidgin-sipe libpurple-dev libglib2.0-dev libxml2-dev)',
    };
  }
  mkdirSync(target, { recursive: true });
  for (const file of SOURCES) copyFileSync(join(source, file), join(target, file));
  try {
    execFileSync('make', ['-C', target], { stdio: 'pipe' });
    return { binary };
  } catch (error) {
    return { skip: `sipe-peer does not build: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** What runs the rest of a command line under another machine name. */
function onMachine(name: string): readonly string[] {
  return ['unshare', '-u', 'sh', '-c', 'hostname "$0" && exec "$@"', name];
}

/** True where processes may be given another machine name. */
export function canNameMachine(): boolean {
  try {
    execFileSync('unshare', ['-u', 'sh', '-c', 'hostname elsewhere'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A running foreign client: commands in, events out. */
export class SipePeer {
  readonly events: PeerEvent[] = [];
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #listeners = new Set<() => void>();
  #errors = '';
  #ended = false;

  constructor(options: PeerOptions) {
    const { binary, user, login, password, server, transport, machine, timeout = 60 } = options;
    const [program = binary, ...wrapping] = [...(machine === undefined ? [] : onMachine(machine)), binary];
    this.#child = spawn(program, [
      ...wrapping,
      ...['--user', user, '--server', server, '--transport', transport, '--timeout', String(timeout)],
      ...['--accept-any-cert', '--login', login ?? user.replace(/^sip:/, ''), '--password', password ?? 'none'],
    ]);
    this.#child.stdin.on('error', () => undefined);
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#errors = (this.#errors + chunk.toString()).slice(-4000);
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      if (line.startsWith('{')) this.events.push(JSON.parse(line) as PeerEvent);
      for (const listener of [...this.#listeners]) listener();
    });
    this.exited = new Promise((done) => {
      this.#child.on('close', (code) => {
        this.#ended = true;
        done(code);
        for (const listener of [...this.#listeners]) listener();
      });
    });
  }

  /** One command line, for example `status busy In a workshop`. */
  send(command: string): void {
    this.#child.stdin.write(`${command}\n`);
  }

  /**
   * The first event, from `since` on (index into `events`), that fulfils the condition. Fails after `timeout` milliseconds
   * with all that was seen.
   */
  waitFor(condition: (event: PeerEvent) => boolean, timeout = 15_000, since = 0): Promise<PeerEvent> {
    return new Promise((found, failed) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(check);
      };
      const fail = (why: string): void => {
        finish();
        const seen = this.events.slice(since).map((event) => JSON.stringify(event));
        failed(new Error(`${why}; seen:\n${seen.join('\n')}\n${this.#errors}`));
      };
      const check = (): void => {
        const event = this.events.slice(since).find(condition);
        if (event) {
          finish();
          found(event);
        } else if (this.#ended) fail('the peer ended before the expected event');
      };
      const timer = setTimeout(() => fail(`no such event within ${timeout} ms`), timeout);
      this.#listeners.add(check);
      check();
    });
  }

  /** Ends the session properly; kills the process if it does not end. */
  async quit(): Promise<void> {
    if (!this.#ended) this.send('quit');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
    await this.exited;
    clearTimeout(timer);
  }
}
