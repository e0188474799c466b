import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const LOCK = 'lock';
const MAX_ATTEMPTS = 3;

/** Who holds a folder: a process, and when it began, since process numbers are used again. */
interface Holder {
  readonly pid: number;
  readonly began: string;
}

export type FolderLock =
  | { readonly taken: true; readonly release: () => void }
  /** `pid` is missing when several processes were at it in the same moment. */
  | { readonly taken: false; readonly pid: number | undefined };

/**
 * Takes an existing folder for one part of this process, by a file `lock` in it. A lock whose process is gone is taken
 * over. Throws Node's error when the folder cannot be written.
 */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, LOCK);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    if (create(path)) return { taken: true, release: () => rmSync(path, { force: true }) };
    const holder = read(path);
    if (holder !== undefined && isAlive(holder)) return { taken: false, pid: holder.pid };
    removeStale(path, holder);
  }
  return { taken: false, pid: undefined };
}

/** The process that holds a folder now. Changes nothing. */
export function holderOfFolder(folder: string): number | undefined {
  const holder = read(join(folder, LOCK));
  return holder !== undefined && isAlive(holder) ? holder.pid : undefined;
}

function create(path: string): boolean {
  let file: number;
  try {
    file = openSync(path, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
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

function isAlive({ pid, began }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM is a living process of another account.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return beginOf(pid) === began;
}

/**
 * When a process began, in ticks since the machine did: a number given to a new process does not keep a lock alive, as it
 * would in a container, whose first process always has the same. Empty for a process that ended, and outside Linux.
 */
function beginOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Fields from the third on (proc_pid_stat(5)): the second, the program's name, may hold blanks and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return /^[ZX]$/.test(fields[0] ?? '') ? '' : (fields[19] ?? '');
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
  const isNew = taken !== undefined && (taken.pid !== seen?.pid || taken.began !== seen.began);
  if (isNew) renameSync(aside, path);
  else rmSync(aside, { force: true });
}
