import { copyFileSync, mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { drawIcon } from '../../src/notes/template/icons/draw.js';
import { readTemplateSource } from '../../src/notes/template/source/source.js';
import { imagesOf } from '../../src/notes/template/source/statuses.js';
import { launchBrowser, noBrowser } from '../support/chromium.js';
import { TEMPLATE_FOLDER } from '../support/template.js';

const TARGET = 'build/pictures/icons.png';
/** Set to put a new sheet into the documents. */
const KEEP = process.env['PRESENCE_PICTURE'] !== undefined;

const ROWS = { white: '#ffffff', alternate: '#f6f8fa', selected: '#c9dcf5', dark: '#1f2a36' } as const;

test.skipIf(noBrowser !== '')(
  `the sheet of all icons, on every kind of row, in colour and in grey${noBrowser}`,
  async () => {
    const { statuses, languages } = readTemplateSource(TEMPLATE_FOLDER);
    if (!statuses) throw new Error('the template has no statuses');
    const icons = imagesOf(statuses).map(({ name, icon, text }) => {
      const source = `data:image/gif;base64,${drawIcon(icon).toString('base64')}`;
      const picture = (kind: string): string => `<img class="${kind}" src="${source}" alt="">`;
      const cells = Object.keys(ROWS).map((row) => `<td class="${row}">${picture('')} ${picture('grey')}</td>`);
      const words = ['en', 'de'].map((language) => languages.get(language)?.entries.get(text) ?? '');
      return `<tr><td>${picture('large')}</td>${cells.join('')}<td>${words.join('<br>')}</td><td><code>${name}</code></td></tr>`;
    });
    const colours = Object.entries(ROWS).map(([row, colour]) => `td.${row} { background: ${colour} }`);
    const titles = ['', ...Object.keys(ROWS), 'reads', 'image resource'].map((title) => `<th>${title}</th>`);
    const page = `<style>
    body { font: 13px/1.35 "Segoe UI", "DejaVu Sans", sans-serif; margin: 16px; color: #1d2733 }
    table { border-collapse: collapse } td, th { padding: 4px 12px; text-align: left; white-space: nowrap; border-bottom: 1px solid #e3e7ec }
    img { vertical-align: middle } img.grey { filter: grayscale(1); margin-left: 6px }
    img.large { width: 48px; height: 48px; image-rendering: pixelated } ${colours.join(' ')}
  </style><table><tr>${titles.join('')}</tr>${icons.join('')}</table>`;
    const browser = await launchBrowser();
    try {
      const tab = await browser.newPage({ viewport: { width: 1100, height: 400 } });
      await tab.setContent(page);
      mkdirSync('build/pictures', { recursive: true });
      await tab.locator('table').screenshot({ path: TARGET });
      if (KEEP) copyFileSync(TARGET, 'docs/images/icons.png');
      expect(await tab.locator('img.large').count()).toBe(imagesOf(statuses).length);
    } finally {
      await browser.close();
    }
  },
);
