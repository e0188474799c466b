import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientCertificateFiles } from '../../src/notes/drivers/domino-db/client-certificate.js';
import { createAuthority, type ServerCertificate } from '../../src/ocs/simulator/certificates.js';

const DAY_MS = 86_400_000;

/** Certificates as an administrator would lay them down for the bridge: made for the test, gone after it. */
export class CertificateFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'presence-certificate-'));

  /** A certificate that began so many days ago and ends in so many days, with its authority. */
  static issue(now: number, validDays: number, sinceDays = 100): Promise<ServerCertificate> {
    const validity = { notBefore: new Date(now - sinceDays * DAY_MS), notAfter: new Date(now + validDays * DAY_MS) };
    const always = { notBefore: new Date(now - 1000 * DAY_MS), notAfter: new Date(now + 1000 * DAY_MS) };
    return createAuthority(always).then((authority) => authority.issue(['bridge.contoso.example'], validity));
  }

  /** Writes the three files, over those of an earlier call with the same name. */
  write({ caCertificate, certificate, privateKey }: ServerCertificate, name = 'bridge'): ClientCertificateFiles {
    const folder = join(this.path, name);
    mkdirSync(folder, { recursive: true });
    const files = {
      rootCertificateFile: join(folder, 'ca.pem'),
      clientCertificateFile: join(folder, 'certificate.pem'),
      clientKeyFile: join(folder, 'key.pem'),
    };
    writeFileSync(files.rootCertificateFile, caCertificate);
    writeFileSync(files.clientCertificateFile, certificate);
    writeFileSync(files.clientKeyFile, privateKey, { mode: 0o600 });
    return files;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
