import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { BridgeError } from '../../presence/errors.js';
import { handOver } from '../../system/hand-over.js';
import type { Log, Random } from '../ports.js';

const TOKEN_BYTES = 32;
/** Longer ones may be set by hand; what is far longer is damage. */
const TOKEN = /^[A-Za-z0-9_-]{43,256}$/;

/** Small files by which commands on the same machine find a running bridge. Both readable by its account only. */
export const STATE_FILES = { address: 'address', token: 'access-token', certificate: 'http-certificate' } as const;

/**
 * The access token of the HTTP API; made once and kept, so that bookmarks of the board stay good over restarts. A
 * damaged one is replaced. While the disk is full a new one counts for this run only.
 */
export function accessToken(stateFolder: string, random: Random, log?: Log): string {
  const file = join(stateFolder, STATE_FILES.token);
  const known = readIfThere(file);
  if (known !== undefined && TOKEN.test(known)) {
    inFolder(stateFolder, () => chmodSync(file, 0o600));
    return known;
  }
  if (known !== undefined) log?.warn('bridge.token-lost', { reason: 'damaged' });
  const token = random.bytes(TOKEN_BYTES).toString('base64url');
  try {
    writeState(stateFolder, STATE_FILES.token, token);
  } catch (thrown) {
    if (!isFull(thrown)) throw thrown;
    log?.warn('bridge.token-not-kept', { error: BridgeError.from(thrown).message });
  }
  return token;
}

/**
 * Replaces a small file as a whole: a reader never sees half of it, and neither a full disk nor a loss of power costs
 * the old one. Throws `CFG_INVALID`; the detail `reason` is the system's code.
 */
export function writeState(stateFolder: string, name: string, text: string): void {
  const file = join(stateFolder, name);
  const fresh = `${file}.new`;
  inFolder(stateFolder, () => {
    mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
    // A file left by a sudden end, perhaps with other rights.
    rmSync(fresh, { force: true });
    try {
      writeThrough(fresh, `${text}\n`);
      handOver(fresh, stateFolder);
      renameSync(fresh, file);
    } catch (thrown) {
      rmSync(fresh, { force: true });
      throw thrown;
    }
    syncFolder(stateFolder);
  });
}

/** Throws `CFG_INVALID` when files cannot be written into the folder, or it cannot be made. Changes nothing. */
export function checkStateFolder(stateFolder: string): void {
  inFolder(stateFolder, () => {
    let folder = stateFolder;
    while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
    // The search for its own entry fails in whatever is no folder.
    accessSync(`${folder}/.`, constants.W_OK | constants.X_OK);
  });
}

/** Forgets a small file, if it can: a leftover does little harm. */
export function removeState(stateFolder: string, name: string): void {
  try {
    rmSync(join(stateFolder, name), { force: true });
  } catch {
    // The folder itself is gone or locked; nothing depends on it.
  }
}

function writeThrough(file: string, text: string): void {
  const handle = openSync(file, 'wx', 0o600);
  try {
    writeFileSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function syncFolder(folder: string): void {
  // COMPAT(windows): a folder cannot be opened there; its file system keeps names by itself.
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function inFolder(stateFolder: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code;
    throw new BridgeError('CFG_INVALID', `the state folder ${stateFolder} cannot be written`, {
      cause,
      details: { stateFolder, reason },
    });
  }
}

/** A full disk, unlike a wrong folder, is no mistake of the configuration. */
function isFull(thrown: unknown): boolean {
  const reason = thrown instanceof BridgeError ? thrown.details['reason'] : undefined;
  return reason === 'ENOSPC' || reason === 'EDQUOT';
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
