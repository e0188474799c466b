import { chownSync, statSync } from 'node:fs';

/**
 * Gives a file that this process made to the owner of `like`, when this process is the administrator's: a command run with
 * `sudo` must not leave files that the service cannot read. Others cannot give files away, and need not.
 */
export function handOver(path: string, like: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(like);
  chownSync(path, uid, gid);
}
