import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { accessToken, checkStateFolder, STATE_FILES, writeState } from '../../../src/bridge/runtime/state-folder.js';
import { systemRandom } from '../../../src/bridge/runtime/system.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridge-state-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const modeOf = (path: string): number => statSync(path).mode & 0o777;

test.skipIf(process.platform === 'win32')('folder and token belong to the account of the bridge alone', () => {
  const state = join(folder, 'state');
  accessToken(state, systemRandom);
  expect([modeOf(state), modeOf(join(state, STATE_FILES.token))]).toEqual([0o700, 0o600]);
});

test.skipIf(process.platform === 'win32')('a token file that others could read is closed, and its token kept', () => {
  const token = accessToken(folder, systemRandom);
  chmodSync(join(folder, STATE_FILES.token), 0o644);
  expect(accessToken(folder, systemRandom)).toBe(token);
  expect(modeOf(join(folder, STATE_FILES.token))).toBe(0o600);
});

test.skipIf(process.platform === 'win32')('what a sudden end left half written does not lend its rights', () => {
  writeFileSync(join(folder, 'address.new'), 'half', { mode: 0o644 });
  writeState(folder, STATE_FILES.address, 'http://127.0.0.1:1');
  expect(modeOf(join(folder, STATE_FILES.address))).toBe(0o600);
  expect(readFileSync(join(folder, STATE_FILES.address), 'utf8')).toBe('http://127.0.0.1:1\n');
});

test('a folder that cannot be made is a mistake of the configuration', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => accessToken(join(folder, 'file', 'state'), systemRandom)).toThrow(
    expect.objectContaining({ code: 'CFG_INVALID', exitCode: 78 }),
  );
});

test('a folder can be checked without being made', () => {
  checkStateFolder(join(folder, 'not', 'yet', 'there'));
  expect(readdirSync(folder)).toEqual([]);
  writeFileSync(join(folder, 'file'), '', { mode: 0o700 });
  for (const impossible of [join(folder, 'file'), join(folder, 'file', 'state')]) {
    expect(() => checkStateFolder(impossible)).toThrow(expect.objectContaining({ code: 'CFG_INVALID' }));
  }
});
