import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockState } from '../../../src/bridge/runtime/state-lock.js';
import { holderOfFolder } from '../../../src/system/folder-lock.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridge-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const leaveLock = (text: string): void => writeFileSync(join(folder, 'lock'), text);

test('a state folder belongs to one bridge at a time', () => {
  const unlock = lockState(folder);
  expect(holderOfFolder(folder)).toBe(process.pid);
  expect(() => lockState(folder)).toThrow(
    expect.objectContaining({
      code: 'BRIDGE_RUNNING',
      exitCode: 73,
      details: { stateFolder: folder, pid: process.pid },
    }),
  );
  unlock();
  expect([readdirSync(folder), holderOfFolder(folder)]).toEqual([[], undefined]);
  lockState(folder)();
});

test('a folder that is not there yet is made, for the account of the bridge alone', () => {
  const state = join(folder, 'var', 'state');
  lockState(state)();
  if (process.platform !== 'win32') expect(statSync(state).mode & 0o777).toBe(0o700);
});

test('the lock of a process that is gone is taken over', () => {
  const pid = Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));
  leaveLock(JSON.stringify({ pid, began: '1' }));
  expect(holderOfFolder(folder)).toBeUndefined();
  lockState(folder)();
});

test.runIf(process.platform === 'linux')('a process number that another process bears now keeps no lock', () => {
  leaveLock(JSON.stringify({ pid: process.pid, began: '1' }));
  lockState(folder)();
});

test.each(['', 'null', '{"pid":"x"}', '17'])('an unreadable lock (%j) is taken over', (text) => {
  leaveLock(text);
  lockState(folder)();
});

test('a folder that cannot be made is a mistake of the configuration, with the reason of the system', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const refusal = (stateFolder: string, reason: string) =>
    expect.objectContaining({ code: 'CFG_INVALID', details: { stateFolder, reason } });
  expect(() => lockState(file)).toThrow(refusal(file, 'EEXIST'));
  expect(() => lockState(join(file, 'state'))).toThrow(refusal(join(file, 'state'), 'ENOTDIR'));
});
