import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DominoConfig } from '../../../src/bridge/config/config.js';
import { loadConfig } from '../../../src/bridge/config/load.js';
import { BridgeError } from '../../../src/presence/errors.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridge-domino-section-'));
  writeFileSync(join(folder, 'ocs-password'), 'secret\n', { mode: 0o600 });
  for (const name of ['ca.pem', 'bridge.pem', 'bridge.key']) writeFileSync(join(folder, name), 'not looked into\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

const PLACE = ['driver: domino-db', 'host: domino01.contoso.example', 'database: presence/presence.nsf'];
const FILES = ['caFile: ca.pem', 'certificateFile: bridge.pem', 'keyFile: bridge.key'];

/** The section `domino` with these lines. */
function domino(...lines: readonly string[]): DominoConfig {
  const file = join(folder, 'bridge.yaml');
  const ocs = ['ocs:', '  account: bridge@contoso.example', '  user: CONTOSO\\bridge', '  passwordFile: ocs-password'];
  const people = 'people: [{ address: ana@contoso.example }]\n';
  writeFileSync(file, [...ocs, 'domino:', ...lines.map((line) => `  ${line}`), people].join('\n'));
  return loadConfig(file).domino;
}

function refusal(...lines: readonly string[]): string {
  try {
    domino(...lines);
  } catch (error) {
    if (error instanceof BridgeError) return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('section domino for domino-db', () => {
  test('names the certificate files with their whole path: the driver reads them at each opening', () => {
    expect(domino(...PLACE, ...FILES)).toEqual({
      kind: 'domino-db',
      hostName: 'domino01.contoso.example',
      port: 3002,
      filePath: 'presence/presence.nsf',
      secure: true,
      rootCertificateFile: join(folder, 'ca.pem'),
      clientCertificateFile: join(folder, 'bridge.pem'),
      clientKeyFile: join(folder, 'bridge.key'),
    });
  });

  test('takes the key from what systemd gives the service, and says so when it gives nothing', () => {
    const files = FILES.map((line) => line.replace('bridge.key', 'credential:bridge.key'));
    expect(refusal(...PLACE, ...files)).toContain('systemd gave no credentials');
    vi.stubEnv('CREDENTIALS_DIRECTORY', folder);
    try {
      expect(domino(...PLACE, ...files)).toMatchObject({ clientKeyFile: join(folder, 'bridge.key') });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test.each(['caFile', 'certificateFile', 'keyFile'])('needs %s with TLS', (key) => {
    const others = FILES.filter((line) => !line.startsWith(key));
    expect(refusal(...PLACE, ...others)).toContain(`"${key}" is missing: TLS needs it`);
  });

  test('reports a file that cannot be read, at its line', () => {
    rmSync(join(folder, 'bridge.key'));
    expect(refusal(...PLACE, ...FILES)).toMatch(/bridge\.yaml:\d+:\d+: .*bridge\.key cannot be read: ENOENT/);
  });

  test('needs none of them without TLS', () => {
    expect(domino(...PLACE, 'secure: false')).toMatchObject({ secure: false });
  });
});
