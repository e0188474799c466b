import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';

const PROGRAMS = {
  kdc: '/usr/sbin/krb5kdc',
  util: '/usr/sbin/kdb5_util',
  admin: '/usr/sbin/kadmin.local',
};

/** Why no KDC can be started here; `undefined` when it can. */
export function withoutKdc(): string | undefined {
  const missing = Object.values(PROGRAMS).filter((program) => !existsSync(program));
  return missing.length === 0 ? undefined : `not installed: ${missing.join(', ')} (Debian: krb5-kdc krb5-admin-server)`;
}

export const REALM = 'CONTOSO.EXAMPLE';

/** A real KDC of MIT Kerberos with a realm of its own, on loopback, with all its files in a temporary folder. */
export class Kdc {
  readonly folder: string;
  readonly #port: number;
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.#port = port;
  }

  static async start(): Promise<Kdc> {
    const kdc = new Kdc(mkdtempSync(join(tmpdir(), 'kdc-')), await freePort());
    kdc.#configure();
    execFileSync(PROGRAMS.util, ['create', '-s', '-r', REALM, '-P', 'master-of-a-test'], { env: kdc.#environment() });
    await kdc.restart();
    return kdc;
  }

  /** Path of the `krb5.conf` that leads to this KDC. */
  get configuration(): string {
    return join(this.folder, 'krb5.conf');
  }

  /** Lasts `maxLife` as `10 seconds`, when given. */
  addPrincipal(name: string, password?: string, maxLife?: string): void {
    const life = maxLife === undefined ? '' : `-maxlife "${maxLife}" `;
    const key = password === undefined ? '-randkey' : `-pw ${password}`;
    this.#admin(`addprinc ${life}+requires_preauth ${key} ${name}`);
  }

  /** Changes whatever `modprinc` can. */
  modify(name: string, change: string): void {
    this.#admin(`modprinc ${change} ${name}`);
  }

  changePassword(name: string, password: string): void {
    this.#admin(`cpw -pw ${password} ${name}`);
  }

  /** Gives a principal another key, which nobody has. */
  changeKey(name: string): void {
    this.#admin(`cpw -randkey ${name}`);
  }

  /** File with the key of a principal, whose password stays what it is. */
  keytab(name: string): string {
    const file = join(this.folder, `${name.replace(/\W/g, '-')}.keytab`);
    this.#admin(`ktadd -norandkey -k ${file} ${name}`);
    return file;
  }

  async restart(): Promise<void> {
    const child = spawn(PROGRAMS.kdc, ['-n'], { env: this.#environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    let said = '';
    await new Promise<void>((resolve, reject) => {
      const hear = (text: Buffer): void => {
        said += text.toString();
        if (said.includes('starting')) resolve();
      };
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      child.once('exit', (code) => reject(new Error(`the KDC ended with ${code}: ${said}`)));
    });
  }

  /** Ends the process; the realm stays for `restart`. */
  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #admin(query: string): void {
    execFileSync(PROGRAMS.admin, ['-r', REALM, '-q', query], { env: this.#environment(), stdio: 'pipe' });
  }

  #environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      KRB5_CONFIG: this.configuration,
      KRB5_KDC_PROFILE: join(this.folder, 'kdc.conf'),
    };
  }

  #configure(): void {
    const { folder } = this;
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      this.configuration,
      `[libdefaults]
  default_realm = ${REALM}
  dns_lookup_realm = false
  dns_lookup_kdc = false
  rdns = false
  udp_preference_limit = 1
[realms]
  ${REALM} = {
    kdc = 127.0.0.1:${this.#port}
  }
`,
    );
    writeFileSync(
      join(folder, 'kdc.conf'),
      `[kdcdefaults]
  kdc_listen = ""
  kdc_tcp_listen = 127.0.0.1:${this.#port}
[realms]
  ${REALM} = {
    database_name = ${join(folder, 'principal')}
    key_stash_file = ${join(folder, 'stash')}
    acl_file = ${join(folder, 'acl')}
    supported_enctypes = aes256-cts-hmac-sha1-96:normal
  }
[logging]
  kdc = FILE:${join(folder, 'kdc.log')}
`,
    );
    writeFileSync(join(folder, 'acl'), '');
  }
}
