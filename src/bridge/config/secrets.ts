import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isOpenToOthers } from '../../system/open-to-others.js';

const MAX_SECRET_BYTES = 4096;
const CREDENTIAL = 'credential:';

/**
 * Reads a secret from a file: the first line, without line end. `credential:NAME` names a credential of systemd
 * (`LoadCredential=`), otherwise it is a path relative to `folder`. Throws `Error` with a sentence for the reader; the
 * content never appears in it.
 */
export function readSecret(reference: string, folder: string): string {
  const path = secretPath(reference, folder);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new Error(`the secret file ${path} does not exist`);
  if (!found.isFile()) throw new Error(`${path} is not a file`);
  if (found.size > MAX_SECRET_BYTES)
    throw new Error(`the secret file ${path} is larger than ${MAX_SECRET_BYTES} bytes`);
  if (isOpenToOthers(path, found.mode)) {
    throw new Error(`the secret file ${path} can be read by others; run: chmod 600 ${path}`);
  }
  const secret = readFileSync(path, 'utf8').split(/\r?\n/, 1)[0] ?? '';
  if (secret === '') throw new Error(`the secret file ${path} is empty`);
  return secret;
}

/**
 * Absolute path of a file that the configuration names, relative to `folder`; `credential:NAME` is a credential of systemd.
 * Throws `Error` with a sentence for the reader when systemd gave none.
 */
export function secretPath(reference: string, folder: string): string {
  if (!reference.startsWith(CREDENTIAL)) return resolve(folder, reference);
  const credentials = process.env['CREDENTIALS_DIRECTORY'];
  if (credentials === undefined) {
    const advice = 'outside the service set CREDENTIALS_DIRECTORY to the folder that holds the secret';
    throw new Error(`systemd gave no credentials; ${advice}`);
  }
  return join(credentials, reference.slice(CREDENTIAL.length));
}
