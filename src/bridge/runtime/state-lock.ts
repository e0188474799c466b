import { mkdirSync } from 'node:fs';
import { BridgeError } from '../../presence/errors.js';
import { type FolderLock, lockFolder } from '../../system/folder-lock.js';

/**
 * Takes a state folder for one bridge; the returned function gives it back. Throws `BRIDGE_RUNNING` while a bridge holds
 * it, one of this process included, and `CFG_INVALID` when the folder cannot be written.
 */
export function lockState(stateFolder: string): () => void {
  const lock = take(stateFolder);
  if (lock.taken) return lock.release;
  const who = lock.pid === undefined ? 'another process' : `process ${lock.pid}`;
  throw new BridgeError('BRIDGE_RUNNING', `the state folder ${stateFolder} is in use by ${who}`, {
    details: { stateFolder, pid: lock.pid },
  });
}

function take(stateFolder: string): FolderLock {
  try {
    mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
    return lockFolder(stateFolder);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code;
    throw new BridgeError('CFG_INVALID', `the state folder ${stateFolder} cannot be written`, {
      cause,
      details: { stateFolder, reason },
    });
  }
}
