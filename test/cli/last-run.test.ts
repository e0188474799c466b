import type { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lastFailure } from '../../src/bridge/runtime/last-failure.js';
import { STATE_FILES, writeState } from '../../src/bridge/runtime/state-folder.js';
import { lockState } from '../../src/bridge/runtime/state-lock.js';
import { command, stoppableCommand } from '../support/command-line.js';

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

test.each(['status', 'reconcile'])(
  '%s sends no token to what took the port of a bridge that was killed',
  async (name) => {
    let requests = 0;
    taken.on('request', (_request, response) => {
      requests++;
      response.end('{}');
    });
    const state = join(folder, 'state');
    writeState(state, STATE_FILES.address, `http://127.0.0.1:${(taken.address() as AddressInfo).port}`);
    writeState(state, STATE_FILES.token, 'x'.repeat(43));
    const { code, err } = await command(name, '--config', join(folder, 'bridge.yaml'));
    expect([code, err, requests]).toEqual([69, expect.stringContaining('no bridge runs with this configuration'), 0]);
  },
);

test('status does not say that no bridge runs while one begins or ends', async () => {
  const unlock = lockState(join(folder, 'state'));
  const { code, err } = await command('status', '--config', join(folder, 'bridge.yaml'));
  unlock();
  expect([code, err]).toEqual([
    69,
    expect.stringMatching(/the bridge, process \d+, does not listen: it begins or ends/),
  ]);
});

test('a mistake of the program that nothing catches is kept as the reason too', async () => {
  const config = join(folder, 'bridge.yaml');
  writeFileSync(
    config,
    readFileSync(config, 'utf8').replace(/^http: .*$/m, 'http: { port: 0 }\nlog: { level: error }'),
  );
  const run = stoppableCommand(['run', '--json', '--config', config]);
  await expect.poll(run.output).toContain('"ok":true');
  const before = process.listenerCount('uncaughtExceptionMonitor');
  (process as EventEmitter).emit('uncaughtExceptionMonitor', new TypeError('x is not a function'));
  expect(lastFailure(join(folder, 'state'))).toMatchObject({ code: 'INTERNAL', message: 'x is not a function' });
  run.stop();
  expect(await run.result).toMatchObject({ code: 0 });
  expect(process.listenerCount('uncaughtExceptionMonitor')).toBe(before - 1);
});
