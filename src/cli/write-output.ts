import { closeSync, fchmodSync, fstatSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { BridgeError } from '../presence/errors.js';

export interface OutputOptions {
  /** Rights of the file, also of one that is there already; the default is that of the account, for new files. */
  readonly mode?: number;
  /** What to do with a file that is there. Default `replace`. */
  readonly existing?: 'replace' | 'refuse';
}

/** Writes a file and the folders it lies in. Throws `CLI_OUTPUT`. */
export function writeOutput(
  file: string,
  text: string | Buffer,
  { mode, existing = 'replace' }: OutputOptions = {},
): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const handle = openSync(file, existing === 'refuse' ? 'wx' : 'w', mode ?? 0o666);
    try {
      // Before there is something to read. Pipes and devices keep the rights they have.
      if (mode !== undefined && fstatSync(handle).isFile()) fchmodSync(handle, mode);
      writeFileSync(handle, text);
    } finally {
      closeSync(handle);
    }
  } catch (cause) {
    throw new BridgeError('CLI_OUTPUT', `${file} cannot be written: ${(cause as NodeJS.ErrnoException).code}`, {
      cause,
    });
  }
}
