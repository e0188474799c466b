import { mkdir } from 'node:fs/promises';
import { BridgeError } from '../../../presence/errors.js';
import { openFolder } from './folder-files.js';
import { lockFolder } from './folder-lock.js';
import { type JournalOptions, JournalStorage } from './journal.js';
import type { Storage } from './storage.js';

/** Documents kept in a folder that belongs to this process until `close`. Throws `NOTES_IN_USE`, `NOTES_STORAGE` or `NOTES_SCHEMA`. */
export async function folderStorage(folder: string, options: JournalOptions): Promise<Storage> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const message = `The folder ${folder} cannot be made: ${(cause as Error).message}`;
    throw new BridgeError('NOTES_STORAGE', message, { cause, details: { folder } });
  }
  const unlock = lockFolder(folder);
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
