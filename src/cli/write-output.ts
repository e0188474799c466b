import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { BridgeError } from '../presence/errors.js';

export interface OutputOptions {
  /** Rights of a new file; the default is that of the account. */
  readonly mode?: number;
  /** What to do with a file that is there. Default `replace`. */
  readonly existing?: 'replace' | 'refuse';
}

/** Writes a file and the folders it lies in. Throws `CLI_OUTPUT`. */
export function writeOutput(file: string, text: string, { mode, existing = 'replace' }: OutputOptions = {}): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, {
      flag: existing === 'refuse' ? 'wx' : 'w',
      ...(mode === undefined ? {} : { mode }),
    });
  } catch (cause) {
    throw new BridgeError('CLI_OUTPUT', `${file} cannot be written: ${(cause as NodeJS.ErrnoException).code}`, {
      cause,
    });
  }
}
