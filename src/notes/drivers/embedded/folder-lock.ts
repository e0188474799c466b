import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { BridgeError } from '../../../presence/errors.js';

const LOCK = 'lock';

/** Who holds a folder: a process, and when it began, since process numbers are used again. */
interface Holder {
  readonly pid: number;
  readonly began: string;
}

/**
 * Takes a folder for this process; the returned function gives it back. A lock whose process is gone is taken over.
 * Throws `NOTES_IN_USE` while another process, or another part of this one, holds it, and `NOTES_STORAGE` when the lock
 * cannot be written.
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, LOCK);
  for (let attempt = 0; attempt < 3; attempt++) {
    if (create(path)) return () => rmSync(path, { force: true });
    const holder = read(path);
    if (holder !== undefined && isAlive(holder)) {
      const message = `The folder ${folder} is in use by process ${holder.pid}.`;
      throw new BridgeError('NOTES_IN_USE', message, { details: { folder, pid: holder.pid } });
    }
    removeStale(path, holder);
  }
  throw new BridgeError('NOTES_IN_USE', `The folder ${folder} is being locked by others.`, { details: { folder } });
}

function create(path: string): boolean {
  let file: number;
  try {
    file = openSync(path, 'wx', 0o600);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new BridgeError('NOTES_STORAGE', `The lock file cannot be written: ${(cause as Error).message}`, { cause });
  }
  try {
    writeSync(file, JSON.stringify({ pid: process.pid, began: beginOf(process.pid) } satisfies Holder));
  } finally {
    closeSync(file);
  }
  return true;
}

function read(path: string): Holder | undefined {
  try {
    const { pid, began } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder>;
    return Number.isSafeInteger(pid) && typeof began === 'string' ? { pid: pid as number, began } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return beginOf(holder.pid) === holder.began;
}

/**
 * When a process began, in ticks since the machine did; empty for one that is dead but not yet buried by its parent, and
 * where the system does not tell (not Linux).
 */
function beginOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Fields from the third on: the second, the program's name, may hold blanks and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const isDead = fields[0] === 'Z' || fields[0] === 'X';
    return isDead ? '' : (fields[19] ?? '');
  } catch {
    return '';
  }
}

/** By renaming, so that of two processes that found the same stale lock only one removes it. */
function removeStale(path: string, seen: Holder | undefined): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const taken = read(aside);
  const isAnother = taken !== undefined && (taken.pid !== seen?.pid || taken.began !== seen.began);
  if (isAnother) renameSync(aside, path);
  else rmSync(aside, { force: true });
}
