import { dirname } from 'node:path';

/**
 * Whether others than the owner of a file that holds a secret have rights to it; `mode` as `stat` gives it. A credential of
 * systemd may show rights of the group: the service's user reads it by an ACL, whose mask stands in their place.
 */
export function isOpenToOthers(file: string, mode: number): boolean {
  if (process.platform === 'win32') return false;
  return (mode & (dirname(file) === process.env['CREDENTIALS_DIRECTORY'] ? 0o007 : 0o077)) !== 0;
}
