import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import type { Person, Random } from '../../bridge/ports.js';
import { createThrowAwayAuthority, type ServerCertificate } from '../../ocs/simulator/certificates.js';
import type { SimulatorAccount } from '../../ocs/simulator/options.js';
import { writeOutput } from '../write-output.js';

/** What a simulated site keeps between two starts, and what a bridge needs to sign in to it. */
export class SiteFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  get configFile(): string {
    return join(this.path, 'bridge.yaml');
  }

  get passwordFile(): string {
    return join(this.path, 'ocs-password');
  }

  /** Certificate of the authority that who connects has to trust. */
  get authorityFile(): string {
    return join(this.path, 'ca.pem');
  }

  /** The password of all accounts; made at the first start. */
  password(random: Random): string {
    if (!existsSync(this.passwordFile)) this.#write('ocs-password', `${random.bytes(12).toString('base64url')}\n`);
    return readFileSync(this.passwordFile, 'utf8').trim();
  }

  /** The certificate of the last start, or a new one. */
  async certificates(hostNames: readonly string[]): Promise<ServerCertificate> {
    const file = join(this.path, 'certificates.json');
    const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ServerCertificate) : undefined;
    const certificate = known ?? (await createThrowAwayAuthority(hostNames));
    if (known === undefined) this.#write('certificates.json', JSON.stringify(certificate));
    this.trust(certificate.caCertificate);
    return certificate;
  }

  /** Keeps the certificate of an authority for those who connect. */
  trust(caCertificate: string): void {
    this.#write('ca.pem', caCertificate);
  }

  /** A configuration that is ready to run. Written anew at each start, since ports and people may have changed. */
  writeConfig(site: { account: SimulatorAccount; people: readonly Person[]; tlsPort: number; httpPort: number }): void {
    const config = {
      bridge: { name: 'bridge', stateFolder: 'state' },
      ocs: {
        account: site.account.uri,
        user: `${site.account.domain}\\${site.account.user}`,
        passwordFile: 'ocs-password',
        server: { host: 'localhost', port: site.tlsPort, transport: 'tls' },
        tls: { caFile: 'ca.pem' },
      },
      domino: { driver: 'embedded', folder: 'data' },
      http: { port: site.httpPort },
      people: site.people.map(({ uri, name, displayName }) => ({
        address: uri,
        ...(name === undefined ? { displayName } : { name }),
      })),
    };
    const head = '# Written by "presence-bridge simulate" at each start; copy it to change it.\n';
    this.#write('bridge.yaml', head + stringify(config));
  }

  #write(name: string, text: string): void {
    writeOutput(join(this.path, name), text, { mode: 0o600 });
  }
}
