import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { changeTokens } from '../../src/bridge/runtime/token-files.js';
import { handOver } from '../../src/system/hand-over.js';

const SERVICE = 65_534;
const isRoot = process.getuid?.() === 0;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'presence-hand-over-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const owner = (path: string): number => statSync(join(folder, path)).uid;

test.runIf(isRoot)('what root writes into the folder of a service belongs to the service', async () => {
  chownSync(folder, SERVICE, SERVICE);
  await changeTokens(folder, () => []);
  expect([owner('tokens'), owner('tokens/tokens.json')]).toEqual([SERVICE, SERVICE]);
});

test.skipIf(isRoot)('nobody but root gives files away', () => {
  writeFileSync(join(folder, 'file'), '');
  handOver(join(folder, 'file'), '/');
  expect(owner('file')).toBe(process.getuid?.() ?? 0);
});
