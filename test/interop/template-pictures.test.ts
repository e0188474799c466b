import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SAMPLE_BRIDGES } from '../../src/cli/preview/sample-settings.js';
import { readDesign } from '../../src/notes/template/design/design.js';
import { fieldsOf } from '../../src/notes/template/item-fields.js';
import { launchBrowser, noBrowser } from '../support/chromium.js';
import { startPreviewSite } from '../support/preview-site.js';
import { smallPng } from '../support/small-png.js';
import { builtDxl } from '../support/template.js';
import {
  CATALOGUE_PICTURE,
  HELP_PICTURES,
  PICTURE_FOLDER,
  pictureNames,
  SAMPLE_PICTURES,
  SILENT_PICTURE,
} from '../support/template-pictures.js';

/** Set to put new pictures into the documentation. */
const KEEP = process.env['PRESENCE_PICTURE'] !== undefined;
const FOLDER = KEEP ? PICTURE_FOLDER : 'build/template';
/** Pictures are part of the package: none may be large. */
const MAX_BYTES = 50_000;
const VIEWPORT = { width: 970, height: 560 };
/** The sample application has less to show. */
const SAMPLE_VIEWPORT = { width: 900, height: 462 };
const CONTACT_VIEWPORT = { width: 700, height: 356 };

type Site = Awaited<ReturnType<typeof startPreviewSite>>;

/**
 * All pictures of views and forms in the documentation, made by one command:
 * `PRESENCE_PICTURE=1 npx vitest run --project interop test/interop/template-pictures.test.ts`
 */
describe.skipIf(noBrowser !== '')(`pictures of the template${noBrowser}`, () => {
  let browser: Browser;
  let site: Site;
  let sample: Site;

  /** Address of the first document of a form, written by that bridge if one is named, as the view shows it. */
  function documentPath(form: string, bridge?: string): string | undefined {
    for (const [id, items] of site.documents.entries()) {
      const fields = fieldsOf(items);
      const has = (item: string, word: string): boolean => {
        const value = fields.get(item);
        return value?.type === 'text' && value.list[0] === word;
      };
      if (!has('form', form) || items['$Conflict'] !== undefined) continue;
      if (bridge === undefined || has('bridge', bridge)) return `view/People/document/${id}`;
    }
    return undefined;
  }

  /** Address of a contact of the sample application. */
  function contactPath(subject: string): string {
    const all = [...(sample.templates[0]?.source.documents.entries() ?? [])];
    const [id] = all.find(([, items]) => items['Subject'] === subject) ?? [];
    if (id === undefined) throw new Error(`the sample has no contact ${subject}`);
    return `view/Contacts/document/${id}`;
  }

  async function picture(page: Page, language: string, name: string, made: string[]): Promise<void> {
    made.push(name);
    const path = join(FOLDER, language, `${name}.png`);
    await page.evaluate('document.fonts.ready');
    const small = smallPng(await page.screenshot({ animations: 'disabled', caret: 'hide' }));
    writeFileSync(path, small);
    expect([path, small.length < MAX_BYTES]).toEqual([path, true]);
  }

  beforeAll(async () => {
    browser = await launchBrowser();
    site = await startPreviewSite();
    sample = await startPreviewSite({ template: 'sample-directory' });
  });
  afterAll(async () => {
    await browser?.close();
    await site?.server.close();
    await sample?.server.close();
    // A page that could not be drawn would be a picture of an excuse.
    expect([...(site?.failures ?? []), ...(sample?.failures ?? [])]).toEqual([]);
  });

  for (const language of ['en', 'de'] as const) {
    test(`each view and form in the language ${language} has its picture`, async () => {
      mkdirSync(join(FOLDER, language), { recursive: true });
      const made: string[] = [];
      const page = await browser.newPage({ viewport: VIEWPORT });
      await page.goto(`${site.server.url}/${language}/design`);
      const links: string[] = await page
        .locator('.catalogue a')
        .evaluateAll((all) => all.map((link) => new URL((link as unknown as { href: string }).href).pathname));
      await picture(page, language, CATALOGUE_PICTURE, made);
      for (const link of links) {
        const [, , kind, name = ''] = link.split('/').map(decodeURIComponent);
        const shown = kind === 'form' ? documentPath(name) : undefined;
        const edited = await page.goto(site.server.url + (shown ? `/${language}/${shown}` : link));
        expect([link, edited?.status()]).toEqual([link, 200]);
        if (kind === 'view') await page.locator('.line.selected, .empty:not([hidden])').first().waitFor();
        await picture(page, language, name, made);
      }
      await page.goto(`${site.server.url}/${language}/${documentPath('Presence', SAMPLE_BRIDGES.silent)}`);
      await picture(page, language, SILENT_PICTURE, made);
      for (const help of HELP_PICTURES) {
        await page.goto(`${site.server.url}/${language}/${help}`);
        await picture(page, language, help, made);
      }
      await page.close();
      expect(made.sort()).toEqual([...pictureNames(readDesign(builtDxl(language)))].sort());
    });

    test(`the sample application in the language ${language} has its pictures`, async () => {
      mkdirSync(join(FOLDER, language), { recursive: true });
      const page = await browser.newPage();
      const paths: Record<(typeof SAMPLE_PICTURES)[number], string> = {
        'sample-contacts': 'view/Contacts',
        'sample-contact': contactPath('Finn Jansen'),
        'sample-contact-several': contactPath('Petra Vogel'),
      };
      const made: string[] = [];
      for (const name of SAMPLE_PICTURES) {
        await page.setViewportSize(name === 'sample-contacts' ? SAMPLE_VIEWPORT : CONTACT_VIEWPORT);
        const answer = await page.goto(`${sample.server.url}/${language}/${paths[name]}`);
        expect([name, answer?.status()]).toEqual([name, 200]);
        if (name === 'sample-contacts') await page.locator('.line.selected').waitFor();
        await picture(page, language, name, made);
      }
      await page.close();
    });
  }
});
