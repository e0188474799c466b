import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import { SimulatedSite } from '../../src/cli/site/site.js';
import { SiteFolder } from '../../src/cli/site/site-folder.js';
import { statusOf } from '../../src/presence/availability.js';
import { isFresh } from '../../src/presence/freshness.js';
import { storedDocuments } from '../support/bridge-reader.js';
import { number, text } from '../support/chaos-domino.js';
import { eventually, Product } from '../support/product.js';
import { silentLog } from '../support/silent-log.js';
import { seededRandom } from '../support/simulated-clock.js';

const PEOPLE = 200;
const KILLS = 10;
const AVAILABILITIES = [3500, 6500, 9500, 15_500, 18_500];
/** What 1,000 documents may take, on a machine that is busy with other things. */
const CONVERGE_MS = 30_000;
const SEED = Number(process.env['PRESENCE_SEED'] ?? 30);
/** Heartbeats of the embedded store are whole seconds; three of 30 s make a status fresh. */
const FRESH_MS = 91_000;

const ports = { clock: systemClock, random: systemRandom, log: silentLog };

let folder: string;
let siteFolder: SiteFolder;
let site: SimulatedSite;
const random = seededRandom(SEED);

function changesSomebody(): void {
  const member = site.cast[Math.floor(random.unit() * site.cast.length)];
  const availability = AVAILABILITIES[Math.floor(random.unit() * AVAILABILITIES.length)];
  if (member === undefined || availability === undefined) throw new Error('nobody to change');
  const { displayName } = member;
  site.simulator.setPerson(member.uri, { availability, activity: '', note: '', outOfOffice: false, displayName });
}

async function bustles(milliseconds: number): Promise<void> {
  for (const end = performance.now() + milliseconds; performance.now() < end; ) {
    changesSomebody();
    await new Promise((resolve) => setTimeout(resolve, random.unit() * 20));
  }
}

/** Address and status of each document, sorted; two documents of one person show as two lines. */
function documents(): readonly string[] {
  return storedDocuments(join(folder, 'data'), 'Presence')
    .map((items) => `${text(items['sipaddress'])} ${text(items['status'])}`)
    .sort();
}

function isConverged(): true | undefined {
  const wanted = site.people.map(({ uri }) => `${uri} ${statusOf(site.simulator.presenceOf(uri).availability)}`).sort();
  return JSON.stringify(documents()) === JSON.stringify(wanted) ? true : undefined;
}

/** When the newest heartbeat stops to confirm anything, milliseconds since 1970. */
function confirmedUntil(): { readonly connected: boolean; readonly isFreshAt: (now: number) => boolean } {
  const [items] = storedDocuments(join(folder, 'data'), 'PresenceBridge');
  const heartbeat = {
    connected: text(items?.['connected']) === '1',
    writtenAt: Date.parse(text(items?.['writtenat'])),
    interval: number(items?.['intervalseconds']) * 1000,
  };
  return { connected: heartbeat.connected, isFreshAt: (now) => isFresh(heartbeat, now) };
}

const start = (): Product => new Product(['run', '--config', siteFolder.configFile]);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'presence-kills-'));
  siteFolder = new SiteFolder(folder);
  site = new SimulatedSite(
    {
      domain: 'contoso.example',
      size: PEOPLE,
      seed: 1,
      pace: { kind: 'wall-clock' },
      listen: { host: '127.0.0.1', tlsPort: 0 },
      password: siteFolder.password(systemRandom),
      certificates: await siteFolder.certificates(['localhost']),
    },
    ports,
  );
  const tlsPort = (await site.start()).tlsPort ?? 0;
  siteFolder.writeConfig({ account: site.service, people: site.people, tlsPort, httpPort: 0 });
});

afterEach(async () => {
  Product.endAll();
  await site.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a bridge of its own process, with its documents on disk', () => {
  test(`after each of ${KILLS} kill -9 all documents are as OCS says within 30 s of the start (row 30, seed ${SEED})`, async ({
    annotate,
  }) => {
    const startToConverged: number[] = [];
    let running = start();
    await eventually('first convergence', CONVERGE_MS, isConverged);
    for (let kill = 0; kill < KILLS; kill++) {
      await bustles(random.unit() * 1_500);
      await running.end('SIGKILL');
      const addresses = documents().map((line) => line.split(' ')[0]);
      expect(new Set(addresses).size, `kill ${kill}`).toBe(addresses.length);
      // Without a word, its last heartbeat still says connected: readers go by its age.
      expect(confirmedUntil().isFreshAt(Date.now() + FRESH_MS)).toBe(false);
      await bustles(200);
      running = start();
      const since = performance.now();
      await eventually(`convergence after kill ${kill}`, CONVERGE_MS, isConverged);
      startToConverged.push(Math.round(performance.now() - since));
    }
    expect(await running.end()).toBe(0);
    expect(confirmedUntil().connected).toBe(false);
    await annotate(`start_to_converged with ${PEOPLE} people, milliseconds: ${startToConverged.join(' ')}`);
  }, 600_000);

  test('after 40 s of SIGSTOP all is right again within a minute, without a restart (row 43)', async () => {
    const running = start();
    await eventually('first convergence', CONVERGE_MS, isConverged);
    process.kill(running.pid, 'SIGSTOP');
    await bustles(40_000);
    process.kill(running.pid, 'SIGCONT');
    await eventually('convergence', 60_000, isConverged);
    expect(await running.end()).toBe(0);
  }, 200_000);
});
