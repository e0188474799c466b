import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BridgeConfig } from '../../src/bridge/config/config.js';
import { checkHttp } from '../../src/cli/check-http.js';
import { CertificateFolder } from '../support/client-certificate.js';

let stateFolder: string;
const certificates = new CertificateFolder();
beforeEach(() => {
  stateFolder = mkdtempSync(join(tmpdir(), 'presence-check-http-'));
});
afterEach(() => {
  rmSync(stateFolder, { recursive: true, force: true });
  certificates.remove();
});

function found(http: Partial<BridgeConfig['http']> = {}) {
  const config = { http: { host: '127.0.0.1', port: 8480, allowedOrigins: [], ...http }, bridge: { stateFolder } };
  return [...checkHttp(config as unknown as BridgeConfig)].map(({ name, outcome }) => [name, outcome]);
}

async function tls(days: number): Promise<NonNullable<BridgeConfig['http']['tls']>> {
  const files = certificates.write(await CertificateFolder.issue(Date.now(), days));
  return { certificateFile: files.clientCertificateFile, keyFile: files.clientKeyFile };
}

test('there is nothing to say of a port as it comes', () => {
  expect(found()).toEqual([]);
});

test('warns of a port that others reach without TLS, and of presence without a token', () => {
  expect(found({ host: '0.0.0.0', presenceWithoutToken: ['read'] })).toEqual([
    ['HTTP port', 'warn'],
    ['Presence without token', 'warn'],
  ]);
});

test.each([
  [100, 'pass'],
  [10, 'warn'],
  [-10, 'warn'],
])('of a certificate that ends in %i days it says %s', async (days, outcome) => {
  expect(found({ host: '0.0.0.0', tls: await tls(days) })).toEqual([['HTTP certificate', outcome]]);
});

test('fails for files that cannot be used', async () => {
  const { certificateFile } = await tls(100);
  expect(found({ tls: { certificateFile, keyFile: certificateFile } })).toEqual([['HTTP certificate', 'fail']]);
});

test('warns of tokens that do not count', () => {
  mkdirSync(join(stateFolder, 'tokens'));
  writeFileSync(join(stateFolder, 'tokens', 'tokens.json'), '{', { mode: 0o600 });
  expect(found()).toEqual([['Tokens', 'warn']]);
});
