import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { type CertificateAuthority, createAuthority } from '../../src/ocs/simulator/certificates.js';
import { CertificateFolder } from '../support/client-certificate.js';
import { layDominoDbPackage } from '../support/domino-db-package.js';

const DAY_MS = 86_400_000;
const lasting = (days: number) => ({
  notBefore: new Date(Date.now() - 100 * DAY_MS),
  notAfter: new Date(Date.now() + days * DAY_MS),
});

let folder: string;
let modules: string;
let certificates: CertificateFolder;
let authority: CertificateAuthority;
let proton: Server;
let port: number;
let contacts: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'presence-check-db-'));
  modules = await layDominoDbPackage(folder);
  certificates = new CertificateFolder();
  authority = await createAuthority(lasting(400));
  const { caCertificate: ca, certificate: cert, privateKey: key } = await authority.issue(['localhost']);
  contacts = 0;
  proton = createServer({ ca, cert, key, requestCert: true, rejectUnauthorized: true, ALPNProtocols: ['h2'] });
  proton.on('connection', () => contacts++);
  await new Promise<void>((resolve) => proton.listen(0, '127.0.0.1', resolve));
  const address = proton.address();
  port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  await writeFile(join(folder, 'password'), 'nobody asks for it\n', { mode: 0o600 });
});

afterEach(async () => {
  await new Promise<void>((resolve) => proton.close(() => resolve()));
  certificates.remove();
  await rm(folder, { recursive: true, force: true });
});

interface Finding {
  readonly name: string;
  readonly outcome: string;
  readonly error?: { readonly code: string };
}

/** `check` in a process of its own with a certificate that lasts so long. Of OCS there is nothing. */
async function check(days: number, ...options: readonly string[]): Promise<readonly Finding[]> {
  const files = certificates.write(await authority.issue(['bridge.contoso.example'], lasting(days)));
  const config = {
    ocs: {
      account: 'sip:bridge@contoso.example',
      user: 'CONTOSO\\bridge',
      passwordFile: 'password',
      server: { host: 'localhost', port: 1 },
    },
    domino: {
      driver: 'domino-db',
      host: 'localhost',
      port,
      database: 'presence.nsf',
      caFile: files.rootCertificateFile,
      certificateFile: files.clientCertificateFile,
      keyFile: files.clientKeyFile,
    },
    people: [{ address: 'sip:ana@contoso.example' }],
  };
  await writeFile(join(folder, 'bridge.yaml'), stringify(config));
  const main = ['--import', import.meta.resolve('tsx'), 'src/cli/main.ts', 'check', '--json', ...options];
  const args = [...main, '--config', join(folder, 'bridge.yaml')];
  const out = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { env: { ...process.env, NODE_PATH: modules } }, (_, stdout) => resolve(stdout));
  });
  const { findings } = JSON.parse(out) as { readonly findings: readonly Finding[] };
  return findings.filter(({ name }) => name.startsWith('Domino'));
}

const inShort = (findings: readonly Finding[]) => findings.map(({ name, outcome }) => `${outcome} ${name}`);

test('check passes every step of a Domino server with Proton, and the process ends', async () => {
  expect(inShort(await check(200, '--write'))).toEqual([
    'pass Domino driver',
    'pass Domino certificate',
    'pass Domino connection',
    'pass Domino connection',
    'pass Domino database',
    'pass Domino documents',
    'pass Domino queries',
    'pass Domino rights',
    'pass Domino rights',
    'pass Domino rights',
  ]);
});

test('check warns of a certificate that ends soon, and goes on', async () => {
  const steps = inShort(await check(10));
  expect(steps.slice(1, 3)).toEqual(['warn Domino certificate', 'pass Domino connection']);
  expect(steps.at(-1)).toBe('note Domino rights');
});

test('check contacts nobody with a certificate that has expired', async () => {
  const findings = await check(-1);
  expect(findings.at(-1)).toMatchObject({ name: 'Domino certificate', error: { code: 'NOTES_CERTIFICATE' } });
  expect(contacts).toBe(0);
});

test('check tells that the server does not know our authority', async () => {
  authority = await createAuthority(lasting(400));
  expect((await check(200)).at(-1)).toMatchObject({
    name: 'Domino connection',
    error: { code: expect.stringMatching(/^NOTES_(UNTRUSTED|CERTIFICATE)$/) },
  });
});
