import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shared } from './shared.js';

export interface KamailioOptions {
  /** Asks this user for this password at each REGISTER, SUBSCRIBE and PUBLISH (RFC 2617 digest). */
  readonly digest?: Digest;
}

interface Digest {
  readonly realm: string;
  readonly user: string;
  readonly password: string;
}

/** A running Kamailio with registrar and RFC 3856 presence, on loopback, TCP and UDP. */
export interface Kamailio {
  readonly port: number;
  stop(): Promise<void>;
}

/** Why Kamailio cannot be started here; `undefined` when it can. */
export function kamailioMissing(): string | undefined {
  if (shared === undefined || !existsSync(join(shared, 'peers', 'kamailio', 'run.sh')))
    return 'the configuration for Kamailio is absent';
  try {
    execFileSync('kamailio', ['-v'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'Kamailio is not installed (apt-get install kamailio kamailio-presence-modules)';
  }
}

/** Starts one in a folder of its own. Fails with its log when it does not listen within ten seconds. */
export async function startKamailio({ digest }: KamailioOptions = {}): Promise<Kamailio> {
  const peer = join(shared ?? '', 'peers', 'kamailio');
  const folder = mkdtempSync(join(tmpdir(), 'kamailio-'));
  const port = await freePort();
  const config = readFileSync(join(peer, 'kamailio.cfg'), 'utf8');
  // `run.sh` takes the configuration that lies beside it.
  writeFileSync(join(folder, 'kamailio.cfg'), digest === undefined ? config : withDigest(config, digest));
  writeFileSync(join(folder, 'run.sh'), readFileSync(join(peer, 'run.sh')), { mode: 0o755 });
  const child = spawn('sh', [join(folder, 'run.sh'), join(folder, 'run'), String(port)], { stdio: 'pipe' });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4000);
    });
  }
  const stop = async (): Promise<void> => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  if (await listens(port, child)) return { port, stop };
  await stop();
  throw new Error(`Kamailio did not start:\n${log}`);
}

function withDigest(config: string, { realm, user, password }: Digest): string {
  const check = [
    `	if (is_method("REGISTER|SUBSCRIBE|PUBLISH") && $fU == "${user}") {`,
    `		if (!pv_www_authenticate("${realm}", "${password}", "0")) {`,
    `			www_challenge("${realm}", "0");`,
    '			exit;',
    '		}',
    '	}',
    '',
  ].join('\n');
  const patched = config
    .replace('loadmodule "presence.so"', 'loadmodule "auth.so"\nloadmodule "presence.so"')
    .replace('	# requests inside a dialog', `${check}\n	# requests inside a dialog`);
  if (!patched.includes('auth.so') || !patched.includes('www_challenge'))
    throw new Error('the configuration for Kamailio has another shape than expected');
  return patched;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** True as soon as the port takes connections, false when the process ends or ten seconds have passed. */
async function listens(port: number, child: ChildProcess): Promise<boolean> {
  const until = Date.now() + 10_000;
  while (child.exitCode === null && Date.now() < until) {
    if (await takesConnection(port)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

function takesConnection(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    child.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
