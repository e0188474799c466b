import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BoardSite, namesOn, rowOf, styleOf } from '../support/board-site.js';
import { launchBrowser, noBrowser } from '../support/chromium.js';

const FOCUSED = 'document.activeElement?.textContent?.trim() ?? ""';

/** What a reader chooses to see, and how: search, statuses, groups, keyboard, appearance. */
describe.skipIf(noBrowser !== '')(`choices on the board${noBrowser}`, () => {
  let browser: Browser;
  let site: BoardSite;

  const figure = (page: Page, status: string) => page.locator(`#counts [data-status="${status}"]`);
  const pressed = (page: Page) => page.locator('#counts [aria-pressed="true"]').allInnerTexts();

  async function open(...options: Parameters<BoardSite['open']>): Promise<Page> {
    const page = await site.open(...options);
    await page.locator('tr.row').first().waitFor();
    return page;
  }

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    site = new BoardSite(browser);
    await site.start();
    site.addLists();
  });
  afterEach(() => site.end());

  test('a figure shows the people of its status alone, several show all of theirs', async () => {
    const page = await open();
    await figure(page, 'do-not-disturb').click();
    expect(await namesOn(page)).toEqual(['Liam O’Connor', 'Daniel Weiß']);
    expect(await figure(page, 'do-not-disturb').getAttribute('aria-pressed')).toBe('true');
    await figure(page, 'be-right-back').click();
    expect(await namesOn(page)).toEqual(['Liam O’Connor', 'Ingrid Sørensen', 'Daniel Weiß']);
    expect(await page.locator('#shown').innerText()).toBe('3 of 21 people');
    await figure(page, 'do-not-disturb').click();
    expect(await namesOn(page)).toEqual(['Ingrid Sørensen']);
    await page.locator('#spoken', { hasText: '1 of 21 people' }).waitFor({ state: 'attached' });
    expect(site.complaints).toEqual([]);
  });

  test('somebody who gets another status leaves the choice and the figures follow', async () => {
    const page = await open();
    await figure(page, 'do-not-disturb').click();
    site.office.put('Daniel Weiß', 'away', 571);
    await rowOf(page, 'Daniel Weiß').waitFor({ state: 'detached' });
    expect(await figure(page, 'do-not-disturb').locator('b').innerText()).toBe('1');
    expect(await figure(page, 'away').locator('b').innerText()).toBe('4');
  });

  test('a group shows its members, together with search and statuses', async () => {
    const page = await open();
    await page.getByLabel('Group').selectOption({ label: 'Sales' });
    await expect.poll(() => namesOn(page)).toEqual(['Rosa Altmann', 'Olivia Brandt', 'Ana Reyes']);
    expect(await figure(page, 'busy').locator('b').innerText()).toBe('2');
    await figure(page, 'busy').click();
    expect(await namesOn(page)).toEqual(['Olivia Brandt', 'Ana Reyes']);
    await page.locator('#search').fill('phone REYES');
    expect(await namesOn(page)).toEqual(['Ana Reyes']);
    await page.getByRole('button', { name: 'Show everybody' }).click();
    await expect.poll(() => page.locator('tr.row').count()).toBe(21);
    expect(await page.evaluate('document.activeElement.id')).toBe('search');
  });

  test('without groups there is nothing to choose among', async () => {
    site.watched.setLists();
    const page = await open();
    expect(await page.locator('#list-place').isVisible()).toBe(false);
  });

  test('who joins a group is seen after the next connection', async () => {
    const page = await open();
    await page.getByLabel('Group').selectOption({ label: 'On call' });
    await expect.poll(() => namesOn(page)).toEqual(['Tomáš Dvořák', 'Elif Yılmaz']);
    const { port } = site;
    await site.stop();
    site.addLists();
    const [list] = site.watched.lists().filter(({ id }) => id === 'on-call');
    const everybody = site.office.people.slice(0, 3).map(({ uri }) => uri);
    if (list) site.watched.setLists({ ...list, members: everybody });
    await site.start({ port });
    await expect.poll(() => page.locator('tr.row').count(), { timeout: 15_000 }).toBe(3);
  });

  test('the address keeps what is shown, but neither token nor search', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'By status' }).click();
    await figure(page, 'busy').click();
    await page.getByLabel('Group').selectOption({ label: 'Sales' });
    await page.locator('#search').fill('ana');
    expect(page.url()).toBe(`${site.url}/#view=ByStatus&list=group:Sales&status=busy`);
    await page.reload();
    await expect.poll(() => namesOn(page)).toEqual(['Ana Reyes']);
    expect(await pressed(page)).toEqual([expect.stringContaining('Busy')]);
    expect(await page.locator('#search').inputValue()).toBe('ana');
    const other = await open({}, `#list=on-call&token=${site.token}`);
    await expect.poll(() => namesOn(other)).toEqual(['Tomáš Dvořák', 'Elif Yılmaz']);
    expect(other.url()).toBe(`${site.url}/#list=on-call`);
  });

  test('an address with statuses and groups that there are not shows everybody', async () => {
    const page = await open({}, `#status=sleeping,%3Cb%3E&list=group:Gone&view=Nothing&token=${site.token}`);
    await expect.poll(() => page.locator('tr.row').count()).toBe(21);
    await expect.poll(() => page.url()).toBe(`${site.url}/`);
  });

  test('works from the keyboard alone', async () => {
    const page = await open();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(FOCUSED)).toBe('To the list of people');
    expect(await page.locator('#skip').isVisible()).toBe(true);
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('people');
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.id')).toBe('search');
    await page.keyboard.press('Shift+Tab');
    expect(await page.evaluate(FOCUSED)).toBe('People');
    // One stop for all figures, arrows from one to the other.
    await page.keyboard.press('Shift+Tab');
    expect(await page.evaluate(FOCUSED)).toContain('Available');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate(FOCUSED)).toMatch(/^3\s+Busy$/);
    await page.keyboard.press('Space');
    expect(await page.locator('tr.row').count()).toBe(3);
    await page.keyboard.press('End');
    expect(await page.evaluate(FOCUSED)).toContain('Unknown');
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate(FOCUSED)).toContain('Available');
    await page.keyboard.press('Escape');
    expect(await page.locator('tr.row').count()).toBe(21);
    expect(await page.evaluate(FOCUSED)).toContain('Available');
    expect(await styleOf(page.locator(':focus'), 'outlineStyle')).toBe('solid');
  });

  test('keeps focus, place and selection through changes and a new connection', async () => {
    const page = await open({ viewport: { width: 1180, height: 300 } });
    await page.evaluate(`getSelection().selectAllChildren(document.querySelectorAll('tr.row th')[12])`);
    await figure(page, 'busy').focus();
    await page.evaluate('scrollTo(0, 300)');
    await page.evaluate(`window.kept = [...document.querySelectorAll('tr.row')]`);
    site.office.put('Ana Reyes', 'away', 571);
    await rowOf(page, 'Ana Reyes').getByText('Away').waitFor();
    const { port } = site;
    await site.stop();
    await page.locator('#banner', { hasText: 'Not confirmed.' }).waitFor();
    site.office.put('Ana Reyes', 'offline', 572);
    await site.start({ port });
    await rowOf(page, 'Ana Reyes').getByText('Offline').waitFor();
    expect(await page.evaluate(FOCUSED)).toContain('Busy');
    expect(await page.evaluate('String(getSelection())')).toBe('Amara Okafor');
    expect(await page.evaluate('[...document.querySelectorAll("tr.row")].every((row, at) => row === kept[at])')).toBe(
      true,
    );
  });

  test('everybody is unknown once what the bridge said is too old, and known again when it is back', async () => {
    await site.stop();
    site.freshMs = 1_500;
    site.stream = { statusEvery: 300, beat: 100 };
    await site.start();
    const page = await open();
    expect(await page.locator('#as-of').innerText()).toMatch(/^as of \d\d:\d\d$/);
    await page.waitForTimeout(2_500);
    expect(await page.locator('body.unconfirmed').count()).toBe(0);
    const { port } = site;
    await site.stop();
    await page.locator('#banner', { hasText: 'the last known state' }).waitFor();
    expect(await rowOf(page, 'Amara Okafor').innerText()).toContain('Available');
    await page.locator('#banner', { hasText: 'Everybody is shown as unknown' }).waitFor();
    expect(await page.locator('#banner').innerText()).toMatch(/Last confirmed at \d\d:\d\d, \d+\ss ago\./);
    expect(await page.locator('#as-of').innerText()).toMatch(/^as of \d\d:\d\d, \d+\ss ago$/);
    expect(await rowOf(page, 'Amara Okafor').innerText()).not.toContain('Available');
    expect(await page.locator('tr.row img[alt="Unknown"]').count()).toBe(21);
    expect(await page.locator('tr.row img').count()).toBe(21);
    expect(await figure(page, 'available').locator('b').innerText()).toBe('0');
    expect(await figure(page, 'unknown').locator('b').innerText()).toBe('21');
    await page.getByRole('button', { name: 'Try now' }).waitFor();
    await site.start({ port });
    await rowOf(page, 'Amara Okafor').getByText('Available').waitFor();
    expect(await figure(page, 'available').locator('b').innerText()).toBe('7');
  });

  test('everybody is unknown as soon as the bridge vouches for nobody', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'By status' }).click();
    const counts = { ...Object.fromEntries(site.office.statuses.map((status) => [status, 0])), unknown: 21 };
    site.change = { ocs: { state: 'refused', since: Date.now() }, counts: counts as never };
    await page.locator('#banner', { hasText: 'everybody is shown as unknown' }).waitFor();
    expect(await page.locator('tr.heading').allInnerTexts()).toEqual([expect.stringMatching(/^Unknown\s+21$/)]);
    site.change = {};
    await page.locator('tr.heading', { hasText: 'Available' }).first().waitFor();
  });

  test('the switch turns light and dark round, also after a reload, and follows the system again', async () => {
    const page = await open({ colorScheme: 'light' });
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const [light, dark] = ['rgb(243, 245, 244)', 'rgb(18, 23, 26)'];
    expect(await ground()).toBe(light);
    await page.getByRole('switch', { name: 'Dark appearance' }).click();
    expect(await ground()).toBe(dark);
    await page.reload();
    expect(await ground()).toBe(dark);
    expect(await page.getByRole('switch').getAttribute('aria-checked')).toBe('true');
    await page.getByRole('switch').click();
    expect(await ground()).toBe(light);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(ground).toBe(dark);
    expect(site.complaints).toEqual([]);
  });

  test('is a table to screen readers at every width', async () => {
    const page = await open();
    for (const width of [1180, 320]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.getByRole('table', { name: 'People' }).count()).toBe(1);
      expect(await page.getByRole('row').count()).toBe(22);
      expect(await page.getByRole('columnheader', { name: 'Status' }).count()).toBe(1);
      expect(await page.getByRole('rowheader', { name: 'Ana Reyes' }).count()).toBe(1);
    }
  });
});
