import { BridgeError } from '../../presence/errors.js';
import type { Log } from '../ports.js';
import { writeState } from './state-folder.js';

export interface StateFilePorts {
  readonly log: Log;
  /** Called for each time that a file could not be written. */
  readonly onFailed?: (file: string) => void;
}

/**
 * Writes a file of the state folder that may be lost: when it cannot be written, on a full disk for example, the old
 * one stays, `event` is logged once until it works again, and the bridge goes on. Gives whether it was written.
 */
export function stateKeeper(
  stateFolder: string,
  file: string,
  event: string,
  { log, onFailed }: StateFilePorts,
): (text: string) => boolean {
  let warned = false;
  return (text) => {
    try {
      writeState(stateFolder, file, text);
      warned = false;
      return true;
    } catch (thrown) {
      const error = BridgeError.from(thrown);
      if (!warned) log.warn(event, { error: error.message, reason: error.details['reason'] });
      warned = true;
      onFailed?.(file);
      return false;
    }
  };
}
