import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { GuideShell, GuideTerminal, type ShellResult } from './guide-shell.js';
import { JOURNALCTL, NPM, SYSTEMCTL } from './guide-systemd.js';

/** What replaces what in commands and files; read anew at each use, since ports come to be known on the way. */
export type Replacements = () => readonly (readonly [text: string | RegExp, by: string])[];

/** Folders of a real machine that the guide names; on the machine of the test they lie below a folder of its own. */
const SYSTEM_FOLDERS = /(?<![\w.~/-])\/(?=(?:opt|etc|var|run)\/)/g;
/** Any other absolute path would leave that folder, but this one. */
const ABSOLUTE_PATH = /(?<![\w.~/:$}"'-])\/(?!dev\/null\b)[a-z]+\/[^\s"']*/g;

/** A machine of the guide's reader, in a folder: its own /opt, /etc and /var, a shell, and a stand-in for systemd. */
export class GuideMachine {
  readonly root: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #replacements: Replacements;
  readonly #shell: GuideShell;
  readonly terminals: GuideTerminal[] = [];

  /** `packages`: what `npm ci` brings. */
  constructor(root: string, packages: string, replacements: Replacements) {
    this.root = root;
    this.#replacements = replacements;
    for (const folder of ['bin', 'root', 'opt', 'etc/systemd/system', 'var/lib', 'run', 'usr/local/bin', 'tmp']) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    for (const [name, text] of Object.entries({ systemctl: SYSTEMCTL, journalctl: JOURNALCTL, npm: NPM })) {
      writeFileSync(join(root, 'bin', name), text, { mode: 0o755 });
    }
    const npm = execFileSync('bash', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
    const cache = execFileSync(npm, ['config', 'get', 'cache'], { encoding: 'utf8' }).trim();
    const path = [join(root, 'bin'), join(root, 'usr/local/bin'), dirname(process.execPath), '/usr/bin', '/bin'];
    this.#environment = {
      PATH: path.join(':'),
      HOME: join(root, 'root'),
      TMPDIR: join(root, 'tmp'),
      LC_ALL: 'C.UTF-8',
      GUIDE_ROOT: root,
      GUIDE_PACKAGES: packages,
      GUIDE_NPM: npm,
      CURL_CA_BUNDLE: join(root, 'etc/presence-bridge/contoso-ca.pem'),
      npm_config_prefix: join(root, 'usr/local'),
      // That of whoever runs the test: npm looks there for what it believes it must ask about packages that are there.
      npm_config_cache: cache,
      npm_config_offline: 'true',
      npm_config_ignore_scripts: 'true',
      npm_config_audit: 'false',
      npm_config_fund: 'false',
      npm_config_update_notifier: 'false',
      npm_config_omit: 'dev',
    };
    this.#shell = new GuideShell(join(root, 'root'), this.#environment);
  }

  /** Path of a file of this machine. */
  path(...parts: readonly string[]): string {
    return join(this.root, ...parts);
  }

  /** As it is run here. Throws when it would touch anything of the real machine. */
  translated(text: string): string {
    const outside = text.replace(SYSTEM_FOLDERS, '').match(ABSOLUTE_PATH);
    if (outside) throw new Error(`${outside.join(', ')} is not a path of the guide's machine`);
    let result = text.replace(SYSTEM_FOLDERS, `${this.root}/`);
    for (const [what, by] of this.#replacements()) result = result.replaceAll(what, by);
    return result;
  }

  async run(command: string, typed = ''): Promise<ShellResult> {
    return await this.#shell.run(this.translated(command), typed);
  }

  async open(command: string): Promise<GuideTerminal> {
    const folder = (await this.#shell.run('pwd')).output.trim();
    const terminal = new GuideTerminal(`exec ${this.translated(command)}`, folder, this.#environment);
    this.terminals.push(terminal);
    return terminal;
  }

  /** Does what an editor would: sections of `text` take the place of those in the configuration. */
  configure(file: string, text: string): void {
    const path = this.path('etc/presence-bridge', file);
    const before = parse(readFileSync(path, 'utf8')) as object;
    const sections = parse(this.translated(text)) as object;
    writeFileSync(path, stringify({ ...before, ...sections }));
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  async close(): Promise<void> {
    for (const terminal of this.terminals) await terminal.interrupt();
    if (existsSync(this.path('run/presence-bridge.pid'))) await this.run('systemctl stop presence-bridge');
    this.#shell.close();
  }
}

/** A second machine, set up like the first: program and configuration copied, state not. */
export function secondMachine(
  first: GuideMachine,
  root: string,
  packages: string,
  replacements: Replacements,
): GuideMachine {
  const second = new GuideMachine(root, packages, replacements);
  cpSync(first.path('etc'), second.path('etc'), { recursive: true });
  symlinkSync(first.path('opt/presence-bridge'), second.path('opt/presence-bridge'));
  symlinkSync(first.path('opt/presence-bridge/dist/cli/main.js'), second.path('usr/local/bin/presence-bridge'));
  return second;
}

/** The program's sources in a folder, as somebody unpacks them. */
export function unpackProgram(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', 'tsconfig.json', 'src', 'nsf-templates', 'docs']) {
    cpSync(name, join(folder, name), { recursive: true });
  }
}

/** The packages that the build and the program need, as `npm ci` would install them. */
export function packFolder(folder: string): void {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
  };
  const forBuild = ['typescript', '@types/node', '@types/ws', 'undici-types'].map((name) => `node_modules/${name}`);
  const top = (path: string): boolean =>
    path.startsWith('node_modules/') && path.lastIndexOf('node_modules/') === 0 && existsSync(path);
  const wanted = Object.entries(lock.packages).filter(
    ([path, { dev }]) => top(path) && (dev !== true || forBuild.includes(path)),
  );
  for (const [path] of wanted) {
    cpSync(path, join(folder, path.slice('node_modules/'.length)), { recursive: true, verbatimSymlinks: true });
  }
  mkdirSync(join(folder, '.bin'), { recursive: true });
  symlinkSync('../typescript/bin/tsc', join(folder, '.bin', 'tsc'));
  chmodSync(join(folder, 'typescript', 'bin', 'tsc'), 0o755);
}
