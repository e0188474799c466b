import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BridgeError } from '../../../presence/errors.js';
import { journalName, newestGeneration, snapshotName } from './file-names.js';
import { recover } from './recovery.js';
import type { Storage } from './storage.js';

/** How often a folder is read again whose owner began a new generation meanwhile. */
const MAX_READS = 5;

/**
 * The documents of a folder as they stand now, while its owner, if it has one, goes on writing: nothing is locked, made,
 * repaired or removed. A folder that is not there holds none. Throws `NOTES_STORAGE`, or `NOTES_SCHEMA` for newer files;
 * every change is refused with `NOTES_READ_ONLY`.
 */
export async function readOnlyStorage(folder: string): Promise<Storage> {
  const documents = await readNow(folder);
  return {
    documents,
    commit: () => Promise.reject(new BridgeError('NOTES_READ_ONLY', `The store ${folder} was opened for reading.`)),
    close: () => Promise.resolve(),
  };
}

async function readNow(folder: string): Promise<Storage['documents']> {
  try {
    for (let attempt = 1; ; attempt++) {
      const generation = newestGeneration(await names(folder));
      const snapshot = await content(join(folder, snapshotName(generation)));
      const journal = await content(join(folder, journalName(generation)));
      // Files of a generation go when the next one is whole: what is missing may have moved on between two looks.
      if (newestGeneration(await names(folder)) === generation || attempt === MAX_READS) {
        return recover(snapshot, journal).documents;
      }
    }
  } catch (cause) {
    if (cause instanceof BridgeError) throw cause;
    const message = `The folder ${folder} cannot be read: ${(cause as Error).message}`;
    throw new BridgeError('NOTES_STORAGE', message, { cause, details: { folder } });
  }
}

function names(folder: string): Promise<readonly string[]> {
  return unlessMissing(readdir(folder), []);
}

function content(file: string): Promise<Buffer | undefined> {
  return unlessMissing<Buffer | undefined>(readFile(file), undefined);
}

async function unlessMissing<T>(reading: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise;
    throw error;
  }
}
