import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunningBridge } from '../../src/bridge/compose.js';
import { systemClock } from '../../src/bridge/runtime/system.js';
import type { PersonStatus } from '../../src/bridge/status.js';
import { DemoDay } from '../../src/cli/demo/day.js';
import { availabilityOf, STATUSES } from '../../src/presence/availability.js';
import { launchBrowser, noBrowser } from '../support/chromium.js';
import { Gate } from '../support/pair-gate.js';
import { silentLog } from '../support/silent-log.js';
import { seededRandom } from '../support/simulated-clock.js';

const PEOPLE = 200;
/** Of them without a part in the cast. */
const GUESTS = 2;
const LOSS_MS = 30_000;
const STORM = STATUSES.filter((status) => availabilityOf(status) !== undefined);

const ROWS = `Object.fromEntries([...document.querySelectorAll('tr.row')].map((row) =>
  [row.dataset.id, row.querySelector('img').getAttribute('src') + ' ' + row.cells[2].textContent]))`;
const FIGURES = `Object.fromEntries([...document.querySelectorAll('#counts button')].map((button) =>
  [button.dataset.status, Number(button.querySelector('b').textContent)]))`;

/** A board over the whole way of a status: simulated OCS, bridge, store, template, stream, browser. */
describe.skipIf(noBrowser !== '')(`the board in a storm${noBrowser}`, () => {
  let browser: Browser;
  let day: DemoDay;
  let bridge: RunningBridge;
  let gate: Gate;
  let page: Page;
  let storm: NodeJS.Timeout;
  const random = seededRandom(7);
  const complaints: string[] = [];

  /** Several people change fifty times a second. */
  function blow(): void {
    storm = setInterval(() => {
      for (let one = 0; one < 4; one += 1) {
        const person = day.site.people[Math.floor(random.unit() * PEOPLE)];
        const status = STORM[Math.floor(random.unit() * STORM.length)];
        const availability = status && availabilityOf(status);
        if (person === undefined || availability === undefined) continue;
        const presence = day.site.simulator.presenceOf(person.uri);
        day.site.simulator.setPerson(person.uri, { ...presence, availability, activity: '' });
      }
    }, 20);
  }

  async function askBridge(): Promise<readonly PersonStatus[]> {
    const headers = { authorization: `Bearer ${bridge.token}` };
    const answer = await fetch(`${bridge.http.url}/api/v1/people`, { headers });
    return (await answer.json()) as readonly PersonStatus[];
  }

  /** The storm is over and everything has arrived: every row and every figure says what the bridge says. */
  async function expectTruth(): Promise<void> {
    await expect.poll(async () => (await askBridge()).every(({ written }) => written), { timeout: 15_000 }).toBe(true);
    const people = await askBridge();
    expect(people).toHaveLength(PEOPLE);
    const words = new Map(bridge.views.rows('People').map(({ id, cells }) => [id, cells]));
    const expected = people.map(({ key, status }): [string, string] => {
      const [icon, , text] = words.get(key) ?? [];
      expect(icon).toMatchObject({ image: `presence-${status}.gif` });
      return [key, `icons/presence-${status}.gif ${text?.kind === 'text' ? text.text : ''}`];
    });
    await expect.poll(() => page.evaluate(ROWS), { timeout: 5_000 }).toEqual(Object.fromEntries(expected));
    const count = (status: string) => people.filter((person) => person.status === status).length;
    expect(await page.evaluate(FIGURES)).toEqual(Object.fromEntries(STATUSES.map((status) => [status, count(status)])));
    expect(await page.locator('#banner').isVisible()).toBe(false);
  }

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  beforeEach(async () => {
    complaints.length = 0;
    day = new DemoDay(
      { people: PEOPLE - GUESTS, seed: 3, durationMs: 1, httpPort: 0 },
      { clock: systemClock, random, log: silentLog },
    );
    await day.open();
    ({ bridge } = day);
    // Everybody has signed in, so that nobody's own activity decides.
    for (const { uri } of day.site.people) {
      const presence = { availability: 3_500, activity: '', note: '', outOfOffice: false, displayName: '' };
      day.site.simulator.setPerson(uri, presence);
    }
    gate = new Gate(bridge.http.url);
    await gate.open();
    page = await browser.newPage({ viewport: { width: 1180, height: 860 } });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`http://${gate.host}/#token=${bridge.token}`);
    await expect.poll(() => page.locator('tr.row').count()).toBe(PEOPLE);
  });
  afterEach(async () => {
    clearInterval(storm);
    await page.close();
    await gate.close();
    await day.close();
  });

  test('every row is right after a storm, and after a loss of the network of 30 s within another', async () => {
    blow();
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    clearInterval(storm);
    await expectTruth();

    blow();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    gate.set('cut');
    await page.locator('#banner', { hasText: 'Not confirmed.' }).waitFor();
    await new Promise((resolve) => setTimeout(resolve, LOSS_MS));
    expect(await page.locator('body.unconfirmed').count()).toBe(1);
    gate.set('open');
    await page.locator('#banner').waitFor({ state: 'hidden', timeout: 35_000 });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    clearInterval(storm);
    await expectTruth();
    expect(complaints).toEqual([]);
  }, 180_000);

  test('notices by itself when nothing comes through any more, and is right afterwards', async () => {
    blow();
    gate.set('silent');
    await page.locator('#banner', { hasText: 'Not confirmed.' }).waitFor({ timeout: 60_000 });
    gate.set('open');
    await page.locator('#banner').waitFor({ state: 'hidden', timeout: 35_000 });
    clearInterval(storm);
    await expectTruth();
    expect(complaints).toEqual([]);
  }, 180_000);
});
