import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The few operations on files that the journal needs, on names within one folder. All reject with Node's errors. */
export interface FolderFiles {
  list(): Promise<readonly string[]>;
  /** `undefined` when there is no such file. */
  read(name: string): Promise<Buffer | undefined>;
  /** Writes the whole file, or leaves the old one untouched; when it resolves the new one survives a loss of power. */
  replace(name: string, pieces: Iterable<string>): Promise<number>;
  /** Opens a new or existing file for writing at its end. */
  append(name: string): Promise<AppendFile>;
  remove(name: string): Promise<void>;
}

export interface AppendFile {
  /** When it resolves the data survives a loss of power. */
  write(data: string): Promise<void>;
  close(): Promise<void>;
}

const TEMPORARY = '.tmp';
/** Characters gathered before a write, so that a large file neither blocks the loop for long nor needs many calls. */
const CHUNK = 256 * 1024;

/** Files hold personal data: only the owner may read them. */
const OWNER_ONLY = 0o600;

/** Opens a folder on disk, making it when missing and removing what an interrupted `replace` left. */
export async function openFolder(folder: string): Promise<FolderFiles> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = (name: string): string => join(folder, name);
  for (const name of await readdir(folder)) if (name.endsWith(TEMPORARY)) await rm(path(name), { force: true });
  return {
    list: () => readdir(folder),
    async read(name) {
      try {
        return await readFile(path(name));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async replace(name, pieces) {
      const temporary = path(name + TEMPORARY);
      try {
        const bytes = await writeWhole(temporary, pieces);
        await rename(temporary, path(name));
        await syncFolder(folder);
        return bytes;
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
    async append(name) {
      const file = await open(path(name), 'a', OWNER_ONLY);
      await syncFolder(folder);
      return {
        async write(data) {
          await file.writeFile(data);
          await file.datasync();
        },
        close: () => file.close(),
      };
    },
    remove: (name) => rm(path(name), { force: true }),
  };
}

async function writeWhole(path: string, pieces: Iterable<string>): Promise<number> {
  const file = await open(path, 'w', OWNER_ONLY);
  try {
    let bytes = 0;
    let gathered = '';
    for (const piece of pieces) {
      gathered += piece;
      if (gathered.length < CHUNK) continue;
      bytes += await writeAll(file, gathered);
      gathered = '';
    }
    bytes += await writeAll(file, gathered);
    await file.sync();
    return bytes;
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, text: string): Promise<number> {
  const data = Buffer.from(text);
  await file.writeFile(data);
  return data.length;
}

/** A new name in a folder survives a loss of power only when the folder itself is written. */
async function syncFolder(folder: string): Promise<void> {
  // COMPAT(windows): a folder cannot be opened there; its file system keeps names by itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
