import { createPrivateKey } from 'node:crypto';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { certificateExpiry } from '../../../../src/notes/drivers/domino-db/certificate-expiry.js';
import {
  type ClientCertificateFiles,
  readClientCertificate,
} from '../../../../src/notes/drivers/domino-db/client-certificate.js';
import type { ServerCertificate } from '../../../../src/ocs/simulator/certificates.js';
import { BridgeError } from '../../../../src/presence/errors.js';
import { CertificateFolder } from '../../../support/client-certificate.js';

const NOW = Date.UTC(2026, 0, 5, 8);
const DAY_MS = 86_400_000;

let folder: CertificateFolder;
let files: ClientCertificateFiles;
let lasting: ServerCertificate;

beforeEach(async () => {
  folder = new CertificateFolder();
  files = folder.write(await CertificateFolder.issue(NOW, 200));
  lasting = await CertificateFolder.issue(NOW, 2000);
});

afterEach(() => folder.remove());

function refusal(now = NOW): BridgeError {
  try {
    readClientCertificate(files, now);
  } catch (thrown) {
    if (thrown instanceof BridgeError) return thrown;
    throw thrown;
  }
  throw new Error('the certificate was taken');
}

describe('readClientCertificate', () => {
  test('gives the contents of the files, whose certificate it is and when it ends', () => {
    const read = readClientCertificate(files, NOW);
    expect(read).toMatchObject({ subject: 'bridge.contoso.example', validTo: NOW + 200 * DAY_MS, doubts: [] });
    expect(read.clientKey.toString()).toContain('BEGIN PRIVATE KEY');
    expect(read.rootCertificate.equals(read.clientCertificate)).toBe(false);
  });

  test.each(['rootCertificateFile', 'clientCertificateFile', 'clientKeyFile'] as const)(
    'refuses a missing %s, and names it',
    (file) => {
      rmSync(files[file]);
      expect(refusal()).toMatchObject({ code: 'NOTES_CERTIFICATE', message: `${files[file]} cannot be read: ENOENT` });
    },
  );

  test('refuses a certificate that has expired, with the day', () => {
    expect(refusal(NOW + 201 * DAY_MS)).toMatchObject({
      code: 'NOTES_CERTIFICATE',
      message: 'The certificate of "bridge.contoso.example" expired on 2026-07-24.',
    });
  });

  test('refuses a certificate that is not yet valid', () => {
    expect(refusal(NOW - 101 * DAY_MS).message).toContain('is not valid before 2025-09-27');
  });

  test('refuses a key that belongs to another certificate', async () => {
    writeFileSync(files.clientKeyFile, (await CertificateFolder.issue(NOW, 200)).privateKey);
    expect(refusal().message).toContain('does not belong to the certificate');
  });

  test.each(['pkcs8', 'sec1'] as const)('refuses an encrypted key (%s), and says what to do', async (type) => {
    const { privateKey } = await CertificateFolder.issue(NOW, 200);
    const secret = { cipher: 'aes-256-cbc', passphrase: 'a passphrase' };
    writeFileSync(files.clientKeyFile, createPrivateKey(privateKey).export({ type, format: 'pem', ...secret }));
    const { message } = refusal();
    expect(message).toContain('is encrypted');
    expect(message).toContain('openssl pkey');
  });

  test.each([
    ['rootCertificateFile', '', 'holds no certificate in PEM form'],
    ['clientCertificateFile', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'cannot be read'],
    ['clientCertificateFile', '-----BEGIN CERTIFICATE-----\n', 'holds no certificate in PEM form'],
    ['clientKeyFile', '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n', 'holds no private key'],
    ['rootCertificateFile', 'x'.repeat(1024 * 1024 + 1), 'is larger than'],
  ] as const)('refuses a %s that holds something else', (file, content, said) => {
    writeFileSync(files[file], content);
    expect(refusal().message).toContain(said);
  });

  test('no refusal holds anything of a key', () => {
    writeFileSync(files.clientKeyFile, '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n');
    const refused = refusal();
    expect(JSON.stringify(refused) + String(refused.cause)).not.toContain('c2VjcmV0');
  });

  test('doubts a certificate that no authority of the file signed', async () => {
    const { caCertificate } = await CertificateFolder.issue(NOW, 200);
    const other = folder.write({ ...(await CertificateFolder.issue(NOW, 200)), caCertificate }, 'other');
    expect(readClientCertificate(other, NOW).doubts).toEqual([
      expect.stringContaining('None of the authorities signed the certificate of "bridge.contoso.example"'),
    ]);
  });

  test('doubts an authority that has expired', () => {
    const long = NOW + 1100 * DAY_MS;
    expect(readClientCertificate(folder.write(lasting), long).doubts).toEqual([
      'The authority "Throw-away authority of the OCS simulator" expired on 2028-10-01.',
    ]);
  });

  test.skipIf(process.platform === 'win32')('doubts a key that others can read', () => {
    chmodSync(files.clientKeyFile, 0o640);
    expect(readClientCertificate(files, NOW).doubts).toEqual([expect.stringContaining('run: chmod 600 ')]);
  });

  test.skipIf(process.platform === 'win32')(
    'does not doubt a key whose rights systemd shows as those of a group',
    () => {
      vi.stubEnv('CREDENTIALS_DIRECTORY', dirname(files.clientKeyFile));
      try {
        chmodSync(files.clientKeyFile, 0o440);
        expect(readClientCertificate(files, NOW).doubts).toEqual([]);
        chmodSync(files.clientKeyFile, 0o444);
        expect(readClientCertificate(files, NOW).doubts).toEqual([expect.stringContaining('run: chmod 600 ')]);
      } finally {
        vi.unstubAllEnvs();
      }
    },
  );
});

describe('certificateExpiry', () => {
  test.each([
    [31, undefined],
    [30, 30],
    [15, 30],
    [14, 14],
    [3.5, 14],
    [3, 3],
    [0, 3],
    [-1, 3],
  ])('with %d days left the threshold is %s', (days, within) => {
    expect(certificateExpiry(NOW + days * DAY_MS, NOW)).toEqual({ days: Math.floor(days), within });
  });
});
