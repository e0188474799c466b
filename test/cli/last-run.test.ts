import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { command } from '../support/command-line.js';

let folder: string;
let taken: Server;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'last-run-'));
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  writeFileSync(join(folder, 'password'), 'secret', { mode: 0o600 });
  writeFileSync(
    join(folder, 'bridge.yaml'),
    `ocs: { account: "sip:bridge@contoso.example", user: bridge, passwordFile: password, server: { host: 127.0.0.1, port: 5061 } }
http: { port: ${(taken.address() as AddressInfo).port} }
people: [{ address: "sip:ana@contoso.example" }]
`,
  );
});

afterEach(async () => {
  await new Promise((resolve) => taken.close(resolve));
  rmSync(folder, { recursive: true });
});

test('status says why the last run ended when no bridge runs any more', async () => {
  const config = ['--config', join(folder, 'bridge.yaml')];
  const run = await command('run', ...config);
  expect(run.err).toContain('API_PORT');
  const { err } = await command('status', ...config);
  expect(err).toMatch(
    /no bridge runs with this configuration; the last run ended at 20\S+Z with API_PORT: cannot listen/,
  );
});

test('check says so too, with what to do next', async () => {
  const config = ['--config', join(folder, 'bridge.yaml')];
  await command('run', ...config);
  await command('run', ...config);
  const { out } = await command('check', '--json', ...config);
  const { findings } = JSON.parse(out) as { findings: { name: string; outcome: string; detail: string }[] };
  expect(findings).toContainEqual({
    name: 'Last run',
    outcome: 'warn',
    detail: expect.stringMatching(/with API_PORT, 2 times in a row: cannot listen/),
    next: expect.stringContaining('port'),
  });
});
