import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BoardSite, rowOf, styleOf } from '../support/board-site.js';
import { launchBrowser, noBrowser } from '../support/chromium.js';
import { shared, sharedPath, skippedWithoutShared } from '../support/shared.js';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const AUDIT = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
  violations.flatMap(({ id, impact, nodes }) => nodes.map(({ target }) => impact + ' ' + id + ': ' + target.join(' '))))`;

/** Every finding, of whatever weight. */
async function findingsOn(page: Page): Promise<unknown> {
  await page.addScriptTag({ path: AXE });
  return await page.evaluate(AUDIT);
}

describe.skipIf(noBrowser !== '')(`accessibility of the board${noBrowser}`, () => {
  let browser: Browser;
  let site: BoardSite;

  // The auditor is a script that the page's own policy would not let in.
  const open = (options: BrowserContextOptions, fragment?: string): Promise<Page> =>
    site.open({ bypassCSP: true, reducedMotion: 'reduce', ...options }, fragment);

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    site = new BoardSite(browser);
    site.freshMs = 4_000;
    site.stream = { statusEvery: 500, beat: 200 };
    await site.start();
  });
  afterEach(() => site.end());

  const LOOKS: readonly [string, BrowserContextOptions][] = [
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['narrow', { viewport: { width: 320, height: 700 } }],
    ['narrow and dark', { viewport: { width: 320, height: 700 }, colorScheme: 'dark' }],
    ['forced colours', { forcedColors: 'active' }],
  ];
  const LANGUAGES = ['en', 'de'] as const;
  const cases = LOOKS.flatMap(([look, options]) => LANGUAGES.map((language) => ({ look, options, language })));

  test.each(cases)('nothing to find: $look, $language', async ({ options, language }) => {
    if (language === 'de') await site.serveGerman();
    site.addLists();
    const page = await open({ locale: language, ...options });
    await rowOf(page, 'Ana Reyes').waitFor();
    await page.locator('#list-place').waitFor();
    expect(await findingsOn(page)).toEqual([]);

    await page.locator('#counts button').nth(2).click();
    await page.locator('#views button').nth(1).click();
    await page.locator('tr.heading').first().waitFor();
    expect(await findingsOn(page)).toEqual([]);
    await page.locator('#search').fill('nobody at all');
    await page.locator('#empty').waitFor();
    expect(await findingsOn(page)).toEqual([]);

    await page.locator('#clear').click();
    const { port } = site;
    await site.stop();
    await page.locator('body.unconfirmed').waitFor();
    expect(await findingsOn(page)).toEqual([]);
    await page.locator('body.unknown').waitFor();
    expect(await findingsOn(page)).toEqual([]);

    await site.start({ port, language });
    const signIn = await open({ locale: language, ...options }, '');
    await signIn.locator('#token').fill('wrong');
    await signIn.keyboard.press('Enter');
    await signIn.locator('#sign-in-wrong').filter({ hasText: /\w/ }).waitFor();
    expect(await findingsOn(signIn)).toEqual([]);
  });
});

describe.skipIf(noBrowser !== '')(`hostile words on the board${noBrowser}`, () => {
  let browser: Browser;
  let site: BoardSite;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(() => {
    site = new BoardSite(browser);
  });
  afterEach(() => site.end());

  /** Texts of the notes in the documents, also those that no reader of XML would take. */
  const notes = shared === undefined ? [] : readNotes();

  test.skipIf(skippedWithoutShared('hostile notes on the board'))(
    'stay text, in names, notes, titles of groups and the search',
    async () => {
      expect(notes).toHaveLength(5);
      for (const [index, note] of notes.entries()) {
        site.office.put(note, 'available', 571, '', note);
        site.office.put(`Person ${index}`, 'busy', 571, 'on-the-phone', note);
      }
      await site.start();
      const members = site.office.people.map(({ uri }) => uri);
      site.watched.setLists(
        ...notes.map((note, index) => ({ id: `list-${index}`, title: note, kind: 'list' as const, members })),
      );
      const page = await site.open();
      const dialogs: string[] = [];
      page.on('dialog', (dialog) => {
        dialogs.push(dialog.message());
        void dialog.dismiss();
      });
      await rowOf(page, 'Ana Reyes').waitFor();
      await page.locator('#list-place').waitFor();
      const drawn = site.office.views
        .rows('People')
        .map(({ cells }) => (cells[1]?.kind === 'text' ? cells[1].text : ''));
      expect(await page.locator('tr.row th').allTextContents()).toEqual(drawn);
      for (const note of notes) {
        await page.locator('#search').fill(note);
        expect(await page.locator('#board :is(script, b:not(#counts b), [onerror], a, iframe, object)').count()).toBe(
          0,
        );
      }
      expect(await page.locator('#board img:not([src^="icons/presence-"])').count()).toBe(0);
      expect(await page.locator('#list option').allTextContents()).toEqual(['Everybody', ...notes]);
      expect(dialogs).toEqual([]);
      expect(await page.title()).toBe('Presence');
      expect(site.complaints).toEqual([]);
    },
  );

  test('keep their direction to themselves', async () => {
    const override = '\u202Eelbaliava\u202C\u202Eopen';
    site.office.put(override, 'away', 571);
    await site.start();
    const page = await site.open();
    await page.locator('tr.row').first().waitFor();
    const name = page.locator('tr.row bdi', { hasText: 'elbaliava' });
    expect(await styleOf(name, 'unicodeBidi')).toBe('isolate');
    const unisolated = `[...document.querySelectorAll('#table td.text, #table th')].filter((cell) => cell.closest('tbody') &&
      [...cell.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '')).length`;
    expect(await page.evaluate(unisolated)).toBe(0);
    await page.locator('#search').fill('\u202Enobody');
    expect(await page.locator('#empty').textContent()).toBe('Nobody matches “\u2068\u202Enobody\u2069”.');
  });

  test('would not run even as markup: the policy lets nothing inline and nothing foreign in', async () => {
    await site.start();
    const { headers } = await fetch(site.url);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|data:|blob:|https?:|\*/);
    const page = await site.open();
    await page.locator('tr.row').first().waitFor();
    await page.evaluate(`{
      const script = document.createElement('script');
      script.textContent = 'document.title = "run"';
      document.body.append(script);
      document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="document.title=1"><p style="color: red">x</p>');
    }`);
    await expect.poll(() => site.complaints.join('\n')).toContain('Content Security Policy');
    expect(await page.title()).toBe('Presence');
  });
});

function readNotes(): readonly string[] {
  const folder = sharedPath('vectors', 'xml-attacks');
  const files = readdirSync(folder).filter((name) => /^x(29|3[0-3])-/.test(name));
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&' };
  return files.map((name) => {
    const [, note = ''] = /<note>([\s\S]*)<\/note>/.exec(readFileSync(`${folder}/${name}`, 'utf8')) ?? [];
    return note
      .replace(/^<!\[CDATA\[([\s\S]*)\]\]>$/, '$1')
      .replace(/&(?:#(\d+)|(\w+));/g, (_whole, code, word) =>
        code ? String.fromCodePoint(Number(code)) : (named[word] ?? ''),
      );
  });
}
