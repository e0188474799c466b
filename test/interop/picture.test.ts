import { copyFileSync, mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startHttpServer } from '../../src/bridge/api/server.js';
import { createMetrics } from '../../src/bridge/observe/metrics.js';
import { systemClock } from '../../src/bridge/runtime/system.js';
import { BadgePage } from '../support/badge-page.js';
import { bridgeStatus } from '../support/bridge-status.js';
import { launchBrowser, noBrowser } from '../support/chromium.js';
import { FakeViewFeed } from '../support/fake-view-feed.js';
import { person } from '../support/people.js';
import { eventually, Product } from '../support/product.js';
import { silentLog } from '../support/silent-log.js';
import { type FakePerson, FakeWatchedPeople } from '../support/watched-people.js';

const TARGET = 'build/board/demo.png';
const BADGES = 'build/board/badge.png';
/** Set to put new pictures into the documentation. */
const KEEP = process.env['PRESENCE_PICTURE'] !== undefined;

test.skipIf(noBrowser !== '')(`the board of the running demo is the picture of the README${noBrowser}`, async () => {
  const demo = new Product(['demo', '--seconds', '3', '--keep']);
  const browser = await launchBrowser();
  try {
    const address = await eventually('the address of the board', 30_000, () => /Board: (\S+)/.exec(demo.stdout)?.[1]);
    const page = await browser.newPage({ viewport: { width: 1120, height: 860 } });
    await page.goto(address);
    await page.getByText('Ana Reyes').waitFor();
    const busy = page.getByText(/^Busy, /);
    await busy.first().waitFor();
    // An icon that is shown for the first time comes a moment later.
    const areDrawn = '[...document.images].every(({ naturalWidth }) => naturalWidth > 0)';
    await expect.poll(() => page.evaluate(areDrawn), { timeout: 10_000 }).toBe(true);
    mkdirSync('build/board', { recursive: true });
    await page.screenshot({ path: TARGET });
    if (KEEP) copyFileSync(TARGET, 'docs/images/board.png');
    expect(await page.locator('img[src*="presence-"]').count()).toBeGreaterThan(20);
  } finally {
    await browser.close();
    expect(await demo.end()).toBe(0);
  }
});

/** People of the picture, and how they are. */
const SHOWN: Readonly<Record<string, Partial<FakePerson>>> = {
  'Ana Reyes': { status: 'busy', activity: 'on-the-phone' },
  'Ben Okoro': { status: 'available' },
  'Björn Åkesson': { status: 'busy', activity: 'in-a-meeting' },
  'Fatma Çelik': { status: 'available-idle' },
  'Łukasz Wójcik': { status: 'do-not-disturb', activity: 'presenting' },
  'Mei Tanaka': { status: 'away', outOfOffice: true },
  'Omar Haddad': { status: 'be-right-back' },
  'Zoë van Dijk': { status: 'unknown', observedAt: undefined },
};

test.skipIf(noBrowser !== '')(`badges of a page are the picture of the guide${noBrowser}`, async () => {
  const people = Object.entries(SHOWN).map(([name, look], n) => ({
    ...person(`sip:p${n}@contoso.example`, `CN=${name}/O=Contoso`),
    observedAt: 1,
    ...look,
  }));
  const watched = new FakeWatchedPeople(people);
  const site = await BadgePage.start();
  const server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    accessToken: 'Zm9yLXRlc3RzLW9ubHktMTI4LWJpdHM',
    withoutToken: ['stream'],
    allowedOrigins: [site.url],
    status: () => bridgeStatus(systemClock.now()),
    people: () => watched.all(),
    watched,
    views: new FakeViewFeed(),
    metrics: createMetrics({ include: 'bridge' }),
    clock: systemClock,
    log: silentLog,
  });
  site.bridge = server.url;
  const rows = Object.keys(SHOWN).map((name, n) => {
    const badge = (more: string): string => `<presence-badge address="p${n}@contoso.example"${more}></presence-badge>`;
    return `<tr><td>${badge('')} ${name}</td><td>${badge(' label="text"')}</td></tr>`;
  });
  site.body = `<table>${rows.join('')}</table>`;
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ deviceScaleFactor: 2, bypassCSP: true });
    await page.goto(site.url);
    await page.addStyleTag({ content: 'body{font:15px sans-serif}td{padding:3px 18px 3px 4px}' });
    await page.getByText('Away. Out of office').waitFor();
    await page.waitForTimeout(500);
    mkdirSync('build/board', { recursive: true });
    await page.locator('table').screenshot({ path: BADGES });
    if (KEEP) copyFileSync(BADGES, 'docs/images/badge.png');
    expect(await page.locator('presence-badge').count()).toBe(16);
  } finally {
    await browser.close();
    await server.close();
    await site.close();
  }
});
