import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startBridge } from '../../src/bridge/compose.js';
import { type BridgeConfig, NO_DIRECTORY } from '../../src/bridge/config/config.js';
import { person, sip } from '../support/people.js';
import { silentLog } from '../support/silent-log.js';

/** Listens on a port (0: a free one), gives its number and closes it again. Rejects when it is taken. */
function tryPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

test('a start that fails leaves no port open, which would keep the process alive', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bridge-compose-'));
  // A folder in the place of the file: it cannot be replaced.
  mkdirSync(join(folder, 'address'));
  const port = await tryPort(0);
  const config: BridgeConfig = {
    file: '(test)',
    bridge: {
      name: 'test',
      stateFolder: folder,
      language: 'en',
      window: 50,
      grace: 1000,
      heartbeat: 5000,
      batchSize: 100,
      sweepPerSecond: 50,
      reconcileAt: '02:30',
      lease: 90_000,
    },
    ocs: {
      account: sip('bridge@contoso.example'),
      user: 'bridge',
      domain: 'CONTOSO',
      password: 'x',
      server: { host: 'localhost', port: 1, transport: 'tls', tls: { exceptions: [] } },
      moreAccounts: [],
      alternates: [],
      trustedDomains: [],
      dialect: 'ocs',
      batchSize: 100,
      requestsPerSecond: 10,
      allowNtlmWithoutTls: false,
      allowDigestWithoutTls: false,
    },
    domino: { kind: 'embedded', folder: join(folder, 'data') },
    people: [person('ana@contoso.example')],
    directory: NO_DIRECTORY,
    notes: false,
    http: { host: '127.0.0.1', port, allowedOrigins: [] },
    logLevel: 'error',
  };
  await expect(startBridge(config, { log: silentLog })).rejects.toMatchObject({ code: 'CFG_INVALID' });
  await expect(tryPort(port)).resolves.toBe(port);
  rmSync(folder, { recursive: true });
});
