import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import { SimulatedSite } from '../../src/cli/site/site.js';
import { SiteFolder } from '../../src/cli/site/site-folder.js';
import type { SimulatorAddress } from '../../src/ocs/simulator/simulator.js';
import { createOcsSource, type OcsSource } from '../../src/ocs/source.js';
import { command, stoppableCommand } from '../support/command-line.js';
import { sip } from '../support/people.js';
import { silentLog } from '../support/silent-log.js';

const ALICE = sip('alice@contoso.example');

let folder: SiteFolder;
let site: SimulatedSite;
let address: SimulatorAddress;
const sources: OcsSource[] = [];

beforeEach(async () => {
  folder = new SiteFolder(mkdtempSync(join(tmpdir(), 'presence-own-')));
  const certificates = await folder.certificates(['localhost']);
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
  address = await site.start();
  const { tlsPort = 0 } = address;
  folder.writeConfig({ account: site.service, people: site.people, tlsPort, httpPort: 0 });
});
afterEach(async () => {
  for (const source of sources.splice(0)) await source.stop();
  await site.stop();
  rmSync(folder.path, { recursive: true, force: true });
});

const own = () => site.simulator.presenceOf(site.service.uri);
const set = (...args: readonly string[]) => ['set', ...args, '--config', folder.configFile];

/** Alice, who hears everything. */
async function alice(): Promise<string[]> {
  const heard: string[] = [];
  let state = '';
  const source = createOcsSource(
    {
      account: ALICE,
      user: 'alice',
      domain: 'CONTOSO',
      password: folder.password(systemRandom),
      server: {
        host: '127.0.0.1',
        port: address.tlsPort ?? 0,
        transport: 'tls',
        tls: { ca: address.caCertificate },
        serverName: 'localhost',
      },
      notes: false,
    },
    { clock: systemClock, random: systemRandom, log: silentLog },
  );
  sources.push(source);
  source.messages.onMessage(({ from, text }) => heard.push(`${from}: ${text}`));
  source.start({
    onLink: (report) => {
      state = report.state;
    },
    onObservations: () => {},
    onLost: () => {},
  });
  await vi.waitFor(() => expect(state).toBe('connected'), { timeout: 5_000 });
  return heard;
}

/** A bridge that runs with the configuration. */
async function bridge() {
  const running = stoppableCommand(['run', '--config', folder.configFile, '--json']);
  const state = async () =>
    JSON.parse((await command('status', '--json', '--config', folder.configFile)).out).status?.ocs.state;
  await expect.poll(state, { timeout: 5_000 }).toBe('connected');
  return running;
}

describe('set', () => {
  test('without a bridge signs in, shows the status until it is stopped, and takes it back', async () => {
    const running = stoppableCommand(set('busy', '--activity', 'in-a-meeting', '--note', 'Room 4'));
    await vi.waitFor(() => expect(running.output()).not.toBe(''), { timeout: 5_000 });
    expect(own()).toMatchObject({ availability: 6500, activity: 'in-a-meeting', note: 'Room 4' });
    running.stop();
    const { code, out, err } = await running.result;
    expect([code, out]).toEqual([0, `${site.service.uri}: busy, in-a-meeting, note "Room 4".\n`]);
    expect(err).toContain('Ctrl+C takes it back');
    expect(own().availability).toBe(18_500);
  });

  test('through a bridge ends at once; the status stays until it is cleared', async () => {
    const running = await bridge();
    const done = await command(...set('away', '--until', '30m', '--json'));
    expect([done.code, JSON.parse(done.out)]).toMatchObject([
      0,
      { ok: true, through: 'bridge', own: { status: 'away', until: expect.any(Number) } },
    ]);
    expect(own().availability).toBe(15_500);
    expect((await command(...set('--clear'))).out).toBe(`${site.service.uri}: no status of its own.\n`);
    expect(own().availability).toBe(18_500);
    await command(...set('busy'));
    expect(site.simulator.counters.logonsOk).toBe(1);
    running.stop();
    expect((await running.result).code).toBe(0);
    expect(own().availability).toBe(18_500);
  });

  test('ends by itself when the status does', async () => {
    const { code, err } = await command(...set('busy', '--until', '1s'));
    expect([code, err]).toMatchObject([0, expect.stringContaining('the status is taken back')]);
  });

  test('says in JSON how it went, and that there is nothing to take back', async () => {
    const { code, out } = await command(...set('--clear', '--json'));
    expect([code, JSON.parse(out)]).toMatchObject([0, { ok: true, own: null }]);
  });

  test.each([
    [[], 'Either a status or --clear'],
    [['busy', '--clear'], 'Either a status or --clear'],
    [['--clear', '--note', 'x'], 'cannot be used with'],
    [['bussy'], 'busy'],
    [['busy', '--until', 'soon'], 'a duration such as 30m'],
    [['busy', '--activity', 'dancing'], 'in-a-meeting'],
  ])('%j is refused with advice and 64', async (args, advice) => {
    const { code, err } = await command(...set(...args));
    expect([code, err]).toMatchObject([64, expect.stringContaining(advice)]);
  });

  test('tries a wrong password once, however often it runs, and a new one at once', async () => {
    const right = folder.password(systemRandom);
    const failed = () => site.simulator.counters.logonsFailed;
    writeFileSync(folder.passwordFile, 'wrong\n');
    for (let run = 0; run < 3; run++) {
      const { code, err } = await command(...set('busy'));
      expect([code, err, failed()]).toMatchObject([77, expect.stringContaining('OCS_BAD_CREDENTIALS'), 1]);
    }
    writeFileSync(folder.passwordFile, `${right}\n`);
    const running = stoppableCommand(set('busy'));
    await vi.waitFor(() => expect(running.output()).toContain('busy'), { timeout: 5_000 });
    running.stop();
    expect(await running.result).toMatchObject({ code: 0 });
  });
});

describe('im', () => {
  const im = (...args: readonly string[]) => command('im', '--config', folder.configFile, ...args);

  test('without a bridge signs in, delivers and signs off', async () => {
    const heard = await alice();
    const { code, out } = await im('Alice@contoso.example', 'The mail', 'server is back');
    expect([code, out]).toEqual([0, `Delivered to ${ALICE}.\n`]);
    expect(heard).toEqual([`${site.service.uri}: The mail server is back`]);
    expect(site.simulator.counters.badSignatures).toBe(0);
  });

  test('through a bridge uses its sign-in', async () => {
    const heard = await alice();
    const running = await bridge();
    const { code, out } = await im('alice@contoso.example', 'hello', '--json');
    expect([code, JSON.parse(out)]).toEqual([0, { ok: true, to: ALICE, through: 'bridge' }]);
    expect(heard).toHaveLength(1);
    expect(site.simulator.counters.logonsOk).toBe(2);
    const failed = await im('nobody@contoso.example', 'hello');
    expect([failed.code, failed.err]).toMatchObject([69, expect.stringContaining('nobody has this address (404)')]);
    running.stop();
    await running.result;
  });

  test('reads its text from standard input', async () => {
    const heard = await alice();
    const args = ['im', 'alice@contoso.example', '-', '--config', folder.configFile];
    const { code } = await stoppableCommand(args, 'two\nlines\n').result;
    expect([code, heard]).toEqual([0, [`${site.service.uri}: two\nlines`]]);
  });

  test('says why it was not delivered, and ends with 69', async () => {
    const { code, err } = await im('alice@contoso.example', 'hello');
    expect([code, err]).toMatchObject([69, expect.stringContaining('OCS_MESSAGE: The message was not delivered')]);
  });

  test.each([
    [['nobody', 'x'], '"user@host" was expected'],
    [['alice@contoso.example', ' '], 'The text is empty'],
    [['alice@contoso.example'], "missing required argument 'text'"],
  ])('%j is refused with 64', async (args, advice) => {
    const { code, err } = await im(...args);
    expect([code, err]).toMatchObject([64, expect.stringContaining(advice)]);
  });
});
