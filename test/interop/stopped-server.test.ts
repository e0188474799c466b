import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BridgeReader } from '../support/bridge-reader.js';
import { eventually, Product } from '../support/product.js';

/** A process that does not run any more, while the system goes on acknowledging what is sent to it. */
const DEAD_MS = 45_000;
const BACK_MS = 120_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'presence-stopped-'));
});
afterEach(() => {
  Product.endAll();
  rmSync(folder, { recursive: true, force: true });
});

test('a server whose process is stopped is given up within 45 seconds, and all is right again when it goes on', async () => {
  const ports = ['--tls-port', '0', '--http-port', '0'];
  const server = new Product(['simulate', '--folder', folder, '--people', '10', ...ports, '--json']);
  await server.ready<unknown>();
  const { pid } = server;
  const config = join(folder, 'bridge.yaml');
  const bridge = new Product(['run', '--config', config]);
  const reader = new BridgeReader(config);
  const counts = async () => (await reader.status()).counts;
  const known = async (): Promise<true | undefined> => {
    const status = await reader.status().catch(() => undefined);
    return status !== undefined && status.people > 0 && status.counts.unknown === 0 ? true : undefined;
  };
  await eventually('everybody is known', BACK_MS, known);
  process.kill(pid, 'SIGSTOP');
  const stoppedAt = performance.now();
  const { people } = await reader.status();
  await eventually('everybody is unknown', DEAD_MS, async () =>
    (await counts()).unknown === people ? true : undefined,
  );
  expect(performance.now() - stoppedAt).toBeLessThan(DEAD_MS);
  expect((await reader.status()).ocs.error?.code).toMatch(/^OCS_(TIMEOUT|UNREACHABLE|TLS_PROTOCOL)$/);
  process.kill(pid, 'SIGCONT');
  await eventually('everybody is known again', BACK_MS, known);
  expect(await bridge.end()).toBe(0);
}, 300_000);
