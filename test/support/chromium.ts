import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PATH = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Why browser tests cannot run here; empty when they can. */
export const noBrowser = existsSync(PATH) ? '' : ` (skipped: no browser at ${PATH}; name one in CHROMIUM)`;

/** The system's Chromium without a window, and without calls to the world outside. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: PATH,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
