import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import { SimulatedSite } from '../../src/cli/site/site.js';
import { SiteFolder } from '../../src/cli/site/site-folder.js';
import { createThrowAwayAuthority, type ServerCertificate } from '../../src/ocs/simulator/certificates.js';
import { command, stoppableCommand } from '../support/command-line.js';
import { DnsServer } from '../support/dns-server.js';
import { silentLog } from '../support/silent-log.js';

let folder: SiteFolder;
let site: SimulatedSite;

async function start(certificates: ServerCertificate): Promise<void> {
  site = new SimulatedSite(
    {
      domain: 'contoso.example',
      size: 2,
      seed: 1,
      pace: { kind: 'wall-clock' },
      listen: { host: '127.0.0.1', tlsPort: 0 },
      password: folder.password(systemRandom),
      certificates,
    },
    { clock: systemClock, random: systemRandom, log: silentLog },
  );
  const { tlsPort = 0 } = await site.start();
  folder.writeConfig({ account: site.service, people: site.people, tlsPort, httpPort: 0 });
}

beforeEach(() => {
  folder = new SiteFolder(mkdtempSync(join(tmpdir(), 'presence-check-')));
});
afterEach(async () => {
  await site.stop();
  rmSync(folder.path, { recursive: true, force: true });
});

const check = () => command('check', '--config', folder.configFile);

describe('check', () => {
  test('passes every prerequisite of a site that is in order, and signs off again', async () => {
    await start(await folder.certificates(['localhost']));
    const { code, out } = await check();
    expect(out).not.toContain('FAIL');
    const passed = [...out.matchAll(/^pass {2}(\w+(?: \S+)?)/gm)].map(([, name]) => name);
    expect([code, passed]).toEqual([
      0,
      [
        'Configuration',
        'State folder',
        'OCS connection',
        'OCS certificate',
        'OCS sign-in',
        'Domino driver',
        'Domino database',
        'Domino documents',
        'Domino queries',
        'Directory source',
        'Directory source',
        'People',
      ],
    ]);
    expect(site.simulator.counters.logonsOk).toBe(1);
  });

  test('with --write proves the rights in the database, and leaves nothing there', async () => {
    await start(await folder.certificates(['localhost']));
    const { code, out } = await command('check', '--write', '--config', folder.configFile);
    expect([code, out.match(/^pass {2}Domino rights +May (create|change|delete) documents\.$/gm)?.length]).toEqual([
      0, 3,
    ]);
    expect((await check()).out).toMatch(/note {2}Domino rights +Not tried/);
  });

  test('leaves a bridge alone that runs with the same configuration', async () => {
    await start(await folder.certificates(['localhost']));
    const running = stoppableCommand(['run', '--config', folder.configFile, '--json']);
    const status = async () => JSON.parse((await command('status', '--json', '--config', folder.configFile)).out);
    await expect.poll(async () => (await status()).status?.ocs.state, { timeout: 5000 }).toBe('connected');
    const { since } = (await status()).status.ocs;
    const { code, out } = await check();
    expect([code, out.includes('in use by process')]).toEqual([0, true]);
    expect((await status()).status.ocs).toEqual({ state: 'connected', since });
    const second = await command('run', '--config', folder.configFile);
    expect([second.code, second.err]).toMatchObject([73, expect.stringContaining(`in use by process ${process.pid}`)]);
    expect((await status()).status.ocs.state).toBe('connected');
    running.stop();
    expect((await running.result).code).toBe(0);
  });

  test('with a wrong password ends with 77 after at most two attempts, and says that the account is not locked', async () => {
    await start(await folder.certificates(['localhost']));
    writeFileSync(folder.passwordFile, 'wrong\n');
    const { code, out } = await check();
    expect(code).toBe(77);
    expect(out).toMatch(/FAIL {2}OCS sign-in +OCS_BAD_CREDENTIALS: /);
    expect(site.simulator.counters.logonsFailed).toBeLessThanOrEqual(2);
    expect(out).not.toContain('wrong\n');
  });

  test('tries a wrong password once, however often it runs, and a new one at once', async () => {
    await start(await folder.certificates(['localhost']));
    const right = readFileSync(folder.passwordFile, 'utf8');
    writeFileSync(folder.passwordFile, 'wrong\n');
    await check();
    const { code, out } = await check();
    expect([code, site.simulator.counters.logonsFailed]).toEqual([77, 1]);
    expect(out).toContain('not tried again yet');
    writeFileSync(folder.passwordFile, right);
    expect((await check()).code).toBe(0);
  });

  test('tells what the server gave as the reason of a refusal', async () => {
    await start(await folder.certificates(['localhost']));
    const config = readFileSync(folder.configFile, 'utf8');
    writeFileSync(folder.configFile, config.replace(/account: .*/, 'account: sip:alice@contoso.example'));
    const { code, out } = await check();
    expect(code).toBe(77);
    expect(out).toMatch(/FAIL {2}OCS sign-in +OCS_FORBIDDEN: .*\n +diagnostics: 4004;.*reason="/);
  });

  test('says when the state folder cannot be used', async () => {
    await start(await folder.certificates(['localhost']));
    const config = readFileSync(folder.configFile, 'utf8');
    writeFileSync(folder.configFile, config.replace('stateFolder: state', 'stateFolder: ca.pem'));
    const { code, out } = await check();
    expect([code, out]).toMatchObject([78, expect.stringMatching(/FAIL {2}State folder +CFG_INVALID: .*ca\.pem/)]);
  });

  test('refuses the certificate of an authority it does not know', async () => {
    await folder.certificates(['localhost']);
    await start(await createThrowAwayAuthority(['localhost']));
    const { code, out } = await check();
    expect([code, out.includes('OCS_TLS_UNTRUSTED')]).toEqual([77, true]);
    expect(site.simulator.counters.registers).toBe(0);
  });

  test('refuses a certificate for another name, and gives both names', async () => {
    await start(await folder.certificates(['ocs99.contoso.example']));
    const { code, out } = await check();
    expect(code).toBe(77);
    const line = out.split('\n').find((text) => text.includes('OCS_TLS_NAME')) ?? '';
    expect(line).toContain('ocs99.contoso.example');
    expect(line).toContain('localhost');
    expect(site.simulator.counters.registers).toBe(0);
  });

  test('tells how it found the server: each look-up, what came and what won', async () => {
    await start(await folder.certificates(['ocs01.contoso.example']));
    const dns = new DnsServer();
    const nameServer = await dns.start();
    const config = parse(readFileSync(folder.configFile, 'utf8'));
    const { server, ...ocs } = config.ocs;
    dns
      .srv('_sip._tls.contoso.example', [{ target: 'ocs01.contoso.example', port: server.port, weight: 10 }])
      .a('ocs01.contoso.example', ['127.0.0.1']);
    const discovery = { domain: 'contoso.example', nameServers: [nameServer] };
    writeFileSync(folder.configFile, stringify({ ...config, ocs: { ...ocs, discovery } }));
    const { code, out } = await check();
    const { out: told } = await command('check', '--json', '--config', folder.configFile);
    await dns.stop();
    expect([code, out.includes('FAIL')]).toEqual([0, false]);
    expect(out).toMatch(/note {2}OCS discovery +SRV _sipinternaltls\._tcp\.contoso\.example: no such name\./);
    expect(out).toMatch(
      /note {2}OCS discovery +SRV _sip\._tls\..*priority 0 weight 10; taken: ocs01\.contoso\.example:\d+ TLS\./,
    );
    expect(out).toMatch(/note {2}OCS discovery +ocs01\..* is tried first: the only server found/);
    expect(out).toMatch(/pass {2}OCS connection +Connected to ocs01\.contoso\.example:\d+ \(127\.0\.0\.1\)\./);
    const { findings } = JSON.parse(told);
    const lookUps = findings.flatMap(({ lookUp }: { lookUp?: { asked: string } }) => lookUp?.asked ?? []);
    expect(lookUps).toEqual(['SRV _sipinternaltls._tcp.contoso.example', 'SRV _sip._tls.contoso.example']);
  });

  test('tells of every account whether it can sign in', async () => {
    await start(await folder.certificates(['localhost']));
    const config = parse(readFileSync(folder.configFile, 'utf8'));
    const more = {
      account: config.ocs.account.replace('sip:', 'sip:second.'),
      user: 'CONTOSO\\second',
      passwordFile: 'ocs-password',
    };
    writeFileSync(folder.configFile, stringify({ ...config, ocs: { ...config.ocs, moreAccounts: [more] } }));
    const { code, out } = await check();
    expect(code).toBe(77);
    expect(out).toMatch(/pass {2}OCS sign-in +Signed in/);
    expect(out).toMatch(/FAIL {2}OCS sign-in +OCS_BAD_CREDENTIALS/);
  });

  test('says where nobody listens', async () => {
    await start(await folder.certificates(['localhost']));
    await site.stop();
    const { code, out } = await check();
    expect([code, out.includes('OCS_UNREACHABLE')]).toEqual([69, true]);
  });

  test('prints neither the password nor the configuration', async () => {
    await start(await folder.certificates(['localhost']));
    const { out, err } = await command('check', '--json', '--config', folder.configFile);
    const secret = readFileSync(folder.passwordFile, 'utf8').trim();
    expect(JSON.parse(out)).toMatchObject({ ok: true });
    expect(out + err).not.toContain(secret);
  });
});
