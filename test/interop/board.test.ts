import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BoardSite, iconOf, rowOf, styleOf } from '../support/board-site.js';
import { launchBrowser, noBrowser } from '../support/chromium.js';

const PICTURES = new URL('../../build/board/', import.meta.url).pathname;

/** Texts that do not fit into their cell, and times of more than a line. */
const CUT = `[...document.querySelectorAll(innerWidth > 760 ? '.row th, .row td.text, thead th' : '.row th, .row td.text')].filter((cell) =>
  cell.scrollWidth > cell.clientWidth || (cell.matches('th + td + td') && cell.firstChild.getClientRects().length > 1)
).map((cell) => cell.textContent)`;

/** Names that begin before the icon left of them ends. */
const OVERLAPS = `[...document.querySelectorAll('.row th')].filter((name) =>
  name.previousSibling.querySelector('img').getBoundingClientRect().right > name.firstChild.getBoundingClientRect().left
).map((name) => name.textContent)`;

/** How many figures stand in each row. */
const ROW_SIZES = `Object.values(Object.groupBy(document.querySelectorAll('#counts button'), (figure) => figure.offsetTop))
  .map(({ length }) => length)`;

describe.skipIf(noBrowser !== '')(`board in a browser${noBrowser}`, () => {
  let browser: Browser;
  let site: BoardSite;

  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    site = new BoardSite(browser);
    await site.start();
  });
  afterEach(() => site.end());

  test('shows the rows of the view, the state of the bridge and the counts', async () => {
    const page = await site.open();
    await rowOf(page, 'Ana Reyes').waitFor();
    expect(await page.locator('tr.row').count()).toBe(site.office.statuses.length);
    expect(await page.locator('thead th').allTextContents()).toEqual([
      'Icon',
      'Name',
      'Status',
      'Since',
      'Out of office',
    ]);
    expect(await rowOf(page, 'Ana Reyes').innerText()).toContain('Busy, on the phone');
    expect(await iconOf(page, 'Ana Reyes').getAttribute('alt')).toBe('Busy, on the phone');
    expect(
      await iconOf(page, 'Ana Reyes').evaluate((icon) => (icon as unknown as { naturalWidth: number }).naturalWidth),
    ).toBe(16);
    expect(await page.locator('#ocs').innerText()).toContain('connected for 60\u00a0min');
    expect(await page.locator('#counts button').first().innerText()).toMatch(/7\s+Available/);
    expect(await page.locator('#spoken').textContent()).toBe('Live: statuses are current.');
    await page.screenshot({ path: `${PICTURES}light.png` });
    expect(site.complaints).toEqual([]);
  });

  test('takes the token out of the address', async () => {
    const page = await site.open();
    await rowOf(page, 'Ana Reyes').waitFor();
    expect(page.url()).toBe(`${site.url}/`);
    await page.reload();
    await rowOf(page, 'Ana Reyes').waitFor();
  });

  test('asks for the token when there is none or a wrong one', async () => {
    const page = await site.open({ locale: 'de-DE' }, '');
    await page.fill('#token', 'wrong');
    await page.keyboard.press('Enter');
    await page.locator('#sign-in-wrong', { hasText: 'Die Bridge nimmt diesen Schlüssel nicht an.' }).waitFor();
    await page.fill('#token', site.token);
    await page.keyboard.press('Enter');
    await rowOf(page, 'Ana Reyes').waitFor();
  });

  test('follows a change within a second and marks the row', async () => {
    const page = await site.open();
    await rowOf(page, 'Olivia Brandt').waitFor();
    const began = performance.now();
    site.office.put('Olivia Brandt', 'available', 571);
    await page.locator('tr.row.changed', { hasText: 'Olivia Brandt' }).getByText('Available').waitFor();
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(await iconOf(page, 'Olivia Brandt').getAttribute('alt')).toBe('Available');
  });

  test('moves a row under the heading of its new category and counts anew', async () => {
    const page = await site.open();
    await page.getByRole('button', { name: 'By status' }).click();
    const heading = page.locator('tr.heading', { hasText: /^Busy \d/ });
    await heading.waitFor();
    expect(await heading.innerText()).toMatch(/^Busy 3$/);
    site.office.put('Ana Reyes', 'available', 571);
    await page.locator('tr.heading', { hasText: /^Busy 2$/ }).waitFor();
    const lines = await page.locator('tbody tr').allInnerTexts();
    // By last name, so she is not the first.
    expect(lines.slice(0, 7).map((line) => line.trim().split(/[\t\n]/)[0])).toEqual([
      'Available 8',
      'Rosa Altmann',
      'Noor van den Berg',
      'Yusuf Demir',
      'Katarzyna Nowak',
      'Amara Okafor',
      'Ana Reyes',
    ]);
    expect(site.complaints).toEqual([]);
  });

  test('keeps hostile names as text and runs nothing of them', async () => {
    const page = await site.open();
    const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script> {query}';
    site.office.put(hostile, 'away', 571);
    await rowOf(page, hostile).waitFor();
    expect(await rowOf(page, hostile).locator('th').textContent()).toBe(hostile);
    expect(await page.locator('tbody b, tbody script, tbody [onerror]').count()).toBe(0);
    expect(await page.title()).toBe('Presence');
    expect(site.complaints).toEqual([]);
  });

  test('says "not confirmed" and turns grey while the bridge has no connection to OCS', async () => {
    const page = await site.open();
    await rowOf(page, 'Ana Reyes').waitFor();
    site.change = { ocs: { state: 'transient-disconnect', since: Date.now() } };
    await page.locator('#banner', { hasText: 'Not confirmed.' }).waitFor();
    expect(await page.locator('#banner').innerText()).toContain('the last known ones');
    expect(await styleOf(iconOf(page, 'Amara Okafor'), 'filter')).toBe('grayscale(1)');
    expect(await page.locator('#spoken').textContent()).toContain('no connection to OCS');
    await page.screenshot({ path: `${PICTURES}not-confirmed.png` });
    site.change = {};
    await page.locator('#banner').waitFor({ state: 'hidden' });
    expect(await styleOf(iconOf(page, 'Amara Okafor'), 'filter')).toBe('none');
  });

  test('says so when the bridge is gone, comes back by itself and shows what changed meanwhile', async () => {
    const page = await site.open();
    await rowOf(page, 'Ana Reyes').waitFor();
    const { port } = site;
    await site.stop();
    await page.locator('#banner', { hasText: 'The connection to the bridge is lost' }).waitFor();
    expect(await page.locator('body').getAttribute('class')).toContain('unconfirmed');
    expect(await page.locator('#links dd').allInnerTexts()).toEqual(['not known', 'not known', 'not known']);
    expect(await page.locator('#spoken').textContent()).toBe(
      'Not confirmed. The connection to the bridge is lost. All that stands below is the last known state.',
    );
    site.office.put('Ana Reyes', 'offline', 571);
    await site.start({ port });
    await rowOf(page, 'Ana Reyes').getByText('Offline').waitFor();
    await page.locator('#banner').waitFor({ state: 'hidden' });
    expect(await page.locator('#ocs dd').innerText()).toBe('connected for 60\u00a0min');
  });

  test('speaks the language of the template, whatever the browser speaks', async () => {
    const english = await site.open({ locale: 'de-DE' });
    await rowOf(english, 'Ana Reyes').waitFor();
    expect(await english.locator('h1').innerText()).toBe('Presence');
    expect(await english.locator('#counts button').first().innerText()).toMatch(/7\s+Available/);
    expect(await english.locator('html').getAttribute('lang')).toBe('en');
    await site.serveGerman();
    const german = await site.open({ locale: 'en-GB' });
    await rowOf(german, 'Ana Reyes').waitFor();
    expect(await german.locator('h1').innerText()).toBe('Anwesenheit');
    expect(await german.locator('#counts button').first().innerText()).toMatch(/7\s+Verfügbar/);
    expect(await german.locator('html').getAttribute('lang')).toBe('de');
    expect(await german.locator('#spoken').textContent()).toBe('Live: Alle Angaben sind aktuell.');
  });

  test('cuts no text and breaks no time at any width, and keeps the figures in even rows', async () => {
    await site.serveGerman();
    const page = await site.open();
    await rowOf(page, 'Ana Reyes').waitFor();
    for (const width of [1120, 1061, 1060, 900, 800, 761, 760, 360, 320]) {
      await page.setViewportSize({ width, height: 800 });
      expect([width, await page.evaluate(CUT)]).toEqual([width, []]);
      expect([width, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([width, width]);
      expect([width, await page.evaluate(OVERLAPS)]).toEqual([width, []]);
      expect([width, await page.evaluate(ROW_SIZES)]).toEqual([width, width > 1060 ? [9] : [3, 3, 3]]);
    }
  });

  test('searches while typing, from the keyboard alone', async () => {
    const page = await site.open();
    await rowOf(page, 'Ana Reyes').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('dvorak');
    expect(await page.locator('tr.row').allInnerTexts()).toEqual([expect.stringContaining('Tomáš Dvořák')]);
    expect(await page.locator('#shown').innerText()).toBe('1 of 21 people');
    await page.keyboard.press('Escape');
    expect(await page.locator('tr.row').count()).toBe(21);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.locator('tr.heading').first().waitFor();
  });

  test('is readable in dark, on a narrow screen, in German, and still without animation', async () => {
    await site.serveGerman();
    const page = await site.open({
      colorScheme: 'dark',
      locale: 'de-DE',
      viewport: { width: 390, height: 844 },
      deviceScaleFactor: 2,
      reducedMotion: 'reduce',
    });
    await rowOf(page, 'Ana Reyes').waitFor();
    expect(await page.locator('h1').innerText()).toBe('Anwesenheit');
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(18, 23, 26)');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    site.office.put('Ana Reyes', 'away', 571);
    await page.locator('tr.row.changed').waitFor();
    expect(await styleOf(page.locator('tr.row.changed'), 'animationName')).toBe('none');
    await page.screenshot({ path: `${PICTURES}dark-narrow.png` });
    expect(site.complaints).toEqual([]);
  });
});
