import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { BridgeError } from '../../presence/errors.js';
import type { Random } from '../ports.js';

const TOKEN_BYTES = 32;

/** Small files by which commands on the same machine find a running bridge. Both readable by its account only. */
export const STATE_FILES = { address: 'address', token: 'access-token' } as const;

/** The access token of the HTTP API; made once and kept, so that bookmarks of the board stay good over restarts. */
export function accessToken(stateFolder: string, random: Random): string {
  const file = join(stateFolder, STATE_FILES.token);
  const known = readIfThere(file);
  if (known !== undefined && /^[A-Za-z0-9_-]{43,}$/.test(known)) {
    inFolder(stateFolder, () => chmodSync(file, 0o600));
    return known;
  }
  const token = random.bytes(TOKEN_BYTES).toString('base64url');
  writeState(stateFolder, STATE_FILES.token, token);
  return token;
}

/** Replaces a small file as a whole: a reader never sees half of it. */
export function writeState(stateFolder: string, name: string, text: string): void {
  const file = join(stateFolder, name);
  inFolder(stateFolder, () => {
    mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
    // A file left by a sudden end, perhaps with other rights.
    rmSync(`${file}.new`, { force: true });
    writeFileSync(`${file}.new`, `${text}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(`${file}.new`, file);
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

function inFolder(stateFolder: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    throw new BridgeError('CFG_INVALID', `the state folder ${stateFolder} cannot be written`, { cause });
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
