import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Folder of test material that is not part of the project, or `undefined` where it is absent. */
export const shared: string | undefined = [process.env['PRESENCE_SHARED'], resolve('..', 'shared')].find(
  (folder) => folder !== undefined && existsSync(join(folder, 'vectors')),
);

/** Path below that folder; call it only inside suites that `describe.skipIf(shared === undefined)` guards. */
export function sharedPath(...parts: readonly string[]): string {
  return join(shared ?? '', ...parts);
}

/** Says why a suite does not run, so that a green result is not read as more than it is. */
export function skippedWithoutShared(suite: string): boolean {
  if (shared !== undefined) return false;
  process.stdout.write(`skipped: ${suite} (no shared test material; set PRESENCE_SHARED)\n`);
  return true;
}
