import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import { SimulatedSite } from '../../src/cli/site/site.js';
import { SiteFolder } from '../../src/cli/site/site-folder.js';
import type { ServerCertificate } from '../../src/ocs/simulator/certificates.js';
import { statusOf } from '../../src/presence/availability.js';
import { BridgeReader, storedDocuments } from '../support/bridge-reader.js';
import { eventually, Product } from '../support/product.js';
import { silentLog } from '../support/silent-log.js';
import { seededRandom } from '../support/simulated-clock.js';

const PEOPLE = 40;
const AVAILABILITIES = [3500, 5000, 6500, 7500, 9500, 12_500, 15_500, 18_500];
/** Sign-in, first states and writes, on a machine that is busy with other things. */
const CONVERGE_MS = 30_000;
const SEED = Number(process.env['PRESENCE_SEED'] ?? Date.now() % 2 ** 31);

const ports = { clock: systemClock, random: systemRandom, log: silentLog };

describe('a bridge of its own process against a simulated server in this one', () => {
  let folder: string;
  let siteFolder: SiteFolder;
  let certificates: ServerCertificate;
  let site: SimulatedSite;
  let reader: BridgeReader;
  let port: number;
  const random = seededRandom(SEED);

  const startSite = async (tlsPort: number): Promise<number> => {
    site = new SimulatedSite(
      {
        domain: 'contoso.example',
        size: PEOPLE,
        seed: 1,
        pace: { kind: 'wall-clock' },
        listen: { host: '127.0.0.1', tlsPort },
        password: siteFolder.password(systemRandom),
        certificates,
      },
      ports,
    );
    return (await site.start()).tlsPort ?? 0;
  };

  const changeSomebody = (): void => {
    const member = site.cast[Math.floor(random.unit() * site.cast.length)];
    const availability = AVAILABILITIES[Math.floor(random.unit() * AVAILABILITIES.length)];
    if (member === undefined || availability === undefined) throw new Error('nobody to change');
    const { displayName } = member;
    site.simulator.setPerson(member.uri, { availability, activity: '', note: '', outOfOffice: false, displayName });
  };

  const truth = (): Map<string, string> =>
    new Map(site.people.map(({ uri }) => [uri, statusOf(site.simulator.presenceOf(uri).availability)]));

  /** Address and status of each document, sorted; two documents of one person show as two lines. */
  const documents = (): string[] =>
    storedDocuments(join(folder, 'data'), 'Presence')
      .map((items) => `${items['sipaddress']} ${items['status']}`)
      .sort();

  const converged = (): true | undefined => {
    const wanted = [...truth()].map(([uri, status]) => `${uri} ${status}`).sort();
    return JSON.stringify(documents()) === JSON.stringify(wanted) ? true : undefined;
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'presence-resilience-'));
    siteFolder = new SiteFolder(folder);
    certificates = await siteFolder.certificates(['localhost']);
    port = await startSite(0);
    siteFolder.writeConfig({ account: site.service, people: site.people, tlsPort: port, httpPort: 0 });
    reader = new BridgeReader(siteFolder.configFile);
  });

  afterEach(async () => {
    Product.endAll();
    await site.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test(`after kill -9 at 50 random moments the next start converges, with one document per person (seed ${SEED})`, async () => {
    const start = (): Product => new Product(['run', '--config', siteFolder.configFile]);
    let running = start();
    for (let round = 0; round < 50; round++) {
      // Every other time the victim has only just been started.
      const [victim, moment] = round % 2 === 0 ? [running, 500] : [start(), 2000];
      const end = performance.now() + random.unit() * moment;
      while (performance.now() < end) {
        changeSomebody();
        await new Promise((resolve) => setTimeout(resolve, random.unit() * 20));
      }
      await victim.end('SIGKILL');
      const addresses = documents().map((line) => line.split(' ')[0]);
      expect(new Set(addresses).size, `round ${round}`).toBe(addresses.length);
      running = start();
      await eventually(`convergence after round ${round}`, CONVERGE_MS, converged);
      if (round % 2 === 0) await running.end('SIGKILL');
    }
    await running.end();
  }, 600_000);

  test('60 s without the server: everybody is unknown within the grace, and right again afterwards, without a restart', async () => {
    for (let count = 0; count < 100; count++) changeSomebody();
    const bridge = new Product(['run', '--config', siteFolder.configFile]);
    await eventually('first convergence', CONVERGE_MS, converged);
    await site.stop();
    const lost = performance.now();
    await eventually('the API says unknown at once', 2000, async () =>
      (await reader.people()).every(({ status }) => status === 'unknown') ? true : undefined,
    );
    await eventually('every document says unknown within the grace of 20 s', 25_000, () =>
      documents().every((line) => line.endsWith(' unknown')) ? true : undefined,
    );
    expect(performance.now() - lost).toBeGreaterThan(18_000);
    await new Promise((resolve) => setTimeout(resolve, 60_000 - (performance.now() - lost)));
    expect(documents().every((line) => line.endsWith(' unknown'))).toBe(true);
    await startSite(port);
    for (let count = 0; count < 100; count++) changeSomebody();
    await eventually('everything is right again', 120_000, converged);
    expect(await bridge.end()).toBe(0);
    expect(documents().every((line) => line.endsWith(' unknown'))).toBe(true);
  }, 300_000);
});
