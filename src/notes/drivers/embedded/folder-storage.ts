import { mkdir } from 'node:fs/promises';
import { BridgeError } from '../../../presence/errors.js';
import { type FolderLock, lockFolder } from '../../../system/folder-lock.js';
import { openFolder } from './folder-files.js';
import { type JournalOptions, JournalStorage } from './journal.js';
import type { Storage } from './storage.js';

/**
 * Documents kept in a folder that belongs to this process until `close`. Throws `NOTES_IN_USE`, `NOTES_STORAGE` or
 * `NOTES_SCHEMA`.
 */
export async function folderStorage(folder: string, options: JournalOptions): Promise<Storage> {
  const unlock = await take(folder);
  try {
    const journal = await JournalStorage.open(await openFolder(folder), options);
    return {
      documents: journal.documents,
      commit: (changes) => journal.commit(changes),
      close: () => journal.close().finally(unlock),
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

async function take(folder: string): Promise<() => void> {
  let lock: FolderLock;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    lock = lockFolder(folder);
  } catch (cause) {
    const message = `The folder ${folder} cannot be used: ${(cause as Error).message}`;
    throw new BridgeError('NOTES_STORAGE', message, { cause, details: { folder } });
  }
  if (lock.taken) return lock.release;
  const who = lock.pid === undefined ? 'another process' : `process ${lock.pid}`;
  throw new BridgeError('NOTES_IN_USE', `The folder ${folder} is in use by ${who}.`, {
    details: { folder, pid: lock.pid },
  });
}
