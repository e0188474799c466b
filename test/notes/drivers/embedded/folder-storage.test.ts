import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFolder } from '../../../../src/notes/drivers/embedded/folder-files.js';
import { folderStorage } from '../../../../src/notes/drivers/embedded/folder-storage.js';
import type { Storage } from '../../../../src/notes/drivers/embedded/storage.js';
import { silentLog } from '../../../support/silent-log.js';
import { SimulatedClock } from '../../../support/simulated-clock.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'presence-folder-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function open(path = folder): Promise<Storage> {
  return folderStorage(path, { clock: new SimulatedClock(), log: silentLog });
}

const DOCUMENT = { unid: 'A'.repeat(32), created: 0, modified: 0, items: { displayname: 'Grüße' } };

describe('folderStorage', () => {
  test('makes the folder and keeps documents in it', async () => {
    const path = join(folder, 'new', 'deep');
    const first = await open(path);
    await first.commit([{ kind: 'put', document: DOCUMENT }]);
    await first.close();
    const second = await open(path);
    expect([...second.documents.values()]).toEqual([DOCUMENT]);
    await second.close();
  });

  test('lets nobody else read its files', async () => {
    const path = join(folder, 'private');
    const storage = await open(path);
    await storage.commit([{ kind: 'put', document: DOCUMENT }]);
    expect((await stat(path)).mode & 0o077).toBe(0);
    for (const name of await readdir(path)) expect((await stat(join(path, name))).mode & 0o077).toBe(0);
    await storage.close();
  });

  test('one folder has one owner at a time', async () => {
    const first = await open();
    await expect(open()).rejects.toMatchObject({ code: 'NOTES_IN_USE', details: { pid: process.pid } });
    await first.close();
    await (await open()).close();
  });

  test('a lock of a process that is gone is taken over', async () => {
    const pid = Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));
    await writeFile(join(folder, 'lock'), JSON.stringify({ pid, began: '1' }));
    await (await open()).close();
  });

  test.runIf(process.platform === 'linux')('a process number that another process bears now is no lock', async () => {
    await writeFile(join(folder, 'lock'), JSON.stringify({ pid: process.pid, began: '1' }));
    await (await open()).close();
  });

  test('an unreadable lock is taken over', async () => {
    await writeFile(join(folder, 'lock'), '');
    await (await open()).close();
  });

  test.skipIf(process.getuid?.() === 0)('a folder that cannot be written is NOTES_STORAGE', async () => {
    await chmod(folder, 0o500);
    await expect(open()).rejects.toMatchObject({ code: 'NOTES_STORAGE' });
  });

  test('a path that is a file is NOTES_STORAGE', async () => {
    const path = join(folder, 'file');
    await writeFile(path, '');
    await expect(open(path)).rejects.toMatchObject({ code: 'NOTES_STORAGE' });
  });
});

describe('openFolder', () => {
  test('a replacement that fails half way leaves the old file and no rest', async () => {
    const files = await openFolder(folder);
    await files.replace('a', ['old']);
    const failing = function* (): Generator<string> {
      yield 'x'.repeat(1_000_000);
      throw new Error('no more');
    };
    await expect(files.replace('a', failing())).rejects.toThrow('no more');
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['a']);
  });

  test('removes what an interrupted replacement left', async () => {
    await writeFile(join(folder, 'a.tmp'), 'half');
    const files = await openFolder(folder);
    expect(await files.list()).toEqual([]);
  });
});
