import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BridgeError } from '../../src/presence/errors.js';
import { bridgeStatus } from '../support/bridge-status.js';
import { command, stoppableCommand } from '../support/command-line.js';
import { TOKEN, testServer } from '../support/http-server.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'presence-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('presence-bridge', () => {
  test('without a command shows its help and ends with 64', async () => {
    const { code, out, err } = await command();
    expect(code).toBe(64);
    expect(out + err).toContain('Usage: presence-bridge');
  });

  test.each([
    [['dmo'], 'Did you mean demo?'],
    [['run', '--confg', 'x'], 'Did you mean --config?'],
    [['demo', '--seconds', 'many'], 'A whole number between'],
    [['help', 'nosuch'], 'there is no command "nosuch"'],
    [['help', 'chek'], 'did you mean "check"?'],
    [['help', 'template', 'biuld'], 'did you mean "build"?'],
    [['simulate', '--domain', 'a b'], 'a host name without scheme'],
    [['init', '--host', 'bad host: x'], 'a host name without scheme'],
    [['init', '--account', 'foo'], '"foo" is not a SIP address'],
    [['init', '--user', 'a\nb'], 'cannot hold control characters'],
  ])('%j is refused with advice and 64', async (args, advice) => {
    const { code, err } = await command(...args);
    expect([code, err.includes(advice)]).toEqual([64, true]);
  });

  test('a language that the template does not have is refused with those that it has', async () => {
    const { code, err } = await command('template', 'build', '--lang', 'fr');
    expect([code, err]).toEqual([65, expect.stringContaining('the template has no language "fr", only de, en')]);
  });

  test('help shows the help of a command, or its own', async () => {
    const general = await command('help');
    expect([general.code, general.out]).toMatchObject([0, expect.stringContaining('Usage: presence-bridge [')]);
    const { code, out } = await command('help', 'template', 'build');
    expect([code, out]).toMatchObject([0, expect.stringContaining('Usage: presence-bridge template build')]);
  });

  test('--version and --help end with 0', async () => {
    expect((await command('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await command('--help')).code).toBe(0);
  });
});

describe('init', () => {
  const config = (): string => join(folder, 'etc', 'bridge.yaml');

  test('writes a configuration with the values given, and a password file for the owner only', async () => {
    const { code, out } = await command('init', '--config', config(), '--host', 'ocs7.example.org');
    expect([code, out.includes('presence-bridge check')]).toEqual([0, true]);
    expect(readFileSync(config(), 'utf8')).toContain('host: ocs7.example.org');
    expect(statSync(join(folder, 'etc', 'ocs-password')).mode & 0o777).toBe(0o600);
  });

  test('leaves a configuration alone that is there', async () => {
    await command('init', '--config', config());
    writeFileSync(config(), 'mine');
    const { code } = await command('init', '--config', config());
    expect([code, readFileSync(config(), 'utf8')]).toEqual([64, 'mine']);
  });

  test('leads to a configuration that only lacks its password', async () => {
    await command('init', '--config', config());
    const { code, err } = await command('check', '--config', config());
    expect([code, err.includes('is empty')]).toEqual([78, true]);
  });
});

test.each([
  ['init', '--config'],
  ['template', 'build', '--out'],
])('%s says with 73 where it cannot write', async (...args) => {
  writeFileSync(join(folder, 'file'), '');
  const { code, err } = await command(...args, join(folder, 'file', 'below'));
  expect([code, err.includes('CLI_OUTPUT')]).toEqual([73, true]);
});

describe('a command with a broken configuration', () => {
  test.each(['check', 'run', 'status'])('%s names the line, says what to do and ends with 78', async (name) => {
    const config = join(folder, 'bridge.yaml');
    writeFileSync(config, 'ocs:\n  acount: sip:a@b.example\n');
    const { code, err } = await command(name, '--config', config);
    expect(code).toBe(78);
    expect(err).toContain('bridge.yaml:2:3: unknown key "acount"; did you mean "account"?');
    expect(err).toContain('Correct the line that the message names.');
    expect(existsSync(join(folder, 'state'))).toBe(false);
  });

  test('--json reports the same to machines', async () => {
    const { code, out } = await command('check', '--json', '--config', join(folder, 'nowhere.yaml'));
    expect(code).toBe(78);
    expect(JSON.parse(out)).toMatchObject({ ok: false, error: { code: 'CFG_NOT_FOUND', retry: 'after-config' } });
  });
});

describe('template', () => {
  test.each(['en', 'de'])('build writes one importable database (%s)', async (language) => {
    const file = join(folder, 'presence.dxl');
    const { code, out } = await command('template', 'build', '--lang', language, '--out', file, '--json');
    expect(code).toBe(0);
    const { ok, file: written, elements } = JSON.parse(out);
    expect([ok, written, elements.every((name: unknown) => typeof name === 'string')]).toEqual([true, file, true]);
    expect(elements).toContain('Forms/Presence.form');
    expect(readFileSync(file, 'utf8')).toMatch(/<database [\s\S]*<\/database>\s*$/);
  });

  test('check finds no mistake in the template as it is', async () => {
    const { code, out } = await command('template', 'check', '--json');
    expect([code, JSON.parse(out)]).toMatchObject([0, { ok: true, findings: [] }]);
  });
});

describe('status', () => {
  const tokenFile = (): string => join(folder, 'token');
  const status = (url: string, ...more: readonly string[]) =>
    command('status', '--url', url, '--token-file', tokenFile(), ...more);

  test('says so when no bridge runs', async () => {
    writeFileSync(tokenFile(), 'x');
    const { code, err } = await status('http://127.0.0.1:1');
    expect([code, err.includes('API_UNREACHABLE')]).toEqual([69, true]);
  });

  test('names a token file that is not there', async () => {
    const { code, err } = await status('http://127.0.0.1:1');
    expect([code, err]).toMatchObject([64, expect.stringContaining(`${tokenFile()} cannot be read: ENOENT`)]);
  });

  test.each(['foo', 'localhost:8480', 'http://'])('refuses "%s" as an address', async (url) => {
    writeFileSync(tokenFile(), 'x');
    const { code, err } = await status(url);
    expect([code, err]).toMatchObject([64, expect.stringContaining(`"${url}" is not an address`)]);
  });

  test('says how long a partner is away, why, and when it is asked again', async () => {
    writeFileSync(tokenFile(), TOKEN);
    const server = await testServer();
    const now = Date.now();
    server.status = bridgeStatus(now, {
      ocs: {
        state: 'transient-disconnect',
        since: now - 50_000,
        error: new BridgeError('OCS_UNREACHABLE', 'No connection to ocs01:5061.'),
        retryAt: now + 12_900,
      },
      notes: { state: 'transient-disconnect', since: now - 90_000, retryAt: now - 1 },
    });
    const { code, out } = await status(server.url).finally(() => server.close());
    expect(code).toBe(0);
    expect(out).toMatch(
      /^OCS +transient-disconnect for 50s \(No connection to ocs01:5061\.\), next attempt in 1[23]s$/m,
    );
    expect(out).toMatch(/^Domino +transient-disconnect for 1m, trying now$/m);
  });

  test.each([
    ['node2 (/var/lib/presence-bridge)', 'node2 (/var/lib/presence-bridge) writes'],
    ['', 'no bridge is known to write, see "presence-bridge check"'],
  ])('on standby behind "%s" says who writes, or that nobody does', async (holder, said) => {
    writeFileSync(tokenFile(), TOKEN);
    const server = await testServer();
    server.status = bridgeStatus(Date.now(), { role: { state: 'standby', since: Date.now() - 50_000, holder } });
    const { out } = await status(server.url).finally(() => server.close());
    expect(out).toContain(`Role       standby for 50s; ${said}\n`);
  });

  test('says in one line what the watching costs the server', async () => {
    writeFileSync(tokenFile(), TOKEN);
    const server = await testServer();
    const watching = { dialogs: 2, subscribed: 97, categorySubscriptions: 194, polled: 3 };
    server.status = bridgeStatus(Date.now(), { watching });
    const { out } = await status(server.url).finally(() => server.close());
    expect(out).toMatch(/^Watching +97 subscribed \(194 categories in 2 dialogs\), 3 polled$/m);
  });
});

describe('simulate', () => {
  test('says how to sign in with a client of your own', async () => {
    const args = ['simulate', '--folder', folder, '--people', '2', '--tls-port', '0', '--tcp-port', '0'];
    const { result, output, stop } = stoppableCommand(args);
    await expect.poll(output).toContain('Ctrl+C ends it.');
    stop();
    const { code, out } = await result;
    expect(code).toBe(0);
    expect(out).toContain('sip:alice@contoso.example');
    expect(out).toContain('CONTOSO\\alice');
    expect(out).toContain(join(folder, 'ca.pem'));
    expect(out).toMatch(/Server +127\.0\.0\.1:\d+ \(TLS\), 127\.0\.0\.1:\d+ \(TCP\)\n/);
    expect(out).not.toContain(readFileSync(join(folder, 'ocs-password'), 'utf8').trim());
  });

  test('tells an address that is none from a port that is taken', async () => {
    const simulate = (...more: readonly string[]) => command('simulate', '--folder', folder, '--people', '1', ...more);
    const wrong = await simulate('--host', '192.0.2.1', '--tls-port', '0');
    expect([wrong.code, wrong.err]).toMatchObject([73, expect.stringMatching(/^SIM_ADDRESS: [\s\S]*--host/)]);
    const server = await testServer();
    const taken = await simulate('--tls-port', new URL(server.url).port).finally(() => server.close());
    expect([taken.code, taken.err]).toMatchObject([73, expect.stringMatching(/^SIM_PORT: [\s\S]*--tls-port/)]);
  });
});
