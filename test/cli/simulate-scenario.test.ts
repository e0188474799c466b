import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import { OwnActor } from '../../src/cli/site/own-actor.js';
import { command, stoppableCommand } from '../support/command-line.js';
import { sip } from '../support/people.js';
import { silentLog } from '../support/silent-log.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'presence-scenario-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(text: string): string {
  const file = join(folder, 'scenario.yaml');
  writeFileSync(file, text);
  return file;
}

const simulate = (...args: readonly string[]) => command('simulate', '--folder', folder, '--tls-port', '0', ...args);

describe('simulate --scenario', () => {
  test('plays a scenario of the package by its name, step by step', async () => {
    const { code, out } = await simulate('--scenario', 'instant-messages');
    expect(code).toBe(0);
    expect(out).toMatch(/✓ bridge hears "I shall look at it\." from carol within 5s\n/);
    expect(out).toContain('The scenario went as it says: 8 steps.');
  });

  test('ends with 65 and the line of the step that failed', async () => {
    const file = write(
      'name: x\npeople: [ana]\nactors: { bridge: {} }\nsteps:\n  - bridge sees ana busy within 10ms\n  - wait 1h\n',
    );
    const { code, out, err } = await simulate('--scenario', file);
    expect([code, err]).toMatchObject([65, expect.stringContaining(`SIM_SCENARIO: ${file}:5: bridge sees ana busy`)]);
    expect(out).toContain('✗ bridge sees ana busy within 10ms  (after 10ms: ana is seen as unknown)');
  });

  test('gives one JSON line for each step', async () => {
    const file = write('name: x\nsteps:\n  - wait 10ms\n  - server has counted at least 1 sign-ins\n');
    const { code, out } = await simulate('--scenario', file, '--json');
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(code).toBe(65);
    expect(lines).toMatchObject([
      { ok: true, tlsPort: expect.any(Number) },
      { line: 3, step: 'wait 10ms', outcome: 'done' },
      { line: 4, outcome: 'failed', reason: '0 were counted' },
      { ok: false, error: { code: 'SIM_SCENARIO' } },
    ]);
  });

  test('plays the side of the server to a client from outside, and sees what it is told', async () => {
    const file = write(`name: x
people: [ana]
actors: { bridge: { outside: true } }
steps:
  - ana becomes available
  - bridge signs in
  - bridge watches ana
  - bridge sees ana available within 10s
  - ana becomes busy "in a workshop"
  - bridge sees ana busy "in a workshop" within 10s
  - bridge hears "hello" from bridge
  - server stops
  - bridge is disconnected within 10s
`);
    const args = ['simulate', '--folder', folder, '--tls-port', '0', '--scenario', file, '--json'];
    const { result, output } = stoppableCommand(args);
    await expect.poll(output, { timeout: 8_000 }).toContain('"outcome":"done"');
    const { tlsPort } = JSON.parse(output().split('\n')[0] ?? '') as { tlsPort: number };
    const account = sip('bridge@contoso.example');
    const client = new OwnActor(
      {
        uriOf: (name) => sip(`${name}@contoso.example`),
        source: {
          account,
          user: 'bridge',
          domain: 'CONTOSO',
          password: readFileSync(join(folder, 'ocs-password'), 'utf8').trim(),
          server: {
            host: '127.0.0.1',
            port: tlsPort,
            transport: 'tls',
            tls: { ca: readFileSync(join(folder, 'ca.pem'), 'utf8') },
          },
          notes: true,
        },
      },
      { clock: systemClock, random: systemRandom, log: silentLog },
    );
    client.watch(['ana']);
    client.signIn(false);
    const { code, out } = await result;
    await client.signOff();
    const outcomes = out
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => (JSON.parse(line) as { outcome?: string }).outcome);
    expect([code, outcomes.join(' ')]).toEqual([0, 'done passed skipped passed done passed skipped done passed ']);
  });

  test('says where the mistakes of a file are, and contacts nothing', async () => {
    const file = write('name: x\nsteps:\n  - server stopps\n');
    const { code, err } = await simulate('--scenario', file);
    expect([code, err]).toMatchObject([65, expect.stringContaining(`${file}:3:12: "stopps" does not fit here`)]);
    const missing = await simulate('--scenario', 'no-such');
    expect([missing.code, missing.err]).toMatchObject([65, expect.stringContaining('--list-scenarios')]);
  });

  test('lists faults, scenarios and the sentences of steps', async () => {
    expect((await simulate('--list-faults')).out).toMatch(/^wrong-signature +n +Every n-th signature is wrong/m);
    expect((await simulate('--list-scenarios')).out).toMatch(/^restart +Restart of the server$/m);
    expect((await simulate('--list-steps')).out).toContain('server restarts [after <time>]\n');
  });

  test('lists them as JSON too', async () => {
    const { out } = await simulate('--list-faults', '--list-scenarios', '--list-steps', '--json');
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      faults: expect.arrayContaining([expect.objectContaining({ name: 'wrong-signature', value: 'n' })]),
      scope: expect.objectContaining({ count: expect.any(String) }),
      scenarios: expect.arrayContaining([{ name: 'restart', summary: 'Restart of the server' }]),
      steps: expect.arrayContaining([expect.objectContaining({ usage: 'server stops' })]),
    });
  });

  test('says which keys there are when one is misspelt', async () => {
    const { err } = await simulate('--scenario', write('name: x\npoeple: []\nsteps:\n  - wait 1s\n'));
    expect(err).toContain('unknown key "poeple"; valid keys are name, description, people, pools, actors, steps');
  });

  test('refuses a fault that there is not, with advice', async () => {
    const { code, err } = await simulate('--fault', 'slow=fast');
    expect([code, err]).toMatchObject([64, expect.stringContaining('"fast" is no whole number')]);
  });
});
