import { copyFileSync, mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { launchBrowser, noBrowser } from '../support/chromium.js';
import { eventually, Product } from '../support/product.js';

const TARGET = 'build/board/demo.png';
/** Set to put a new picture into the README. */
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
    await page.waitForFunction('[...document.images].every(({ naturalWidth }) => naturalWidth > 0)');
    mkdirSync('build/board', { recursive: true });
    await page.screenshot({ path: TARGET });
    if (KEEP) copyFileSync(TARGET, 'docs/images/board.png');
    expect(await page.locator('img[src*="presence-"]').count()).toBeGreaterThan(20);
  } finally {
    await browser.close();
    expect(await demo.end()).toBe(0);
  }
});
