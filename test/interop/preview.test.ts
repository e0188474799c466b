import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DocumentTable } from '../../src/cli/preview/document-table.js';
import type { PreviewServer } from '../../src/cli/preview/preview-server.js';
import { sampleUnid } from '../../src/cli/preview/sample-person.js';
import { drawIcon } from '../../src/notes/template/icons/draw.js';
import { decodeGif } from '../../src/notes/template/icons/gif-decode.js';
import { fieldsOf } from '../../src/notes/template/item-fields.js';
import { readTemplateSource } from '../../src/notes/template/source/source.js';
import { imagesOf } from '../../src/notes/template/source/statuses.js';
import { launchBrowser, noBrowser } from '../support/chromium.js';
import { startPreviewSite } from '../support/preview-site.js';
import { TEMPLATE_FOLDER } from '../support/template.js';

/** Colours of the pixels of a PNG, `#rrggbb`; a browser reads it. */
const pixelsOf = (png: string): string => `(async () => {
  const image = new Image();
  image.src = 'data:image/png;base64,${png}';
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const drawing = canvas.getContext('2d');
  drawing.drawImage(image, 0, 0);
  const { data } = drawing.getImageData(0, 0, canvas.width, canvas.height);
  return Array.from({ length: data.length / 4 }, (_, at) =>
    '#' + [...data.slice(4 * at, 4 * at + 3)].map((part) => part.toString(16).padStart(2, '0')).join(''));
})()`;

/** Texts on the page whose contrast to what lies below them is less than 4.5 (WCAG 2.2, 1.4.3). */
const FAINT = `(() => {
  const parts = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((part) => part / 255).map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4).reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const below = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const style = getComputedStyle(one);
      const gradient = /rgb\\([^)]*\\)/.exec(style.backgroundImage);
      if (gradient) return parts(gradient[0]);
      const colour = parts(style.backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint = [];
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (texts.currentNode.data.trim() === '' || element.closest('.spoken, script, style') || element.getClientRects().length === 0) continue;
    if (element.disabled) continue;
    const [a, b] = [light(parts(getComputedStyle(element).color)), light(below(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) faint.push(texts.currentNode.data.trim() + ' ' + contrast.toFixed(2));
  }
  return faint;
})()`;

describe.skipIf(noBrowser !== '')(`preview of the template in a browser${noBrowser}`, () => {
  let browser: Browser;
  let server: PreviewServer;
  let documents: DocumentTable;
  let failures: readonly unknown[];
  const complaints: string[] = [];

  async function begin(people?: number): Promise<void> {
    ({ server, documents, failures } = await startPreviewSite(people === undefined ? {} : { people }));
  }

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1080, height: 700 }, ...options });
    const page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(server.url)) complaints.push(`foreign request: ${request.url()}`);
    });
    const answer = await page.goto(server.url + path);
    expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'");
    return page;
  }

  const selected = (page: Page) => page.locator('.line.selected');
  const lineOf = (page: Page, text: string) => page.locator('.line', { has: page.getByText(text, { exact: true }) });

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    complaints.length = 0;
    await begin();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await server.close();
    expect(complaints).toEqual([]);
    expect(failures).toEqual([]);
  });

  test('the icon column shows the very pixels of each picture of the catalogue', async () => {
    const { statuses } = readTemplateSource(TEMPLATE_FOLDER);
    const pictures = statuses ? imagesOf(statuses) : [];
    const page = await open('/en/view/People');
    await selected(page).waitFor();
    const shown = await page
      .locator('.line img')
      .evaluateAll((images) => images.map((image) => (image as unknown as { src: string }).src.split('/').at(-1)));
    // Every status of the sample stands in the view; so do the pictures of activities and the mark.
    expect(new Set(shown)).toEqual(new Set(pictures.map(({ name }) => name)));
    // What stands on the screen, not what was sent: scaled or shifted pictures would be other pixels.
    const reader = await browser.newPage();
    for (const { name, icon } of pictures) {
      const decoded = decodeGif(drawIcon(icon));
      if (!decoded.ok) throw new Error(decoded.reason);
      const { palette, pixels, transparent } = decoded.value;
      const line = page.locator('.line:not(.selected)', { has: page.locator(`img[src$="/${name}"]`) }).first();
      const image = line.locator(`img[src$="/${name}"]`);
      const below = (await line.getAttribute('class'))?.includes('alternate') ? '#f6f8fa' : '#ffffff';
      const expected = [...pixels].map((pixel) => (pixel === transparent ? below : palette[pixel]));
      const png = (await image.screenshot()).toString('base64');
      expect([name, await reader.evaluate(pixelsOf(png))]).toEqual([name, expected]);
    }
  });

  test('no text for a status and an activity is cut, in no language and no view of people', async () => {
    const { statuses, activities } = readTemplateSource(TEMPLATE_FOLDER).statuses ?? { statuses: [], activities: [] };
    const [[, items] = ['', {}]] = documents.entries();
    for (const { key: Status } of statuses) {
      for (const Activity of ['', ...activities.map(({ key }) => key)])
        documents.put([sampleUnid(`${Status} ${Activity}`), { ...items, Status, Activity }]);
    }
    for (const language of ['en', 'de']) {
      for (const [view, column] of [
        ['People', 'c2'],
        ['ByStatus', 'c3'],
        ['ByDepartment', 'c3'],
        ['AvailableNow', 'c2'],
      ]) {
        const page = await open(`/${language}/view/${view}`, { viewport: { width: 1080, height: 4_000 } });
        await selected(page).waitFor();
        const cut = await page.evaluate(`[...document.querySelectorAll('.line.document .${column}')].map((cell) => {
          const text = document.createRange();
          text.selectNodeContents(cell.querySelector('.words'));
          const style = getComputedStyle(cell);
          const room = cell.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
          return { words: text.toString(), isCut: text.getBoundingClientRect().width > room };
        })`);
        const cells = cut as readonly { readonly words: string; readonly isCut: boolean }[];
        expect([language, view, cells.length > statuses.length]).toEqual([language, view, true]);
        expect(cells.filter(({ isCut }) => isCut)).toEqual([]);
        await page.close();
      }
    }
  });

  test('an icon says in words what it means', async () => {
    const page = await open('/de/view/People');
    const images = page.locator('.line.document .c0 img');
    const words = await images.evaluateAll((all) => all.map((image) => (image as unknown as { alt: string }).alt));
    expect(new Set(words)).toContain('Nicht stören');
    expect(words.every((word) => word !== '')).toBe(true);
  });

  test('arrows, Home and End move the selection bar, and the grid says which line is active', async () => {
    const page = await open('/en/view/People');
    await selected(page).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await selected(page).getAttribute('aria-rowindex')).toBe('4');
    expect(await page.locator('#grid').getAttribute('aria-activedescendant')).toBe('line-2');
    await page.keyboard.press('End');
    await expect
      .poll(() => selected(page).getAttribute('aria-rowindex'))
      .toBe(String(Number(await page.locator('#grid').getAttribute('aria-rowcount'))));
    expect(await selected(page).isVisible()).toBe(true);
    await page.keyboard.press('Home');
    await expect.poll(() => selected(page).getAttribute('aria-rowindex')).toBe('2');
  });

  test('Enter opens the document in its form, Esc leads back to the same line', async () => {
    const page = await open('/en/view/People');
    await selected(page).waitFor();
    for (let line = 0; line < 3; line += 1) await page.keyboard.press('ArrowDown');
    const name = (await selected(page).locator('.c1').textContent()) ?? '';
    await page.keyboard.press('Enter');
    await page.waitForURL('**/document/*');
    expect(await page.locator('.notes-form').innerText()).toContain(name);
    await page.keyboard.press('Escape');
    await page.waitForURL('**/view/People');
    await expect.poll(() => selected(page).locator('.c1').textContent()).toBe(name);
  });

  test('minus closes a category and plus opens it; with Shift all of them', async () => {
    const page = await open('/en/view/ByStatus');
    const categories = page.locator('.line.category');
    await selected(page).waitFor();
    const before = await page.locator('.line').count();
    await page.keyboard.press('-');
    await expect.poll(() => categories.first().getAttribute('aria-expanded')).toBe('false');
    expect(await page.locator('.line').count()).toBeLessThan(before);
    await page.keyboard.press('NumpadAdd');
    await expect.poll(() => categories.first().getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.press('Shift+NumpadSubtract');
    await expect.poll(() => page.locator('.line.document').count()).toBe(0);
    await page.keyboard.press('Shift+NumpadAdd');
    await expect.poll(() => page.locator('.line').count()).toBe(before);
  });

  test('typing the beginning of a name jumps to it', async () => {
    const page = await open('/en/view/ByStatus');
    await selected(page).waitFor();
    const name = (await page.locator('.line.document .c2').nth(12).textContent()) ?? '';
    await page.keyboard.type(name.slice(0, 5).toLowerCase());
    await expect.poll(() => selected(page).innerText()).toContain(name);
  });

  test('a click on the title of a column sorts by it, a further one turns the order', async () => {
    const page = await open('/en/view/People');
    const since = page.getByRole('columnheader', { name: 'Since' });
    const column = async (): Promise<string[]> => {
      const texts = await page.locator('.line .c3').allTextContents();
      return texts.filter((text) => text !== '');
    };
    await since.click();
    await expect.poll(() => since.getAttribute('aria-sort')).toMatch(/ascending|descending/);
    await expect.poll(async () => (await column()).join()).toBe([...(await column())].sort().reverse().join());
  });

  test('a change arrives within a second, is marked, and selection and place stay', async () => {
    const page = await open('/en/view/People');
    await selected(page).waitFor();
    await page.keyboard.press('ArrowDown');
    const chosen = await selected(page).getAttribute('data-id');
    const other = (await page.locator('.line.document').nth(5).getAttribute('data-id')) ?? '';
    const items = documents.get(other) ?? {};
    const begun = Date.now();
    documents.put([other, { ...items, Status: 'be-right-back', Activity: '' }]);
    const line = page.locator(`.line[data-id="${other}"]`);
    await line.getByText('Be right back').waitFor({ timeout: 1_000 });
    expect(Date.now() - begun).toBeLessThan(1_000);
    expect(await line.getAttribute('class')).toContain('changed');
    expect(await page.locator('.line.changed').count()).toBe(1);
    expect(await selected(page).getAttribute('data-id')).toBe(chosen);
  });

  test('a person who comes and one who goes move the lines and leave the selection on its document', async () => {
    const page = await open('/en/view/People');
    await selected(page).waitFor();
    await page.keyboard.press('ArrowDown');
    const chosen = await selected(page).getAttribute('data-id');
    const [id, items] = [...documents.entries()].find(([one]) => one === chosen) ?? ['', {}];
    const total = Number(await page.locator('#grid').getAttribute('aria-rowcount'));
    documents.put([sampleUnid('new'), { ...items, PersonName: 'CN=Aaron Aardvark/O=Contoso', SipKey: 'x'.repeat(32) }]);
    await page.getByText('Aaron Aardvark').waitFor({ timeout: 1_000 });
    expect(await selected(page).getAttribute('data-id')).toBe(id);
    documents.remove(sampleUnid('new'));
    await expect.poll(() => page.locator('#grid').getAttribute('aria-rowcount')).toBe(String(total));
  });

  test('hostile names stay text', async () => {
    const evil = `CN=<img src=x onerror=alert(1)>"'&amp;\u202e/O=Contoso`;
    const page = await open('/en/view/People');
    await selected(page).waitFor();
    const [id, items] = [...documents.entries()].find(([, one]) => fieldsOf(one).has('personname')) ?? ['', {}];
    documents.put([id, { ...items, PersonName: evil, Note: '<script>alert(2)</script>' }]);
    await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
    expect(await page.locator('.line img[src="x"]').count()).toBe(0);
    await page.goto(`${server.url}/en/view/People/document/${id}`);
    expect(await page.locator('.notes-form').innerText()).toContain('<img src=x onerror=alert(1)>');
    expect(await page.locator('.notes-form script, .notes-form img[src="x"]').count()).toBe(0);
  });

  test('all texts of views and forms in both languages have a contrast of 4.5', async () => {
    const page = await open('/en/view/People');
    const [first = ['', {}] as const] = documents.entries();
    const pages = [
      'view/People',
      'view/ByStatus',
      'view/Problems',
      'view/Settings',
      `view/People/document/${first[0]}`,
      'form/PresenceMapping',
      'about',
      'using',
      'design',
    ];
    for (const language of ['en', 'de']) {
      for (const path of pages) {
        await page.goto(`${server.url}/${language}/${path}`);
        expect([language, path, await page.evaluate(FAINT)]).toEqual([language, path, []]);
      }
    }
  });

  test('each view, form, subform, page and help document of both languages opens', async () => {
    const page = await open('/en/design');
    for (const language of ['en', 'de']) {
      await page.goto(`${server.url}/${language}/design`);
      const links = await page
        .locator('.catalogue a')
        .evaluateAll((all) => all.map((link) => (link as unknown as { href: string }).href));
      expect(links.length).toBeGreaterThan(15);
      for (const link of links) {
        const answer = await page.goto(link);
        expect([link, answer?.status()]).toEqual([link, 200]);
        expect(await page.locator('#grid, .notes-form').count()).toBe(1);
        expect([link, await page.getByText('ERROR:').count()]).toEqual([link, 0]);
      }
    }
  });

  test('the language switch leads to the same view in the other language', async () => {
    const page = await open('/en/view/ByStatus');
    await page.getByRole('link', { name: 'DE', exact: true }).click();
    await page.waitForURL('**/de/view/ByStatus');
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    expect(await page.getByRole('columnheader', { name: 'Seit' }).count()).toBe(1);
  });

  test('a mapping is refused with the words of its form, then saved and shown in the view', async () => {
    const page = await open('/en/form/PresenceMapping');
    await page.locator('[name="PersonName"]').fill('nobody');
    await page.keyboard.press('Control+s');
    await page.getByText('Give the hierarchical Notes name').waitFor();
    expect(await page.locator('[name="PersonName"]').getAttribute('aria-invalid')).toBe('true');
    await page.locator('[name="PersonName"]').fill('Zacharias Zander/Sales/Contoso');
    await page.locator('[name="SipAddress"]').fill('SIP:Z.Zander@Contoso.example');
    await page.keyboard.press('Control+s');
    await page.waitForURL((url) => !url.pathname.includes('/form/'));
    await page.goto(`${server.url}/en/view/Settings`);
    await lineOf(page, 'Zacharias Zander/Sales/Contoso').waitFor();
    expect(await page.getByText('sip:z.zander@contoso.example').count()).toBe(1);
  });

  test('two thousand people scroll and move', async () => {
    await server.close();
    await begin(2_000);
    const page = await open('/en/view/People');
    await selected(page).waitFor();
    expect(await page.locator('.line').count()).toBeLessThan(300);
    await page.keyboard.press('End');
    await expect.poll(async () => Number(await selected(page).getAttribute('aria-rowindex'))).toBeGreaterThan(2_000);
    const last = (await selected(page).getAttribute('data-id')) ?? '';
    const items = documents.get(last) ?? {};
    documents.put([last, { ...items, Status: 'do-not-disturb', Activity: '' }]);
    await page.locator(`.line[data-id="${last}"]`).getByText('Do not disturb').waitFor({ timeout: 1_000 });
    await page.locator('#grid').evaluate((grid) => {
      (grid as unknown as { scrollTop: number }).scrollTop = 22_000;
    });
    await expect.poll(async () => page.locator('.line[data-index="1005"]').isVisible()).toBe(true);
  });
});
